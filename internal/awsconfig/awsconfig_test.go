package awsconfig_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"trunkline/internal/awsconfig"
)

// alone keeps the machine's own AWS configuration out of a test.
func alone(t *testing.T) {
	t.Helper()
	for _, name := range []string{"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "none"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
}

func TestRegion(t *testing.T) {
	alone(t)
	if _, err := (awsconfig.Config{}).Load(t.Context()); err == nil {
		t.Error("no region was asked for")
	}
	for _, tc := range []struct {
		config awsconfig.Config
		env    string
		want   string
	}{
		{awsconfig.Config{Region: "eu-central-1"}, "eu-west-1", "eu-central-1"},
		{awsconfig.Config{}, "eu-west-1", "eu-west-1"},
		{awsconfig.Config{Endpoint: "https://store.example"}, "", "us-east-1"},
		{awsconfig.Config{Endpoint: "https://store.example"}, "eu-west-1", "eu-west-1"},
	} {
		t.Setenv("AWS_REGION", tc.env)
		c, err := tc.config.Load(t.Context())
		if err != nil || c.Region != tc.want || aws.ToString(c.BaseEndpoint) != tc.config.Endpoint {
			t.Errorf("%+v with %q: region %q at %q, %v", tc.config, tc.env, c.Region, aws.ToString(c.BaseEndpoint), err)
		}
	}
	if _, err := (awsconfig.Config{Region: "eu-west-1", Profile: "absent"}).Load(t.Context()); err == nil {
		t.Error("a profile that is not there was taken")
	}
}

// TestFaults holds that each refusal of AWS is told as what it is, with a cure.
func TestFaults(t *testing.T) {
	alone(t)
	for _, tc := range []struct {
		status int
		code   string
		want   awsconfig.Fault
	}{
		{403, "SignatureDoesNotMatch", awsconfig.BadCredentials},
		{403, "InvalidAccessKeyId", awsconfig.BadCredentials},
		{400, "ExpiredToken", awsconfig.Expired},
		{403, "RequestTimeTooSkewed", awsconfig.Skewed},
		{403, "AccessDenied", awsconfig.Forbidden},
		{404, "NoSuchBucket", awsconfig.NoBucket},
		{301, "PermanentRedirect", awsconfig.WrongRegion},
		{400, "AuthorizationHeaderMalformed", awsconfig.WrongRegion},
		{403, "", awsconfig.Forbidden},
		{404, "NoSuchKey", awsconfig.Unknown},
		{500, "InternalError", awsconfig.Unknown},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(tc.status)
			if tc.code != "" {
				_, _ = w.Write([]byte("<Error><Code>" + tc.code + "</Code><Message>no</Message></Error>"))
			}
		}))
		t.Setenv("AWS_ACCESS_KEY_ID", "test")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
		got := ask(t, server.URL)
		server.Close()
		if got != tc.want || (got != awsconfig.Unknown) != (got.Cure() != "") {
			t.Errorf("%d %s is told as %d (%q), want %d", tc.status, tc.code, got, got.Cure(), tc.want)
		}
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	if got := ask(t, "http://127.0.0.1:1"); got != awsconfig.NoCredentials {
		t.Errorf("without credentials: %d", got)
	}
}

func ask(t *testing.T, endpoint string) awsconfig.Fault {
	t.Helper()
	client, err := awsconfig.Config{Endpoint: endpoint, PathStyle: true}.S3(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("runs")})
	if err == nil {
		t.Fatal("nothing was refused")
	}
	return awsconfig.FaultOf(err)
}
