package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"trunkline/internal/httpx"
)

// Class is what a caller does about an error.
type Class int

// The classes.
const (
	Unknown     Class = iota
	Unavailable       // down, or busy past our retries: later
	Damaged           // an answer that cannot be read, also after retries: later
	Spent             // the day's calls are spent, or as much of them as we may: tomorrow
	Denied            // credentials, permissions or the organisation's settings: a person must act
	Refused           // the request makes no sense to this organisation: a person must act
	TooSlow           // the query ran too long: ask for less
	Expired           // the further pages of a query are gone: ask again
	Absent            // no such thing, or no longer
	NoBulk            // Bulk does not serve this object: use REST
	JobFailed         // a Bulk job failed
)

// Error is what Salesforce answered in place of a result.
type Error struct {
	Class   Class
	Login   bool   // the login ended so
	Status  int    // of HTTP; 0 if there was no answer
	Code    string // Salesforce's own, like MALFORMED_QUERY; may be empty
	Message string // Salesforce's own, on one line; may be empty
	Err     error  // the call and how it ended; may be nil
}

// Error gives the call, the code and the message.
func (e *Error) Error() string {
	var parts []string
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	for _, p := range []string{e.Code, e.Message} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ": ")
}

// Unwrap gives the call's error.
func (e *Error) Unwrap() error { return e.Err }

// ClassOf gives the class of an error, Unknown for any that is not of this package.
func ClassOf(err error) Class {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	return Unknown
}

// classify makes an Error of what httpx gives. Errors of the context and of a login stay what they are.
func classify(err error) error {
	var own *Error
	if err == nil || errors.As(err, &own) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var status *httpx.StatusError
	if !errors.As(err, &status) {
		return &Error{Class: Unavailable, Err: err}
	}
	code, message := explain(status.Body)
	return &Error{Class: classOf(status.Code, code, message), Status: status.Code, Code: code, Message: message, Err: err}
}

// classes are the codes that mean the same whatever the status says.
var classes = map[string]Class{
	"QUERY_TIMEOUT":                   TooSlow,
	"INVALID_QUERY_LOCATOR":           Expired,
	"INVALIDENTITY":                   NoBulk,
	"MALFORMED_QUERY":                 Refused,
	"INVALID_FIELD":                   Refused,
	"INVALID_TYPE":                    Refused,
	"INVALID_SESSION_ID":              Denied,
	"INVALID_AUTH_HEADER":             Denied,
	"API_DISABLED_FOR_ORG":            Denied,
	"TXN_SECURITY_METERING_ERROR":     Denied,
	"LIMIT_EXCEEDED":                  Spent,
	"EXCEEDED_ID_LIMIT":               Refused,
	"QUERY_TOO_COMPLICATED":           Refused,
	"OPERATION_TOO_LARGE":             TooSlow,
	"SERVER_UNAVAILABLE":              Unavailable,
	"INVALID_REPLICATION_DATE":        Refused,
	"UNSUPPORTED_API_VERSION":         Refused,
	"ENTITY_IS_DELETED":               Absent,
	"NOT_FOUND":                       Absent,
	"INVALIDJOBSTATE":                 Absent,
	"INSUFFICIENT_ACCESS":             Denied,
	"INSUFFICIENT_ACCESS_OR_READONLY": Denied,
}

func classOf(status int, code, message string) Class {
	if code == "REQUEST_LIMIT_EXCEEDED" && status == http.StatusForbidden {
		if concurrent(message) {
			return Unavailable
		}
		return Spent
	}
	if c, ok := classes[code]; ok {
		return c
	}
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return Denied
	case status == http.StatusNotFound:
		return Absent
	case passing(status):
		return Unavailable
	case status < 300:
		return Damaged
	case status < 500:
		return Refused
	default:
		return Unavailable
	}
}

func concurrent(message string) bool { return strings.Contains(message, "Concurrent") }

// passing are the statuses that another attempt may not meet again. 406 and 420 come without a body when a server is
// overloaded.
func passing(status int) bool {
	switch status {
	case http.StatusNotAcceptable, 420, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	}
	return status >= 500
}

// verdict tells httpx what to do.
func verdict(e *httpx.StatusError) httpx.Verdict {
	code, message := explain(e.Body)
	switch {
	case e.Code == http.StatusUnauthorized && code != "INVALID_AUTH_HEADER": // a new token would not cure that one
		return httpx.Relogin
	case e.Code == http.StatusForbidden && code == "REQUEST_LIMIT_EXCEEDED" && concurrent(message):
		return httpx.Retry
	case code != "" && classes[code] != Unknown && classes[code] != Unavailable:
		return httpx.Fatal
	case passing(e.Code):
		return httpx.Retry
	default:
		return httpx.Fatal
	}
}

var codePattern = regexp.MustCompile(`"(?:errorCode|error)"\s*:\s*"(\w+)"`)

// explain finds code and message in the body of an error, which may be an array, an object (of the API, or of OAuth), cut off,
// HTML, or nothing.
func explain(body []byte) (code, message string) {
	type problem struct {
		ErrorCode   string `json:"errorCode"`
		Message     string `json:"message"`
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	var many []problem
	var one problem
	switch {
	case json.Unmarshal(body, &many) == nil && len(many) > 0:
		one = many[0]
	case json.Unmarshal(body, &one) == nil:
	default:
		if m := codePattern.FindSubmatch(body); m != nil {
			return string(m[1]), ""
		}
		return "", ""
	}
	return one.ErrorCode + one.Error, oneLine(one.Message + one.Description)
}

// longest is how much of a message is kept.
const longest = 500

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "") + "…"
	}
	return s
}

func damaged(format string, args ...any) error {
	return &Error{Class: Damaged, Err: fmt.Errorf(format, args...)}
}
