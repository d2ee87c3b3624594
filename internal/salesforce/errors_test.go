package salesforce

import (
	"net/http"
	"strings"
	"testing"

	"trunkline/internal/httpx"
)

func TestErrorTable(t *testing.T) {
	array := func(code, message string) string { return `[{"message":"` + message + `","errorCode":"` + code + `"}]` }
	for _, c := range []struct {
		status  int
		body    string
		verdict httpx.Verdict
		class   Class
	}{
		{401, array("INVALID_SESSION_ID", "Session expired or invalid"), httpx.Relogin, Denied},
		{401, "", httpx.Relogin, Denied},
		{401, array("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"), httpx.Fatal, Denied},
		{403, array("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), httpx.Fatal, Spent},
		{403, array("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."), httpx.Retry, Unavailable},
		{403, array("API_DISABLED_FOR_ORG", "no"), httpx.Fatal, Denied},
		{403, array("INSUFFICIENT_ACCESS", "no"), httpx.Fatal, Denied},
		{403, array("NEVER_HEARD_OF", "no"), httpx.Fatal, Denied},
		{400, array("MALFORMED_QUERY", `\nSELECT x\n  ^\nERROR at Row:1`), httpx.Fatal, Refused},
		{400, array("INVALID_FIELD", "x"), httpx.Fatal, Refused},
		{400, array("INVALID_TYPE", "x"), httpx.Fatal, Refused},
		{400, array("QUERY_TIMEOUT", "x"), httpx.Fatal, TooSlow},
		{500, array("QUERY_TIMEOUT", "x"), httpx.Fatal, TooSlow},
		{400, array("LIMIT_EXCEEDED", "x"), httpx.Fatal, Spent},
		{400, array("INVALID_QUERY_LOCATOR", "x"), httpx.Fatal, Expired},
		{400, array("INVALIDENTITY", "x"), httpx.Fatal, NoBulk},
		{400, array("TXN_SECURITY_METERING_ERROR", "x"), httpx.Fatal, Denied},
		{300, `["/services/data/v23.0/sobjects/Whizbang/foo"]`, httpx.Fatal, Refused},
		{404, array("NOT_FOUND", "x"), httpx.Fatal, Absent},
		{404, "<html>", httpx.Fatal, Absent},
		{406, "", httpx.Retry, Unavailable},
		{420, "", httpx.Retry, Unavailable},
		{409, array("API_ERROR", "version"), httpx.Fatal, Refused},
		{410, array("GONE", "retired"), httpx.Fatal, Refused},
		{414, "<h1>Bad Message 414</h1>", httpx.Fatal, Refused},
		{431, "<h1>Bad Message 431</h1>", httpx.Fatal, Refused},
		{429, array("REQUEST_LIMIT_EXCEEDED", "slow down"), httpx.Retry, Unavailable},
		{500, array("UNKNOWN_EXCEPTION", "x"), httpx.Retry, Unavailable},
		{502, "<html>Bad gateway</html>", httpx.Retry, Unavailable},
		{503, array("SERVER_UNAVAILABLE", "x"), httpx.Retry, Unavailable},
		{503, `{"errorCode":"SERVER_UNAVAILABLE","message":"x"}`, httpx.Retry, Unavailable},
		{503, "<html>Down</html>", httpx.Retry, Unavailable},
		{503, "", httpx.Retry, Unavailable},
		{400, array("MALFORMED_QUERY", strings.Repeat("x", 9000))[:4096], httpx.Fatal, Refused},
	} {
		e := &httpx.StatusError{Method: http.MethodGet, Path: "/x", Code: c.status, Body: []byte(c.body)}
		if got := verdict(e); got != c.verdict {
			t.Errorf("%d %.60s: verdict %v, want %v", c.status, c.body, got, c.verdict)
		}
		err := classify(e)
		if got := ClassOf(err); got != c.class {
			t.Errorf("%d %.60s: class %v, want %v", c.status, c.body, got, c.class)
		}
		if strings.ContainsAny(err.Error(), "\n\r") || len(err.Error()) > 700 {
			t.Errorf("%d: the error is not one line: %q", c.status, err)
		}
	}
}

func FuzzExplain(f *testing.F) {
	for _, seed := range []string{
		`[{"message":"x","errorCode":"Y"}]`, `{"error":"invalid_grant","error_description":"x"}`, `["/a","/b"]`, `<html>`, ``, `null`, `[null]`, `[{"errorCode":"CUT`,
		`[{"errorCode":"CUT","mess`,
	} {
		f.Add([]byte(seed), 400)
	}
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		if _, message := explain(body); strings.ContainsAny(message, "\n\r") || len(message) > longest+3 {
			t.Errorf("%q", message)
		}
		e := &httpx.StatusError{Code: status, Body: body}
		verdict(e)
		if ClassOf(classify(e)) == Unknown {
			t.Errorf("%d %q has no class", status, body)
		}
	})
}
