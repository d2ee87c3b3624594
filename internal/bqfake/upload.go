package bqfake

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
)

// upload is a resumable upload that was begun.
type upload struct {
	job   *job
	fault Fault
	media bytes.Buffer
}

// uploadJob takes a load job with its file: in one request of two parts, or piece by piece.
func (s *Server) uploadJob(w http.ResponseWriter, r *http.Request) (any, error) {
	switch kind := r.URL.Query().Get("uploadType"); {
	case kind == "multipart":
		return s.uploadParts(r)
	case kind == "resumable" && r.URL.Query().Get("upload_id") == "":
		return s.beginUpload(w, r)
	case kind == "resumable":
		return s.uploadPiece(w, r)
	default:
		return nil, bad("Unknown uploadType %q", kind)
	}
}

func (s *Server) uploadParts(r *http.Request) (any, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/related" {
		return nil, bad("An upload of two parts is %q", kind)
	}
	parts := multipart.NewReader(r.Body, parameters["boundary"])
	described, err := nextPart(parts)
	if err != nil {
		return nil, err
	}
	j, err := s.readJob(described)
	if err != nil {
		return nil, err
	}
	f, err := s.begin(r, "jobs.insert", j.step, "uploadType")
	if err != nil {
		return nil, err
	}
	media, err := nextPart(parts)
	if err != nil {
		return nil, err
	}
	if _, err := parts.NextPart(); err != io.EOF {
		return nil, bad("An upload has two parts")
	}
	return s.makeLoad(j, media, f)
}

func nextPart(parts *multipart.Reader) ([]byte, error) {
	part, err := parts.NextPart()
	if err != nil {
		return nil, bad("Missing part of the upload: %v", err)
	}
	text, err := io.ReadAll(part)
	if err != nil {
		return nil, bad("The upload ended early: %v", err)
	}
	return text, nil
}

func (s *Server) makeLoad(j *job, media []byte, f Fault) (any, error) {
	if j.wire.Configuration.Load == nil {
		return nil, bad("An upload belongs to a load job")
	}
	return s.make(j, media, f)
}

// beginUpload tells where the pieces go.
func (s *Server) beginUpload(w http.ResponseWriter, r *http.Request) (any, error) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	j, err := s.readJob(text)
	if err != nil {
		return nil, err
	}
	f, err := s.begin(r, "jobs.insert", j.step, "uploadType")
	if err != nil {
		return nil, err
	}
	id := strconv.Itoa(len(s.uploads) + 1)
	s.uploads[id] = &upload{job: j, fault: f}
	w.Header().Set("Location", strings.TrimSuffix(s.URL, "/")+r.URL.Path+"?uploadType=resumable&upload_id="+id)
	return map[string]any{}, nil
}

// uploadPiece takes the next piece; it must begin where the last one ended.
func (s *Server) uploadPiece(w http.ResponseWriter, r *http.Request) (any, error) {
	u := s.uploads[r.URL.Query().Get("upload_id")]
	if u == nil {
		return nil, refuse(http.StatusNotFound, "notFound", "Not found: the upload")
	}
	s.calls["upload"]++
	if f, ok := s.fault("upload", u.job.step); ok && f.CutBefore {
		return nil, errCut{}
	}
	span, ok := strings.CutPrefix(r.Header.Get("Content-Range"), "bytes ")
	place, whole, _ := strings.Cut(span, "/")
	from, _, _ := strings.Cut(place, "-")
	if !ok || place != "*" && from != strconv.Itoa(u.media.Len()) {
		return nil, bad("Content-Range %q after %d bytes", r.Header.Get("Content-Range"), u.media.Len())
	}
	if _, err := u.media.ReadFrom(r.Body); err != nil {
		return nil, bad("The upload ended early: %v", err)
	}
	if whole == "*" {
		w.Header().Set("X-Http-Status-Code-Override", "308")
		w.Header().Set("Range", "bytes=0-"+strconv.Itoa(u.media.Len()-1))
		return map[string]any{}, nil
	}
	if whole != strconv.Itoa(u.media.Len()) {
		return nil, bad("%d bytes were uploaded of %s", u.media.Len(), whole)
	}
	delete(s.uploads, r.URL.Query().Get("upload_id"))
	return s.makeLoad(u.job, u.media.Bytes(), u.fault)
}
