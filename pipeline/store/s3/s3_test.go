package s3_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"trunkline/internal/awsconfig"
	"trunkline/pipeline"
	"trunkline/pipeline/store"
	"trunkline/pipeline/store/s3"
	"trunkline/pipeline/storetest"
)

// identity gives a test an identity of their own.
func identity(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_REGION": "",
		"AWS_CONFIG_FILE": filepath.Join(t.TempDir(), "none"), "AWS_SHARED_CREDENTIALS_FILE": filepath.Join(t.TempDir(), "none"),
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "2",
	} {
		t.Setenv(name, value)
	}
}

// fake serves S3 from memory and counts what it is asked.
type fake struct {
	handler http.Handler
	gets    atomic.Int64
	parts   atomic.Int64
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodGet && !r.URL.Query().Has("list-type"):
		f.gets.Add(1)
	case r.Method == http.MethodPut && r.URL.Query().Has("partNumber"):
		f.parts.Add(1)
	}
	f.handler.ServeHTTP(w, r)
}

// serve gives a fake with a bucket, and where it is.
func serve(t *testing.T) (f *fake, url string) {
	t.Helper()
	memory := s3mem.New()
	if err := memory.CreateBucket("runs"); err != nil {
		t.Fatal(err)
	}
	f = &fake{handler: gofakes3.New(memory).Server()}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, server.URL
}

func open(t *testing.T, url string, change func(*s3.Config)) *store.Store {
	t.Helper()
	c := s3.Config{
		AWS: awsconfig.Config{Endpoint: url, PathStyle: true}, Bucket: "runs", Prefix: "/acme/prod/",
		Options: store.Options{Scratch: t.TempDir()},
	}
	if change != nil {
		change(&c)
	}
	s, err := s3.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestS3KeepsThePromisesOfAStore(t *testing.T) {
	identity(t)
	storetest.Test(t, func(t *testing.T) storetest.Place {
		_, url := serve(t)
		return func(t *testing.T) store.Locked { return open(t, url, nil) }
	})
}

// A file is fetched once, however often and wherever it is read, and not at all by who wrote it.
func TestAFileIsFetchedOnce(t *testing.T) {
	identity(t)
	f, url := serve(t)
	ours, theirs := open(t, url, nil), open(t, url, nil)
	w, err := ours.Create("dir/file")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 40<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n := f.parts.Load(); n != 3 {
		t.Errorf("40 MiB were sent in %d parts", n)
	}
	for _, s := range []*store.Store{ours, theirs, theirs} {
		f.gets.Store(0)
		r, err := s.Open("dir/file")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			if _, err := r.ReadAt(make([]byte, 100), int64(i)*100_000); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if n := f.gets.Load(); n != 1 {
			t.Errorf("it was asked for %d times", n)
		}
	}
}

func TestEncryptionIsAskedFor(t *testing.T) {
	identity(t)
	_, url := serve(t)
	asked := make(chan http.Header, 8)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Header.Clone()
		http.Redirect(w, r, url, http.StatusTeapot)
	}))
	t.Cleanup(front.Close)
	s := open(t, front.URL, func(c *s3.Config) { c.SSE, c.KMSKey = "aws:kms", "alias/runs" })
	for _, size := range []int{10, 20 << 20} {
		w, err := s.Create("file")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(make([]byte, size)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err == nil {
			t.Fatal("a teapot kept it")
		}
		h := <-asked
		if h.Get("X-Amz-Server-Side-Encryption") != "aws:kms" || h.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id") != "alias/runs" {
			t.Errorf("%d bytes: %v", size, h)
		}
	}
}

// Each refusal is told as what a person can mend.
func TestRefusalsHaveACure(t *testing.T) {
	identity(t)
	_, url := serve(t)
	for name, tc := range map[string]struct {
		status int
		code   string
		kind   pipeline.Kind
		cure   string
	}{
		"denied":         {403, "AccessDenied", pipeline.Denied, "permission"},
		"a wrong secret": {403, "SignatureDoesNotMatch", pipeline.Denied, "AWS_SECRET_ACCESS_KEY"},
		"expired":        {400, "ExpiredToken", pipeline.Denied, "log in again"},
		"another region": {301, "PermanentRedirect", pipeline.Misuse, "region"},
		"a wrong clock":  {403, "RequestTimeTooSkewed", pipeline.Misuse, "NTP"},
		"no bucket":      {404, "NoSuchBucket", pipeline.Misuse, "bucket"},
		"down":           {503, "SlowDown", pipeline.Upstream, "later"},
	} {
		t.Run(name, func(t *testing.T) {
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte("<Error><Code>" + tc.code + "</Code><Message>no</Message></Error>"))
			}))
			defer front.Close()
			s := open(t, front.URL, nil)
			_, opening := s.Open("dir/file")
			_, listing := s.List("dir")
			_, locking := s.Lock(t.Context(), "me")
			w, err := s.Create("dir/file")
			if err != nil {
				t.Fatal(err)
			}
			for what, err := range map[string]error{"open": opening, "list": listing, "lock": locking, "write": w.Close()} {
				wantsCure(t, what, err, tc.kind, tc.cure)
			}
		})
	}
	s := open(t, url, func(c *s3.Config) { c.Bucket = "none" })
	_, err := s.Open("dir/file")
	wantsCure(t, "no such bucket", err, pipeline.Misuse, "bucket")
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	_, err = open(t, url, nil).List("")
	wantsCure(t, "no identity", err, pipeline.Denied, "AWS identity")
	if _, err = s3.Open(t.Context(), s3.Config{Bucket: "runs"}); err == nil {
		t.Error("no region was missed")
	}
}

func wantsCure(t *testing.T, what string, err error, kind pipeline.Kind, cure string) {
	t.Helper()
	known, ok := errors.AsType[*pipeline.Error](err)
	if !ok || known.Code != "TL2003" || known.Kind != kind || !strings.Contains(known.Cure, cure) {
		t.Errorf("%s: %v, want TL2003 of kind %d whose cure speaks of %q", what, err, kind, cure)
	}
}

// The lock of a holder that was killed is left as it is: whoever comes later gets it when it has been still for as long as its lease.
func TestALockThatWasLeftFreesItself(t *testing.T) {
	identity(t)
	_, url := serve(t)
	client, err := (awsconfig.Config{Endpoint: url, PathStyle: true}).S3(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lease := 300 * time.Millisecond
	left, err := json.Marshal(map[string]any{
		"owner": "killed, process 9", "since": time.Now(), "token": "t", "renewed": 3, "until": time.Now().Add(lease), "lease_ns": lease,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PutObject(context.Background(), &awss3.PutObjectInput{
		Bucket: aws.String("runs"), Key: aws.String("acme/prod/.lock"), Body: strings.NewReader(string(left)),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, url, func(c *s3.Config) { c.Lease = lease })
	if _, err := s.Lock(t.Context(), "too early"); err == nil || !strings.Contains(err.Error(), "killed, process 9") {
		t.Errorf("while it may live: %v", err)
	}
	time.Sleep(lease)
	began := time.Now()
	release, err := s.Lock(t.Context(), "next")
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < lease {
		t.Errorf("it was taken over after %v", took)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}
