package gcs_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/fsouza/fake-gcs-server/fakestorage"

	"trunkline/pipeline"
	"trunkline/pipeline/store"
	"trunkline/pipeline/store/gcs"
	"trunkline/pipeline/storetest"
)

// serve gives the address of a fake Google Cloud Storage with a bucket.
func serve(t *testing.T) string {
	t.Helper()
	fake, err := fakestorage.NewServerWithOptions(fakestorage.Options{Scheme: "http", Host: "127.0.0.1", Writer: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Stop)
	fake.CreateBucketWithOpts(fakestorage.CreateBucketOpts{Name: "runs"})
	return fake.URL() + "/storage/v1/"
}

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := gcs.Open(t.Context(), gcs.Config{
		Bucket: "runs", Prefix: "/acme/prod/", Endpoint: url, Options: store.Options{Scratch: t.TempDir()},
	})
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

func TestGCSKeepsThePromisesOfAStore(t *testing.T) {
	t.Parallel()
	storetest.Test(t, func(t *testing.T) storetest.Place {
		url := serve(t)
		return func(t *testing.T) store.Locked { return open(t, url) }
	})
}

func TestDoctorIsContent(t *testing.T) {
	t.Parallel()
	for _, p := range open(t, serve(t)).Check(t.Context()) {
		if p.Err != nil {
			t.Errorf("%s: %v", p.Name, p.Err)
		}
	}
}

// Each refusal is told as what a person can mend.
func TestRefusalsHaveACure(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]struct {
		kind pipeline.Kind
		cure string
	}{
		401: {pipeline.Denied, "credentials"},
		403: {pipeline.Denied, "permission"},
		404: {pipeline.Misuse, "bucket"},
	} {
		front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, `{"error":{"code":%d,"message":"no"}}`, status)
		}))
		s := open(t, front.URL+"/storage/v1/")
		_, listing := s.List("dir")
		w, err := s.Create("dir/file")
		if err != nil {
			t.Fatal(err)
		}
		for what, err := range map[string]error{"list": listing, "write": w.Close()} {
			known, ok := errors.AsType[*pipeline.Error](err)
			if !ok || known.Code != "TL2003" || known.Kind != want.kind || !strings.Contains(known.Cure, want.cure) {
				t.Errorf("%d: %s: %v", status, what, err)
			}
		}
		front.Close()
	}
}
