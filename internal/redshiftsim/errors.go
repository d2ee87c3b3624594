package redshiftsim

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"
)

// refusal is an error as Redshift tells it.
type refusal struct {
	code, message, detail string
	position              int // of the character, from 1; 0 is none
}

// Error is the message with its SQLSTATE.
func (r *refusal) Error() string { return r.message + " (SQLSTATE " + r.code + ")" }

func refuse(code, format string, args ...any) *refusal {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	return &refusal{code: code, message: format}
}

func refuseAt(code, message string, pos int) *refusal {
	return &refusal{code: code, message: message, position: pos + 1}
}

// detailed is how Redshift lays out the details of an internal error, which clients log line by line.
func detailed(message, what string, number int, context string) *refusal {
	rule := strings.Repeat("-", 47)
	return &refusal{code: "XX000", message: message, detail: fmt.Sprintf(
		"\n  %[1]s\n  error:  %[2]s\n  code:      %[3]d\n  context:   %[4]s\n  query:     0\n  location:  redshiftsim\n  process:   padbmaster [pid=1]\n  %[1]s\n",
		rule, what, number, context)}
}

// response is the refusal as a message of the protocol.
func (r *refusal) response() *pgproto3.ErrorResponse {
	return &pgproto3.ErrorResponse{Severity: "ERROR", Code: r.code, Message: r.message, Detail: r.detail, Position: int32(r.position)}
}

// serialization is what one meets whose transaction cannot be put in a row with the others (c_serial_isolation).
func serialization() *refusal {
	return &refusal{code: "XX000", message: "1023", detail: "Serializable isolation violation on table - 100173, transactions forming the " +
		"cycle are: 9844754, 9844744 (pid:20237)"}
}

// cancelled is what a statement meets that its client cancels.
func cancelled() *refusal { return refuse("57014", "Query cancelled on user's request") }

// translated is an error of PostgreSQL in Redshift's words.
func translated(e *pgproto3.ErrorResponse) *pgproto3.ErrorResponse {
	switch {
	case e.Code == "40001":
		return serialization().response()
	case e.Code == "23514" && strings.HasPrefix(e.ConstraintName, "bytes_"):
		n, _, _ := strings.Cut(strings.TrimPrefix(e.ConstraintName, "bytes_"), "_")
		return refuse("22001", "value too long for type character varying(%s)", n).response()
	case e.Code == "21000" && strings.Contains(e.Message, "MERGE"):
		return refuse("XX000", "Found multiple matches to update the same tuple.").response()
	case e.Code == "23502":
		return refuse("XX000", "Cannot insert a NULL value into column %s", e.ColumnName).response()
	}
	told := *e
	told.Hint, told.File, told.Line, told.Routine, told.Position, told.InternalPosition = "", "", 0, "", 0, 0
	return &told
}
