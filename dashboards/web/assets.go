package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

// The assets are bundled from assets/src by TestAssetsCommitted -update, and committed.
//
//go:embed assets/dist
var dist embed.FS

// assets are the files that pages refer to. The address of one holds a hash of what is in it, so that it never changes.
type assets struct {
	files map[string]*asset // by name in the address
	names map[string]string // by plain name
}

type asset struct {
	body, zipped []byte
	kind         string
}

func readAssets() (*assets, error) {
	a := &assets{files: map[string]*asset{}, names: map[string]string{}}
	entries, err := fs.ReadDir(dist, "assets/dist")
	if err != nil {
		return nil, fmt.Errorf("read the assets: %w", err)
	}
	for _, e := range entries {
		body, err := dist.ReadFile("assets/dist/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("read the assets: %w", err)
		}
		zipped, err := zip(body)
		if err != nil {
			return nil, fmt.Errorf("zip the asset %s: %w", e.Name(), err)
		}
		hash := sha256.Sum256(body)
		ext := path.Ext(e.Name())
		name := strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(hash[:6]) + ext
		a.files[name] = &asset{body: body, zipped: zipped, kind: mime.TypeByExtension(ext)}
		a.names[e.Name()] = name
	}
	return a, nil
}

func zip(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// serve answers with an asset.
func (a *assets) serve(w http.ResponseWriter, r *http.Request) {
	file := a.files[strings.TrimPrefix(r.URL.Path, "/assets/")]
	if file == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", file.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := file.body
	if takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = file.zipped
	}
	_, _ = w.Write(body)
}

func takesGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}
