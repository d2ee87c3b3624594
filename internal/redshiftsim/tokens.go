package redshiftsim

import (
	"strings"
	"unicode/utf8"
)

type kind int

const (
	end    kind = iota
	word        // an identifier or keyword without quotes, folded to lower case
	quoted      // an identifier in double quotes, folded as well (r_names)
	text        // a string, decoded
	number
	parameter // $1
	symbol
)

// token is a piece of a statement. val is what it means, and raw how it was written.
type token struct {
	kind kind
	val  string
	raw  string
	pos  int // of its first byte
}

// symbols are the operators and marks of the grammar, the longer ones first.
var symbols = []string{"::", "||", "<>", "!=", "<=", ">=", "!~", "(", ")", ",", ".", ";", "+", "-", "*", "/", "%", "^", "=", "<", ">", "~"}

// tokens splits a text. Anything that is no token of Redshift's is refused: dollar quotes, brackets, an open string.
func tokens(sql string) ([]token, error) {
	if !utf8.ValidString(sql) || strings.ContainsRune(sql, 0) {
		return nil, refuse("22021", "invalid byte sequence for encoding \"UNICODE\"")
	}
	var all []token
	for at := 0; ; {
		var err error
		if at, err = skipSpace(sql, at); err != nil {
			return nil, err
		}
		if at == len(sql) {
			return append(all, token{kind: end, pos: at}), nil
		}
		t, err := oneToken(sql, at)
		if err != nil {
			return nil, err
		}
		t.pos = at
		t.raw = sql[at : at+len(t.raw)]
		at += len(t.raw)
		all = append(all, t)
	}
}

// skipSpace goes over blanks and comments; comments in /* */ nest.
func skipSpace(sql string, at int) (int, error) {
	for at < len(sql) {
		switch rest := sql[at:]; {
		case strings.IndexByte(" \t\r\n\f", rest[0]) >= 0:
			at++
		case strings.HasPrefix(rest, "--"):
			line := strings.IndexByte(rest, '\n')
			if line < 0 {
				return len(sql), nil
			}
			at += line + 1
		case strings.HasPrefix(rest, "/*"):
			depth, from := 0, at
			for {
				switch {
				case strings.HasPrefix(sql[at:], "/*"):
					depth, at = depth+1, at+2
				case strings.HasPrefix(sql[at:], "*/"):
					depth, at = depth-1, at+2
				case at == len(sql):
					return 0, refuseAt("42601", "unterminated /* comment", from)
				default:
					at++
				}
				if depth == 0 {
					break
				}
			}
		default:
			return at, nil
		}
	}
	return at, nil
}

// oneToken reads the token that begins at a byte; its raw is as long as it is written.
func oneToken(sql string, at int) (token, error) {
	rest := sql[at:]
	c := rest[0]
	switch {
	case c == '\'':
		return stringToken(sql, at)
	case c == '"':
		return quotedToken(sql, at)
	case letter(c):
		n := 1
		for n < len(rest) && (letter(rest[n]) || digit(rest[n]) || rest[n] == '$') {
			n++
		}
		return token{kind: word, val: lower(rest[:n]), raw: rest[:n]}, nil
	case digit(c) || c == '.' && len(rest) > 1 && digit(rest[1]):
		n := numberLength(rest)
		if n < len(rest) && letter(rest[n]) {
			return token{}, refuseAt("42601", `syntax error at or near "`+rest[n:n+1]+`"`, at+n)
		}
		return token{kind: number, val: rest[:n], raw: rest[:n]}, nil
	case c == '$' && len(rest) > 1 && digit(rest[1]):
		n := 1
		for n < len(rest) && digit(rest[n]) {
			n++
		}
		return token{kind: parameter, val: rest[:n], raw: rest[:n]}, nil
	}
	for _, s := range symbols {
		if strings.HasPrefix(rest, s) {
			return token{kind: symbol, val: s, raw: s}, nil
		}
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return token{}, refuseAt("42601", `syntax error at or near "`+string(r)+`"`, at)
}

// stringToken reads a literal. The backslash escapes, as in PostgreSQL 8.0: \b \f \n \r \t, an octal number, or the character
// itself. Redshift has no standard_conforming_strings and no E”.
func stringToken(sql string, at int) (token, error) {
	var val strings.Builder
	for i := at + 1; i < len(sql); i++ {
		switch c := sql[i]; {
		case c == '\'' && i+1 < len(sql) && sql[i+1] == '\'':
			val.WriteByte('\'')
			i++
		case c == '\'':
			if !utf8.ValidString(val.String()) || strings.ContainsRune(val.String(), 0) {
				return token{}, refuseAt("22021", "invalid byte sequence for encoding \"UNICODE\"", at)
			}
			return token{kind: text, val: val.String(), raw: sql[at : i+1]}, nil
		case c == '\\' && i+1 < len(sql):
			i++
			n := 0
			octal := 0
			for n < 3 && i+n < len(sql) && sql[i+n] >= '0' && sql[i+n] <= '7' {
				octal = octal*8 + int(sql[i+n]-'0')
				n++
			}
			if n > 0 {
				val.WriteByte(byte(octal))
				i += n - 1
				continue
			}
			if escaped := strings.IndexByte("bfnrt", sql[i]); escaped >= 0 {
				val.WriteByte("\b\f\n\r\t"[escaped])
				continue
			}
			val.WriteByte(sql[i])
		default:
			val.WriteByte(c)
		}
	}
	return token{}, refuseAt("42601", "unterminated quoted string at or near \""+sql[at:]+"\"", at)
}

func quotedToken(sql string, at int) (token, error) {
	var val strings.Builder
	for i := at + 1; i < len(sql); i++ {
		if sql[i] != '"' {
			val.WriteByte(sql[i])
			continue
		}
		if i+1 < len(sql) && sql[i+1] == '"' {
			val.WriteByte('"')
			i++
			continue
		}
		if val.Len() == 0 {
			return token{}, refuseAt("42601", `zero-length delimited identifier at or near """"`, at)
		}
		return token{kind: quoted, val: lower(val.String()), raw: sql[at : i+1]}, nil
	}
	return token{}, refuseAt("42601", "unterminated quoted identifier at or near \""+sql[at:]+"\"", at)
}

func numberLength(s string) int {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	if n < len(s) && s[n] == '.' {
		for n++; n < len(s) && digit(s[n]); n++ {
			continue
		}
	}
	if n < len(s) && (s[n] == 'e' || s[n] == 'E') {
		m := n + 1
		if m < len(s) && (s[m] == '+' || s[m] == '-') {
			m++
		}
		if m < len(s) && digit(s[m]) {
			for n = m; n < len(s) && digit(s[n]); n++ {
				continue
			}
		}
	}
	return n
}

func letter(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// lower folds ASCII letters only, as identifiers are (r_names).
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// name writes an identifier for PostgreSQL.
func name(id string) string { return `"` + strings.ReplaceAll(id, `"`, `""`) + `"` }

// literal writes a text for PostgreSQL, whose standard_conforming_strings is on.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
