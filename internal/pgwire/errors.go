package pgwire

import (
	"regexp"
	"strings"

	bindings "github.com/duckdb/duckdb-go-bindings"
)

// Error is what a client is told: a SQLSTATE, what is wrong, and what to do about it.
type Error struct {
	Code    string
	Message string
	Hint    string
	// Position is the number of the character of the query that it is about, counted from 1; 0 is none.
	Position int32
}

// Error gives the message.
func (e *Error) Error() string { return e.Message }

// codeGaveUp is an engine that refuses all further work.
const codeGaveUp = "58000"

// engineKinds are the beginnings of what the engine says is wrong, with their SQLSTATE. The first that fits is taken.
var engineKinds = []struct {
	begins *regexp.Regexp
	code   string
}{
	{regexp.MustCompile(`^(FATAL|INTERNAL) Error|database has been invalidated`), codeGaveUp},
	{regexp.MustCompile(`attached in read-only mode`), "25006"},
	{regexp.MustCompile(`^Parser Error`), "42601"},
	{regexp.MustCompile(`^Catalog Error: Table (with name|Function)`), "42P01"},
	{regexp.MustCompile(`^Catalog Error: (Scalar|Aggregate|Macro)?.*[Ff]unction`), "42883"},
	{regexp.MustCompile(`^Catalog Error: Schema`), "3F000"},
	{regexp.MustCompile(`^Catalog Error: Type`), "42704"},
	{regexp.MustCompile(`^Catalog Error`), "42P01"},
	{regexp.MustCompile(`^Binder Error: (Referenced column|Table ".*" does not have a column|Values list ".*" does not have a column)`), "42703"},
	{regexp.MustCompile(`^Binder Error: Referenced table`), "42P01"},
	{regexp.MustCompile(`^Binder Error: No function matches`), "42883"},
	{regexp.MustCompile(`^Binder Error: Ambiguous`), "42702"},
	{regexp.MustCompile(`^Binder Error: column .* must appear in the GROUP BY`), "42803"},
	{regexp.MustCompile(`^Binder Error: Cannot (compare|mix)`), "42804"},
	{regexp.MustCompile(`^Binder Error`), "42601"},
	{regexp.MustCompile(`^Conversion Error`), "22P02"},
	{regexp.MustCompile(`^Out of Range Error`), "22003"},
	{regexp.MustCompile(`^(Invalid Input|Invalid type|Mismatch Type) Error`), "22023"},
	{regexp.MustCompile(`^Out of Memory Error`), "53200"},
	{regexp.MustCompile(`^INTERRUPT Error`), "57014"},
	{regexp.MustCompile(`^(Permission|Settings) Error`), "42501"},
	{regexp.MustCompile(`^Not implemented Error`), "0A000"},
	{regexp.MustCompile(`^IO Error`), "58030"},
}

// kindPrefix is what the engine puts in front, and where it puts what it shows of the query after.
var (
	kindPrefix = regexp.MustCompile(`^[A-Za-z ]+ Error: `)
	afterwards = regexp.MustCompile(`(?s)\n+LINE \d+:.*$`)
)

// engineError makes of what the engine says an error with a SQLSTATE.
func engineError(kind bindings.ErrorType, message string) *Error {
	e := &Error{Code: "XX000"}
	for _, k := range engineKinds {
		if k.begins.MatchString(message) {
			e.Code = k.code
			break
		}
	}
	if kind == bindings.ErrorTypeOutOfMemory {
		e.Code = "53200"
	}
	if kind == bindings.ErrorTypeFatal || kind == bindings.ErrorTypeInternal {
		e.Code = codeGaveUp
	}
	text := kindPrefix.ReplaceAllString(afterwards.ReplaceAllString(strings.TrimSpace(message), ""), "")
	e.Message, e.Hint, _ = strings.Cut(text, "\n")
	if e.Hint = strings.TrimSpace(e.Hint); strings.Contains(e.Hint, `"pg_`) { // the catalogue is nobody's likely table
		e.Hint = ""
	}
	switch e.Code {
	case "53200":
		e.Message, e.Hint = "out of memory: the query needs more than the server's limit", "Ask for less at a time, or use a view that has it summed up."
	case codeGaveUp:
		e.Message, e.Hint = "the engine gave up: "+e.Message, "Ask again; report it if that does not help."
	}
	return e
}
