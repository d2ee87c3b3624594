package pgwire

import (
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
	// do does it, and gives the rows and the tag of the answer.
	do(s *session) (rows [][]string, tag string, err error)
}

// plainCommand is a command that has no rows.
type plainCommand struct {
	tag  string
	end  bool
	work func(s *session) error // nil: there is nothing to do
}

func (c plainCommand) columns() []column { return nil }
func (c plainCommand) ends() bool        { return c.end }
func (c plainCommand) do(s *session) ([][]string, string, error) {
	if c.work == nil {
		return nil, c.tag, nil
	}
	return nil, c.tag, c.work(s)
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

func (c showCommand) do(s *session) ([][]string, string, error) {
	if c.name != "" {
		return [][]string{{s.settings.now[c.name].value}}, "SHOW", nil
	}
	var rows [][]string
	for _, key := range slices.Sorted(maps.Keys(s.settings.now)) {
		rows = append(rows, []string{s.settings.now[key].name, s.settings.now[key].value, ""})
	}
	return rows, "SHOW", nil
}

func textColumn(name string) column {
	return column{name: name, oid: pgtype.TextOID, modifier: noModifier}
}

// answer does a command and sends its rows, which are texts: those have one form.
func (s *session) answer(c command) error {
	rows, tag, err := c.do(s)
	if err != nil {
		return err
	}
	for _, row := range rows {
		values := make([][]byte, len(row))
		for i, text := range row {
			values[i] = []byte(text)
		}
		s.out.add(&pgproto3.DataRow{Values: values})
	}
	s.out.add(&pgproto3.CommandComplete{CommandTag: []byte(tag)})
	return nil
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
		return plainCommand{tag: s.endTag(), end: true, work: func(s *session) error { return s.finish() }}, nil
	case "rollback", "abort":
		if slices.ContainsFunc(all, func(t token) bool { return t.is("to") }) {
			return plainCommand{tag: "ROLLBACK", end: true, work: rollbackTo}, nil
		}
		return plainCommand{tag: "ROLLBACK", end: true, work: func(s *session) error { return s.finish() }}, nil
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
	case "close":
		return plainCommand{tag: "CLOSE CURSOR"}, nil
	case "unlisten":
		return plainCommand{tag: "UNLISTEN"}, nil
	case "declare", "fetch", "move":
		return nil, &Error{Code: "0A000", Message: "cursors by SQL are not understood", Hint: "Let the driver fetch in parts by the protocol (a fetch size), or all at once: results are streamed."}
	case "copy":
		return nil, &Error{Code: "42501", Message: "permission denied for COPY", Hint: `Use SELECT; in psql, \g FILE or --csv writes its result to a file.`}
	case "prepare", "execute":
		return nil, &Error{Code: "0A000", Message: first.value + " by SQL is not understood", Hint: "Let the driver prepare statements by the protocol."}
	default:
		return nil, nil
	}
}
