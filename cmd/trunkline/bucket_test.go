package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"trunkline/internal/awsconfig"
	"trunkline/loaders/redshift"
)

// gateway is the S3 service that tests run: one that checks signatures, as AWS does. The Makefile builds it.
const gateway = "bin/versitygw-v1.8.0"

const gatewaySecret = "a-secret-of-this-test"

// serveS3 starts a gateway to a folder, with a bucket runs, and gives this process its keys.
func serveS3(t *testing.T) (url string) {
	t.Helper()
	binary, err := filepath.Abs(filepath.Join("..", "..", gateway))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(binary); err != nil {
		t.Fatalf("%v; build it with: make %s", err, gateway)
	}
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "trunkline", "AWS_SECRET_ACCESS_KEY": gatewaySecret, "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_REGION": "us-east-1",
		"AWS_CONFIG_FILE": filepath.Join(t.TempDir(), "none"), "AWS_SHARED_CREDENTIALS_FILE": filepath.Join(t.TempDir(), "none"),
	} {
		t.Setenv(name, value)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	server := exec.CommandContext(ctx, binary, "--port", address, "--quiet", "posix", "--sidecar", t.TempDir(), t.TempDir())
	server.Env = append(os.Environ(), "ROOT_ACCESS_KEY_ID=trunkline", "ROOT_SECRET_ACCESS_KEY="+gatewaySecret)
	var out bytes.Buffer
	server.Stdout, server.Stderr = &out, &out
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = server.Wait() }) // it was killed
	url = "http://" + address
	client, err := awsconfig.Config{Endpoint: url, PathStyle: true}.S3(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if answer, err := http.Get(url); err == nil { //nolint:noctx // it answers at once or not at all
			_ = answer.Body.Close()
			break
		}
		if time.Now().After(deadline) {
			cancel()
			_ = server.Wait()
			t.Fatalf("%s does not begin:\n%s", gateway, &out)
		}
	}
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("runs")}); err != nil {
		t.Fatal(err)
	}
	return url
}

// moveToBucket keeps the stage's runs in a bucket.
func (s *stage) moveToBucket(url string) {
	s.t.Helper()
	text, err := os.ReadFile(s.config())
	if err != nil {
		s.t.Fatal(err)
	}
	in := fmt.Sprintf("store: {lease: 1s, s3: {bucket: runs, prefix: acme, endpoint: %q, path_style: true}}", url)
	if err := os.WriteFile(s.config(), bytes.Replace(text, []byte("store: {path: runs}"), []byte(in), 1), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.wait = []string{"--wait", "1m"} // a killed run's lock frees itself, but not at once
}

// Three nights whose runs are in a bucket, each step perhaps by another process, killed at random moments: every row and cell is what
// truly happened, and every command finds the runs.
func TestNightsInABucketThatAreKilledEqualTheLedger(t *testing.T) {
	const nights = 3
	url := serveS3(t)
	s := newStage(t, 60, nights)
	s.moveToBucket(url)
	began := time.Now()
	k := newKiller(s, buildBinary(t))
	t.Logf("built in %v", time.Since(began))
	for day := range nights {
		k.night(day, 2)
		t.Logf("night %d ended after %v, %d kills", day, time.Since(began), k.kills)
	}
	for k.kills == 0 { // a fast machine is through too often before its time comes
		k.kill(nights-1, k.typical, "run", "--again")
	}
	k.s.mustEnd(k.binary, nights-1)
	t.Logf("%d kills; the next step to do was %v; %v", k.kills, k.inside, time.Since(began))
	wantTruth(t, s, nights-1)
	if _, err := os.Stat(filepath.Join(s.dir, "runs")); err == nil {
		t.Error("runs were kept in a folder")
	}

	run := "nightly/" + s.window(nights-1).From.Format("2006-01-02T15-04-05Z")
	for _, tc := range []struct{ command, want string }{
		{"status", "lost       nothing"},
		{"runs", run},
		{"runs " + run, "load/warehouse"},
		{"plan --date " + s.date(nights-1), "done"},
		{"rejects list " + run, "source"},
		{"doctor", "ok    store: lock: writes on a condition are honoured"},
	} {
		if code, out := s.told(tc.command); code != 0 || !strings.Contains(out, tc.want) {
			t.Errorf("%s: exit code %d:\n%s", tc.command, code, out)
		}
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "not-the-secret-of-this-test")
	for _, command := range []string{"status", "run --date " + s.date(nights-1)} {
		code, out := s.told(command)
		if code != exitDenied || !strings.Contains(out, "TL2003") || !strings.Contains(out, "SignatureDoesNotMatch") ||
			!strings.Contains(out, "AWS_SECRET_ACCESS_KEY") || strings.Contains(out, "not-the-secret") {
			t.Errorf("%s with a wrong secret: exit code %d:\n%s", command, code, out)
		}
	}
}

// told gives what a command says to a user, at the centre's time.
func (s *stage) told(command string) (code int, out string) {
	var text bytes.Buffer
	a := newApp(&text, &text)
	a.now = s.now
	code = a.run(context.Background(), append(strings.Fields(command), "--config", s.config()))
	return code, text.String()
}

// Rows reach Redshift through a bucket whose service checks signatures and checksums as AWS does, from us and from COPY: three nights,
// and every row and cell is what truly happened. Nothing is left in the bucket, and a wrong key is told as what it is.
func TestRedshiftThroughABucketThatChecks(t *testing.T) {
	const nights = 3
	url := serveS3(t)
	s := newStage(t, 30, nights)
	a := newAmazonWith(t, redshift.Bucket{Name: "runs", Region: "us-east-1", Endpoint: url, PathStyle: true}, "trunkline", gatewaySecret)
	s.moveToRedshift(a)
	f := s.flow()
	for day := range nights - 1 {
		s.night(f, day, false)
		s.night(f, day, true)
	}
	s.goTo(nights - 1)
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wrong")
	if code, out := s.told("run --date " + s.date(nights-1)); code != exitDenied || !strings.Contains(out, "TL6102") {
		t.Errorf("with a wrong key: exit code %d:\n%s", code, out)
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", gatewaySecret)
	s.night(f, nights-1, false)
	wantTruth(t, s, nights-1)
	client, err := awsconfig.Config{Endpoint: url, PathStyle: true}.S3(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	left, err := client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("runs")})
	if err != nil {
		t.Fatal(err)
	}
	if len(left.Contents) > 0 {
		t.Errorf("%d objects are left, such as %s", len(left.Contents), aws.ToString(left.Contents[0].Key))
	}
}
