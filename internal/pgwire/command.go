package pgwire

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgtype"
)

// command is a statement that the server answers without the engine: transactions, settings, and what belongs to a session.
type command interface {
	// columns gives those of the answer, none if it has no rows.
	columns() []column
	// ends tells whether a transaction that failed takes it.
	ends() bool
	// do does it for a portal, and answers.
	do(ctx context.Context, p *portal) error
}

// plainCommand is a command that has no rows.
type plainCommand struct {
	tag  string
	end  bool
	work func(s *session) error // nil: there is nothing to do
}

func (c plainCommand) columns() []column { return nil }
func (c plainCommand) ends() bool        { return c.end }
func (c plainCommand) do(_ context.Context, p *portal) error {
	if c.work != nil {
		if err := c.work(p.session); err != nil {
			return err
		}
	}
	p.session.complete(c.tag)
	return nil
}

// showCommand shows settings.
type showCommand struct {
	name string // "": all of them
}

func (c showCommand) columns() []column {
	if c.name == "" {
		return []column{textColumn("name"), textColumn("setting"), textColumn("description")}
	}
	return []column{textColumn(c.name)}
}

func (c showCommand) ends() bool { return false }

func (c showCommand) do(_ context.Context, p *portal) error {
	s := p.session
	if c.name != "" {
		s.texts(s.settings.now[c.name].value)
	} else {
		for _, key := range slices.Sorted(maps.Keys(s.settings.now)) {
			s.texts(s.settings.now[key].name, s.settings.now[key].value, "")
		}
	}
	s.complete("SHOW")
	return nil
}

// texts sends a row of texts: those have one form.
func (s *session) texts(all ...string) {
	values := make([][]byte, len(all))
	for i, text := range all {
		values[i] = []byte(text)
	}
	s.out.add(&pgproto3.DataRow{Values: values})
}

// complete tells that a command is done.
func (s *session) complete(tag string) {
	s.out.add(&pgproto3.CommandComplete{CommandTag: []byte(tag)})
}

func textColumn(name string) column {
	return column{name: name, oid: pgtype.TextOID, modifier: noModifier}
}

// command gives what the server answers itself; nil is a query for the engine.
func (s *session) command(all []token) (command, error) {
	first, second := all[0], peek(all, 1)
	if first.kind != word {
		return nil, nil
	}
	switch first.value {
	case "begin", "start":
		return plainCommand{tag: strings.ToUpper(beginTag(first.value)), work: func(s *session) error { return s.open() }}, nil
	case "commit", "end":
		return plainCommand{tag: s.endTag(), end: true, work: func(s *session) error { return s.finish(true) }}, nil
	case "rollback", "abort":
		if slices.ContainsFunc(all, func(t token) bool { return t.is("to") }) {
			return plainCommand{tag: "ROLLBACK", end: true, work: rollbackTo}, nil
		}
		return plainCommand{tag: "ROLLBACK", end: true, work: func(s *session) error { return s.finish(false) }}, nil
	case "savepoint", "release":
		return plainCommand{tag: strings.ToUpper(first.value)}, nil
	case "set":
		return setCommand(all)
	case "reset":
		return plainCommand{tag: "RESET", work: reset(second.value)}, nil
	case "show":
		return s.show(all), nil
	case "discard":
		return plainCommand{tag: "DISCARD " + strings.ToUpper(second.value), work: discard(second.value)}, nil
	case "deallocate":
		return deallocate(all), nil
	case "fetch", "move":
		return s.fetch(all)
	case "close":
		return closeCursor(all)
	case "unlisten":
		return plainCommand{tag: "UNLISTEN"}, nil
	case "copy":
		return nil, &Error{Code: "42501", Message: "permission denied for COPY", Hint: `Use SELECT; in psql, \g FILE or --csv writes its result to a file.`}
	case "prepare", "execute":
		return nil, &Error{Code: "0A000", Message: first.value + " by SQL is not understood", Hint: "Let the driver prepare statements by the protocol."}
	default:
		return nil, nil
	}
}
