package genesys

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"trunkline/internal/httpx"
	"trunkline/pipeline"
)

// lenient reads what the service sends even where its text is broken: records are kept as they come, faults and all.
var lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// errorBody is what the service says with a status outside 2xx, when it says anything. The token service words it differently.
type errorBody struct {
	Code        string `json:"code"`
	Message     string `json:"message"`
	Error       string `json:"error"`
	Description string `json:"description"`
}

func parseBody(body []byte) errorBody {
	var b errorBody
	_ = json.Unmarshal(body, &b, lenient) // HTML and cut bodies say nothing
	return b
}

// codeOf gives the service's own code of an error, or nothing.
func codeOf(err error) string {
	if status, ok := errors.AsType[*httpx.StatusError](err); ok {
		return parseBody(status.Body).Code
	}
	return ""
}

func hasStatus(err error, codes ...int) bool {
	status, ok := errors.AsType[*httpx.StatusError](err)
	return ok && slices.Contains(codes, status.Code)
}

// tooLarge tells that a page must be smaller.
func tooLarge(err error) bool {
	code := codeOf(err)
	return code == "response.entity.too.large" || code == "payload.too.large" || code == "" && hasStatus(err, http.StatusRequestEntityTooLarge)
}

func misuse(what string) error {
	return &pipeline.Error{Code: "TL4100", Kind: pipeline.Misuse, What: "genesys: " + what, Cure: "Correct the genesys part of the configuration"}
}

// refusedLogin tells a refused client from a token service that is down.
func refusedLogin(err error) error {
	if !hasStatus(err, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden) {
		return err
	}
	return &pipeline.Error{
		Code: "TL4101", Kind: pipeline.Denied, What: "genesys: log in: the client was refused", Err: said(err),
		Cure: "Check client_id, client_secret and the region of base_url; the client must have the grant type Client Credentials",
	}
}

// explain turns an error of a call into one a person can act on. What a caller did, and what is explained already, stays.
func explain(doing string, err error) error {
	var known *pipeline.Error
	if err == nil || errors.As(err, &known) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	e := &pipeline.Error{What: "genesys: " + doing, Err: said(err)}
	var status *httpx.StatusError
	if !errors.As(err, &status) {
		status = &httpx.StatusError{Code: http.StatusServiceUnavailable}
	}
	switch {
	case status.Code == http.StatusUnauthorized:
		e.Code, e.Kind = "TL4102", pipeline.Denied
		e.Cure = "The token was refused although it is new: check that the client may be used from this address and is not disabled"
	case status.Code == http.StatusForbidden:
		e.Code, e.Kind = "TL4103", pipeline.Denied
		e.Cure = "Give the client's role " + permission(status)
	case status.Code == http.StatusTooManyRequests:
		e.Code, e.Kind = "TL4290", pipeline.Upstream
		e.Cure = "Lower requests_per_minute, or find out who else uses the client; then run again"
	case status.Code >= 500 || status.Code < 300 || status.Code == http.StatusRequestTimeout:
		e.Code, e.Kind = "TL4500", pipeline.Upstream
		e.Cure = "Run again later; the run goes on where it stopped"
	default:
		e.Code, e.Kind = "TL4110", pipeline.Failure
		e.Cure = "Run with the same window again; if it happens again, report it with the correlation id"
	}
	return e
}

// spoken is a status together with what the service said about it.
type spoken struct {
	err   error
	words string
}

func (s *spoken) Error() string { return s.err.Error() + ": " + s.words }
func (s *spoken) Unwrap() error { return s.err }

// said adds the service's own words to an error.
func said(err error) error {
	var status *httpx.StatusError
	if !errors.As(err, &status) {
		return err
	}
	b := parseBody(status.Body)
	var words []string
	for _, w := range []string{b.Code, b.Error, b.Message, b.Description} {
		if w != "" {
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return err
	}
	text := strings.Join(words, ": ")
	return &spoken{err, strings.TrimRight(text[:min(len(text), 500)], ".")}
}

var permissionName = regexp.MustCompile(`[A-Za-z]+:[A-Za-z]+:[A-Za-z*]+`)

// permission names what a refused call lacks: as the service says, or as the path tells.
func permission(e *httpx.StatusError) string {
	if names := permissionName.FindAllString(parseBody(e.Body).Message, -1); names != nil {
		return "the permission " + strings.Join(names, ", ")
	}
	for _, need := range needs {
		if strings.HasPrefix(e.Path, "/api/v2"+need.path) {
			return "the permission " + need.permission
		}
	}
	return "the permission that the call needs, for the divisions to be read"
}

// needs lists the permissions of the calls made, longer paths first.
var needs = []struct{ path, permission string }{
	{"/analytics/conversations/aggregates", "analytics:conversationAggregate:view"},
	{"/analytics/conversations", "analytics:conversationDetail:view"},
	{"/analytics/evaluations", "analytics:evaluationAggregate:view"},
	{"/analytics/surveys", "analytics:surveyAggregate:view"},
	{"/routing/queues", "routing:queue:view"},
	{"/routing/wrapupcodes", "routing:wrapupCode:view"},
	{"/flows", "architect:flow:view"},
	{"/conversations", "conversation:communication:view"},
}
