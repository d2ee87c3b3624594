package redshift

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"trunkline/internal/evidence"
	"trunkline/internal/redshiftsim"
	"trunkline/internal/secret"
	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
	"trunkline/schema"
)

// TestMain gives the clients of S3 an identity, and keeps the machine's own out, where not a real Redshift is to be tried.
func TestMain(m *testing.M) {
	if os.Getenv("TRUNKLINE_TEST_REDSHIFT_DSN") != "" {
		os.Exit(m.Run())
	}
	none := filepath.Join(os.TempDir(), "trunkline-no-aws-config")
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none, "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
	} {
		if err := os.Setenv(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	os.Exit(m.Run())
}

const role = "arn:aws:iam::123456789012:role/reads-staging"

// amazon is a simulated Redshift with the S3 that it reads.
type amazon struct {
	*redshiftsim.Server

	s3 *bucketServer
}

func newAmazon(t testing.TB, o redshiftsim.Options) *amazon {
	t.Helper()
	s3 := newBucketServer(t)
	o.S3Endpoint, o.S3Region = s3.url, "eu-central-1"
	o.AccessKey, o.SecretKey, o.Roles = secret.New("key"), secret.New("secret"), []string{role}
	return &amazon{Server: redshiftsim.Start(t, o), s3: s3}
}

// config is how a loader finds it, with a schema of its own.
func (a *amazon) config(schemaName string) Config {
	return Config{
		Host: a.Host, Port: a.Port, Database: a.Database, User: a.User, Password: secret.New(a.Password), Schema: schemaName,
		Plain: a.CA == "", CAFile: a.CA, Role: role,
		S3: Bucket{Name: "staging", Prefix: "in/trunkline", Region: "eu-central-1", Endpoint: a.s3.url, PathStyle: true},
	}
}

// bucketServer is an S3 in this process with one bucket, which counts what it is asked and can be told to refuse.
type bucketServer struct {
	url     string
	backend *s3mem.Backend

	mu     sync.Mutex
	asked  map[string]int // by method
	refuse func(*http.Request) (status int, code string)
}

func newBucketServer(t testing.TB) *bucketServer {
	t.Helper()
	b := &bucketServer{backend: s3mem.New(), asked: map[string]int{}}
	if err := b.backend.CreateBucket("staging"); err != nil {
		t.Fatal(err)
	}
	real := gofakes3.New(b.backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		b.asked[r.Method]++
		refuse := b.refuse
		b.mu.Unlock()
		if refuse != nil {
			if status, code := refuse(r); status != 0 {
				w.WriteHeader(status)
				_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>refused by the test</Message></Error>", code)
				return
			}
		}
		real.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

// refuses lets the server answer some requests otherwise; nil none.
func (b *bucketServer) refuses(how func(*http.Request) (int, string)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refuse = how
}

// count tells how many requests of a method there were.
func (b *bucketServer) count(method string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.asked[method]
}

// keys gives the objects that there are.
func (b *bucketServer) keys(t testing.TB) []string {
	t.Helper()
	list, err := b.backend.ListBucket("staging", nil, gofakes3.ListBucketPage{})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, c := range list.Contents {
		keys = append(keys, c.Key)
	}
	return keys
}

type simulated struct{ config Config }

func (s simulated) Open(ctx context.Context) (pipeline.Loader, error) {
	l, err := Open(ctx, s.config, "test")
	if err != nil { // not a nil *Loader in an interface
		return nil, err
	}
	return l, nil
}

func (simulated) Rows(ctx context.Context, l pipeline.Loader, table string) ([]map[string]any, error) {
	return selectAll(ctx, l.(*Loader), "select * from "+table)
}

func selectAll(ctx context.Context, l *Loader, query string) ([]map[string]any, error) {
	rows, err := l.Conn.QueryContext(ctx, query) //nolint:rowserrcheck // ReadAll does
	if err != nil {
		return nil, err
	}
	_, all, err := loadertest.ReadAll(rows)
	return all, err
}

func TestPromises(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "Redshift", evidence.Promises, evidence.Simulator)
	a, n := newAmazon(t, redshiftsim.Options{}), 0
	loadertest.Run(t, func(*testing.T) loadertest.Warehouse {
		n++
		return simulated{a.config(fmt.Sprint("promise_", n))}
	})
	if keys := a.s3.keys(t); len(keys) > 4 { // those of the batches that were not loaded
		t.Errorf("uploads are left: %q", keys)
	}
}

// The promises hold for CSV as well.
func TestPromisesOfCSV(t *testing.T) {
	t.Parallel()
	a, n := newAmazon(t, redshiftsim.Options{}), 0
	for _, p := range loadertest.Promises() {
		if p.Name != "rows come back as they were" && p.Name != "a row is replaced by its key" && p.Name != "children are replaced with their row" {
			continue
		}
		n++
		c := a.config(fmt.Sprint("promise_", n))
		c.Format = CSV
		if err := loadertest.Try(t.Context(), p, simulated{c}, t.TempDir()); err != nil {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
	if n != 3 {
		t.Errorf("%d promises were tried", n)
	}
}

func openAll(t testing.TB, c Config) *Loader {
	t.Helper()
	return openWith(t, c, schema.All()...)
}

// openWith opens a warehouse with some tables, which is sooner done.
func openWith(t testing.TB, c Config, tables ...*schema.Table) *Loader {
	t.Helper()
	l, err := Open(t.Context(), c, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := l.Migrate(t.Context(), tables); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *Loader) mustExec(t testing.TB, statement string, args ...any) {
	t.Helper()
	if _, err := l.Conn.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
}

// told expects an error that a person can act on.
func told(t *testing.T, err error, code string, kind pipeline.Kind, says ...string) {
	t.Helper()
	e, ok := errors.AsType[*pipeline.Error](err)
	if !ok || e.Code != code || e.Kind != kind || e.Cure == "" {
		t.Errorf("got %v, want %s of kind %v with a cure", err, code, kind)
		return
	}
	for _, text := range says {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%v\ndoes not say %q", err, text)
		}
	}
}
