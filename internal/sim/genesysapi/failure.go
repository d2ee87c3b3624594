package genesysapi

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// failure is an answer that is none, in the words of the service.
type failure struct {
	status     int
	code       string
	message    string
	retryAfter int               // seconds; 0 says nothing
	params     map[string]string // what was filled into the message
}

func (f *failure) Error() string { return fmt.Sprintf("%d %s: %s", f.status, f.code, f.message) }

func errNotFound(what string) error {
	return &failure{status: http.StatusNotFound, code: "not.found", message: "The requested resource was not found: " + what}
}

// refuse is a 400.
func refuse(code, format string, args ...any) error {
	return &failure{status: http.StatusBadRequest, code: code, message: fmt.Sprintf(format, args...)}
}

// beyond is the refusal of what this service does not simulate or the real one does not know.
func beyond(format string, args ...any) error {
	return refuse("constraint.validation", format, args...)
}

// errorBody is the service's shape of an error.
type errorBody struct {
	Message           string            `json:"message"`
	Code              string            `json:"code"`
	Status            int               `json:"status"`
	MessageWithParams string            `json:"messageWithParams,omitempty"`
	MessageParams     map[string]string `json:"messageParams"`
	ContextID         string            `json:"contextId"`
	Details           []any             `json:"details"`
	Errors            []any             `json:"errors"`
}

// oauthFailure is a login that failed, in the shape of OAuth.
type oauthFailure struct{ kind, description string }

func (f *oauthFailure) Error() string { return f.kind + ": " + f.description }

func writeFailure(w http.ResponseWriter, err error) {
	if o := (*oauthFailure)(nil); errors.As(err, &o) {
		writeJSON(w, http.StatusBadRequest, map[string]string{
			"error": o.kind, "description": o.description, "error_description": o.description,
		})
		return
	}
	f := &failure{status: http.StatusInternalServerError, code: "internal.server.error", message: "The server encountered an unexpected condition"}
	if !errors.As(err, &f) {
		f.message += ": " + err.Error()
	}
	if f.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(f.retryAfter))
	}
	body := errorBody{
		Message: f.message, Code: f.code, Status: f.status, MessageParams: f.params,
		ContextID: w.Header().Get("Inin-Correlation-Id"), Details: []any{}, Errors: []any{},
	}
	if body.MessageParams == nil {
		body.MessageParams = map[string]string{}
	} else {
		body.MessageWithParams = f.message
	}
	writeJSON(w, f.status, body)
}

// WriteError answers with an error of the service's shape: for faults that are made in front of the interface.
func WriteError(w http.ResponseWriter, status int, code, message string) {
	writeFailure(w, &failure{status: status, code: code, message: message})
}

// writeJSON answers with v. Nothing can be done about a caller who has left.
func writeJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil { // the shapes are this package's own
		panic(fmt.Sprintf("genesysapi: marshal %T: %v", v, err))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// uuidOf is the n-th id of a kind: the same in every run.
func uuidOf(kind string, n uint64) string {
	h := sha256.Sum256(strconv.AppendUint([]byte(kind+"/"), n, 10))
	h[6], h[8] = h[6]&0x0f|0x40, h[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
