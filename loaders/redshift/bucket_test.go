package redshift

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"trunkline/internal/redshiftsim"
	"trunkline/loaders/loadertest"
	"trunkline/schema"
)

// A large object goes up in parts and is what it was; one whose part is refused leaves nothing, and what was sent of it is given up.
func TestLargeObjectsGoInParts(t *testing.T) {
	t.Parallel()
	server := newBucketServer(t)
	store, err := Bucket{Name: "staging", Region: "eu-central-1", Endpoint: server.url, PathStyle: true}.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	store.part = 5 << 20 // the least that S3 takes
	text := make([]byte, 2*store.part+12345)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // no secret
	for i := range text {
		text[i] = byte(random.Uint32())
	}
	c := content{body: bytes.NewReader(text), size: int64(len(text)), sha256: sha256.Sum256(text)}
	for range 2 { // the second time it is there
		if err := store.put(t.Context(), "large", c); err != nil {
			t.Fatal(err)
		}
	}
	if n := server.count(http.MethodPut); n != 3 {
		t.Errorf("%d parts were sent, want 3", n)
	}
	object, err := server.backend.GetObject("staging", "large", nil)
	if err != nil {
		t.Fatal(err)
	}
	back, err := io.ReadAll(object.Contents)
	if err != nil || !bytes.Equal(back, text) {
		t.Errorf("%d bytes came back of %d, %v", len(back), len(text), err)
	}
	var mu sync.Mutex
	gaveUp := false
	server.refuses(func(r *http.Request) (int, string) {
		if r.URL.Query().Get("partNumber") == "2" {
			return http.StatusForbidden, "AccessDenied"
		}
		if r.Method == http.MethodDelete && r.URL.Query().Has("uploadId") {
			mu.Lock()
			defer mu.Unlock()
			gaveUp = true
		}
		return 0, ""
	})
	if err := store.put(t.Context(), "refused", c); err == nil || !strings.Contains(err.Error(), "part 2") {
		t.Errorf("got %v, want the part that was refused", err)
	}
	mu.Lock()
	defer mu.Unlock()
	if keys := server.keys(t); len(keys) != 1 || !gaveUp {
		t.Errorf("left: %q; the parts were given up: %v", keys, gaveUp)
	}
}

// What S3 encrypts with is asked for with each upload.
func TestUploadsAreEncrypted(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{"": "AES256", "alias/trunkline": "aws:kms alias/trunkline"} {
		server := newBucketServer(t)
		var mu sync.Mutex
		var got string
		server.refuses(func(r *http.Request) (int, string) {
			if r.Method == http.MethodPut {
				mu.Lock()
				defer mu.Unlock()
				got = strings.TrimSpace(r.Header.Get("X-Amz-Server-Side-Encryption") + " " + r.Header.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"))
			}
			return 0, ""
		})
		store, err := Bucket{Name: "staging", Region: "eu-central-1", Endpoint: server.url, PathStyle: true, KMSKey: key}.open(t.Context())
		if err == nil {
			err = store.put(context.Background(), "a", content{body: strings.NewReader("a"), size: 1, sha256: sha256.Sum256([]byte("a"))})
		}
		mu.Lock()
		if err != nil || got != want {
			t.Errorf("encrypted with %q, %v, want %q", got, err, want)
		}
		mu.Unlock()
	}
}

// An object of the same length that does not say what it holds is none of ours: it is put again.
func TestAnObjectOfAnotherContentIsReplaced(t *testing.T) {
	t.Parallel()
	server := newBucketServer(t)
	store, err := Bucket{Name: "staging", Region: "eu-central-1", Endpoint: server.url, PathStyle: true}.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, says := range []map[string]string{nil, {"X-Amz-Meta-Sha256": "another"}} {
		if _, err := server.backend.PutObject("staging", "key", says, strings.NewReader("theirs"), 6, nil); err != nil {
			t.Fatal(err)
		}
		if err := store.put(t.Context(), "key", content{strings.NewReader("ours ."), 6, sha256.Sum256([]byte("ours ."))}); err != nil {
			t.Fatal(err)
		}
		object, err := server.backend.GetObject("staging", "key", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(object.Contents); err != nil || string(got) != "ours ." {
			t.Errorf("the object holds %q, %v", got, err)
		}
	}
}

// Two warehouses that share bucket and prefix share no object, of the same content either.
func TestWarehousesDoNotShareObjects(t *testing.T) {
	t.Parallel()
	a := newAmazon(t, redshiftsim.Options{})
	one, other := a.config("one"), a.config("other")
	one.Keep = true
	b := loadertest.Batch(t, "b", queue("q1", "one"))
	for _, c := range []Config{one, other} {
		if _, err := openWith(t, c, schema.Queues).Load(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if keys := a.s3.keys(t); len(keys) != 2 { // the other has removed its own
		t.Errorf("in the bucket: %q", keys)
	}
}
