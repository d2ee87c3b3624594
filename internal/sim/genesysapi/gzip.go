package genesysapi

import (
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// zipWriter compresses a body if the caller asked for it. An answer without a body stays without.
type zipWriter struct {
	http.ResponseWriter
	asked bool
	zip   *gzip.Writer
	begun bool
}

func gzipFor(w http.ResponseWriter, r *http.Request) *zipWriter {
	return &zipWriter{ResponseWriter: w, asked: strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")}
}

// WriteHeader begins the answer.
func (z *zipWriter) WriteHeader(status int) {
	if z.begun {
		return
	}
	z.begun = true
	if z.asked && status != http.StatusNoContent {
		z.Header().Set("Content-Encoding", "gzip")
		z.Header().Add("Vary", "Accept-Encoding")
		z.zip, _ = gzip.NewWriterLevel(z.ResponseWriter, gzip.BestSpeed) // only a level that does not exist is an error
	}
	z.ResponseWriter.WriteHeader(status)
}

// Write sends a part of the body.
func (z *zipWriter) Write(p []byte) (int, error) {
	z.WriteHeader(http.StatusOK)
	if z.zip != nil {
		return z.zip.Write(p)
	}
	return z.ResponseWriter.Write(p)
}

// finish completes the body; what the caller no longer takes is lost with him.
func (z *zipWriter) finish() {
	if z.zip != nil {
		_ = z.zip.Close()
	}
}
