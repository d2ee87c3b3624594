package pgwire

import (
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"
)

// A transaction of a client pins the file: all its queries are asked of the same one. Nothing else is needed, as nothing writes.

// warn tells the client something that is no error.
func (s *session) warn(code, message string) {
	s.out.add(&pgproto3.NoticeResponse{Severity: "WARNING", SeverityUnlocalized: "WARNING", Code: code, Message: message})
}

// open begins a transaction.
func (s *session) open() error {
	if s.status != idle {
		s.warn("25001", "there is already a transaction in progress")
		return nil
	}
	s.status = inBlock
	return nil
}

// finish ends a transaction, and with it the portals but for cursors that outlive it.
func (s *session) finish(commits bool) error {
	if s.status == idle {
		s.warn("25P01", "there is no transaction in progress")
		return nil
	}
	if commits && s.status == inBlock {
		s.settle()
	}
	s.closePortals(false)
	s.status = idle
	return nil
}

// endTag is what COMMIT is answered with: a transaction that failed is rolled back.
func (s *session) endTag() string {
	if s.status == failed {
		return "ROLLBACK"
	}
	return "COMMIT"
}

// rollbackTo makes a transaction that failed usable again: there is nothing to undo.
func rollbackTo(s *session) error {
	if s.status == idle {
		return &Error{Code: "25P01", Message: "ROLLBACK TO SAVEPOINT can only be used in transaction blocks"}
	}
	s.status = inBlock
	return nil
}

func beginTag(first string) string {
	if first == "start" {
		return "start transaction"
	}
	return first
}

// setCommand understands SET and its relatives.
func setCommand(all []token) (command, error) {
	rest := all[1:]
	if peek(rest, 0).is("session") || peek(rest, 0).is("local") {
		rest = rest[1:]
	}
	if peek(rest, 0).is("characteristics") || peek(rest, 0).is("transaction") {
		return plainCommand{tag: "SET", work: transactionMode(rest)}, nil
	}
	name := peek(rest, 0).value
	if name == "role" || name == "session_authorization" || name == "authorization" {
		return nil, &Error{Code: "42501", Message: "permission denied to set role", Hint: "Connect as that role."}
	}
	values := rest
	switch {
	case peek(rest, 0).is("time") && peek(rest, 1).is("zone"):
		name, values = "TimeZone", rest[2:]
	case peek(rest, 0).is("names"):
		name, values = "client_encoding", rest[1:]
	case len(rest) > 0:
		values = rest[1:]
		for peek(values, 0).marks(".") && len(values) > 1 { // myapp.setting
			name += "." + values[1].value
			values = values[2:]
		}
		if t := peek(values, 0); !t.is("to") && t.text != "=" {
			return nil, syntaxError("SET is followed by a name, = and a value")
		}
		values = values[1:]
	}
	if name == "" || len(values) == 0 {
		return nil, syntaxError("SET is followed by a name, = and a value")
	}
	var texts []string
	for _, t := range values {
		if !t.marks(",") {
			texts = append(texts, strings.TrimSpace(t.gap+valueOf(t)))
		}
	}
	value := strings.Join(texts, ", ")
	return plainCommand{tag: "SET", work: func(s *session) error {
		warning, err := s.set(name, value)
		if warning != "" {
			s.warn("01000", warning)
		}
		return err
	}}, nil
}

// valueOf gives the value that a token stands for.
func valueOf(t token) string {
	if t.kind == word || t.kind == number || t.kind == operator {
		return t.text
	}
	return t.value
}

// transactionMode answers SET TRANSACTION: what is asked for is so already, but for writing.
func transactionMode(all []token) func(s *session) error {
	return func(s *session) error {
		for i, t := range all {
			if t.is("read") && peek(all, i+1).is("write") {
				s.warn("01000", "transactions stay read-only")
			}
		}
		return nil
	}
}

// reset puts settings back.
func reset(name string) func(s *session) error {
	return func(s *session) error {
		fresh := newSettings(s.role)
		if name == "all" {
			s.settings, s.timeout = fresh, s.server.config.Timeout
			return nil
		}
		one, known := fresh.now[name]
		if !known {
			return unrecognized(name)
		}
		s.settings.now[name] = one
		if name == "statement_timeout" {
			s.timeout = s.server.config.Timeout
		}
		return nil
	}
}

// discard forgets what a session has, as pools do between two users of a connection.
func discard(what string) func(s *session) error {
	return func(s *session) error {
		switch what {
		case "all":
			if s.status != idle {
				return &Error{Code: "25001", Message: "DISCARD ALL cannot run inside a transaction block"}
			}
			s.forgetStatements()
			s.closePortals(true)
			return reset("all")(s)
		case "plans", "sequences", "temp", "temporary":
			return nil
		default:
			return syntaxError("DISCARD is followed by ALL, PLANS, SEQUENCES or TEMP")
		}
	}
}

// deallocate forgets one prepared statement, or all.
func deallocate(all []token) command {
	rest := all[1:]
	if peek(rest, 0).is("prepare") {
		rest = rest[1:]
	}
	if name := peek(rest, 0); !name.is("all") {
		text := identifier(name)
		return plainCommand{tag: "DEALLOCATE", work: func(s *session) error {
			if s.statements[text] == nil {
				return noStatement(text)
			}
			s.forgetStatement(text)
			return nil
		}}
	}
	return plainCommand{tag: "DEALLOCATE ALL", work: func(s *session) error {
		s.forgetStatements()
		return nil
	}}
}

// show understands SHOW of a setting; nil: the engine's.
func (s *session) show(all []token) command {
	name := strings.ToLower(strings.Trim(render(all[1:], nil), ` "`))
	switch name {
	case "all":
		return showCommand{}
	case "time zone":
		name = "timezone"
	case "transaction isolation level":
		name = "transaction_isolation"
	case "session authorization":
		name = "session_authorization"
	}
	if _, known := s.settings.now[name]; !known {
		return nil
	}
	return showCommand{name: name}
}
