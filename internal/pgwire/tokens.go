package pgwire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind says what a token is.
type tokenKind byte

const (
	nothing   tokenKind = iota // there is no token
	word                       // a keyword or a name, as it stands
	quoted                     // a name in double quotes
	literal                    // a text in quotes of any kind
	parameter                  // $1
	number
	operator // one or more signs
	mark     // a bracket, comma, semicolon, dot or ::
)

// token is a piece of a query.
type token struct {
	kind tokenKind
	// gap is the white space in front. Comments are part of it and become a space: what the engine reads is what we read.
	gap string
	// text is how it is written.
	text string
	// value is what it means: a word in lower case, a name or literal without its quotes, the digits of a parameter.
	value string
	// at is the number of its first character in the query, counted from 1; 0 if it was not in there.
	at int32
}

// is tells whether a token is this word, or a name in quotes that means the same.
func (t token) is(name string) bool {
	return (t.kind == word || t.kind == quoted) && t.value == name
}

// marks tells whether a token is this sign.
func (t token) marks(sign string) bool { return t.kind == mark && t.text == sign }

// scanner takes a query apart.
type scanner struct {
	in string
	at int
}

// tokens takes a query apart as PostgreSQL and the engine do. An error is one of syntax.
func tokens(query string) ([]token, error) {
	if !utf8.ValidString(query) {
		return nil, &Error{Code: "22021", Message: "the query is not UTF-8"}
	}
	if strings.ContainsRune(query, 0) {
		return nil, &Error{Code: "22021", Message: "the query contains a null character"}
	}
	s := &scanner{in: query}
	var all []token
	passed, characters := 0, int32(1) // bytes, and the number of the character that follows
	for {
		gap, err := s.gap()
		if err != nil {
			return nil, err
		}
		if s.at == len(s.in) {
			return all, nil
		}
		begin := s.at
		characters += int32(utf8.RuneCountInString(query[passed:begin])) // a message has less than 2³¹ bytes
		passed = begin
		t, err := s.token()
		if err != nil {
			return nil, err
		}
		t.gap, t.at = gap, characters
		all = append(all, t)
	}
}

// blank tells whether a rune separates tokens. The engine takes many invisible ones for spaces.
func blank(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.Z, unicode.Cf, unicode.Cc)
}

// gap passes over white space and comments.
func (s *scanner) gap() (string, error) {
	var b strings.Builder
	for s.at < len(s.in) {
		rest := s.in[s.at:]
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case r == '\n':
			b.WriteByte('\n')
			s.at += size
		case blank(r):
			b.WriteByte(' ')
			s.at += size
		case strings.HasPrefix(rest, "--"):
			if end := strings.IndexByte(rest, '\n'); end >= 0 {
				s.at += end
			} else {
				s.at = len(s.in)
			}
			b.WriteByte(' ')
		case strings.HasPrefix(rest, "/*"):
			if err := s.comment(); err != nil {
				return "", err
			}
			b.WriteByte(' ')
		default:
			return b.String(), nil
		}
	}
	return b.String(), nil
}

// comment passes over a comment, in which others may lie.
func (s *scanner) comment() error {
	for depth := 0; s.at < len(s.in); {
		switch rest := s.in[s.at:]; {
		case strings.HasPrefix(rest, "/*"):
			depth++
			s.at += 2
		case strings.HasPrefix(rest, "*/"):
			depth--
			s.at += 2
			if depth == 0 {
				return nil
			}
		default:
			s.at++
		}
	}
	return syntaxError("a comment does not end")
}

func syntaxError(what string) error { return &Error{Code: "42601", Message: "syntax error: " + what} }

const signs = "+-*/<>=~!@#%^&|?`"

func (s *scanner) token() (token, error) {
	rest := s.in[s.at:]
	switch c := rest[0]; {
	case c == '\'':
		return s.literal(0, false)
	case c == '"':
		return s.name()
	case (c == 'e' || c == 'E') && strings.HasPrefix(rest[1:], "'"):
		return s.literal(1, true)
	case (c == 'u' || c == 'U') && (strings.HasPrefix(rest[1:], "&'") || strings.HasPrefix(rest[1:], `&"`)):
		return token{}, &Error{Code: "0A000", Message: "U& in front of quotes is not understood: write the characters themselves"}
	case c == '$':
		return s.dollar()
	case c >= '0' && c <= '9', c == '.' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		return s.take(number, func(r rune) bool { return r == '.' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }), nil
	case strings.ContainsRune(signs, rune(c)):
		return s.operator(), nil
	case strings.HasPrefix(rest, "::"):
		s.at += 2
		return token{kind: mark, text: "::"}, nil
	case strings.IndexByte("()[]{},;.:\\", c) >= 0:
		s.at++
		return token{kind: mark, text: rest[:1]}, nil
	default:
		t := s.take(word, func(r rune) bool {
			return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) || r >= utf8.RuneSelf && !blank(r)
		})
		if t.text == "" {
			return t, syntaxError("near " + rest[:1])
		}
		t.value = strings.ToLower(t.text)
		return t, nil
	}
}

// take reads as long as the runes belong to the token.
func (s *scanner) take(kind tokenKind, belongs func(rune) bool) token {
	rest := s.in[s.at:]
	end := strings.IndexFunc(rest, func(r rune) bool { return !belongs(r) })
	if end < 0 {
		end = len(rest)
	}
	s.at += end
	return token{kind: kind, text: rest[:end], value: rest[:end]}
}

// operator reads signs up to a comment.
func (s *scanner) operator() token {
	rest := s.in[s.at:]
	end := 1
	for end < len(rest) && strings.IndexByte(signs, rest[end]) >= 0 {
		if strings.HasPrefix(rest[end:], "--") || strings.HasPrefix(rest[end:], "/*") {
			break
		}
		end++
	}
	s.at += end
	return token{kind: operator, text: rest[:end], value: rest[:end]}
}

// literal reads a text in single quotes and writes it in the plain form, without escapes.
func (s *scanner) literal(prefix int, escapes bool) (token, error) {
	var b strings.Builder
	i := s.at + prefix + 1
	for i < len(s.in) {
		c := s.in[i]
		switch {
		case c == '\'' && strings.HasPrefix(s.in[i+1:], "'"):
			b.WriteByte('\'')
			i += 2
		case c == '\'':
			s.at = i + 1
			return plain(b.String()), nil
		case c == '\\' && escapes && i+1 < len(s.in):
			n, err := escape(&b, s.in[i+1:])
			if err != nil {
				return token{}, err
			}
			i += 1 + n
		default:
			b.WriteByte(c)
			i++
		}
	}
	return token{}, syntaxError("a text in quotes does not end")
}

// plain writes a text as a literal without escapes.
func plain(value string) token {
	return token{kind: literal, text: "'" + strings.ReplaceAll(value, "'", "''") + "'", value: value}
}

// escape writes what follows a backslash, and says how long that was.
func escape(b *strings.Builder, rest string) (int, error) {
	switch rest[0] {
	case 'n':
		b.WriteByte('\n')
	case 't':
		b.WriteByte('\t')
	case 'r':
		b.WriteByte('\r')
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case 'x', 'u', 'U', '0', '1', '2', '3', '4', '5', '6', '7':
		return 0, &Error{Code: "0A000", Message: `a character by its number (\` + rest[:1] + `) is not understood: write the character itself`}
	default:
		r, size := utf8.DecodeRuneInString(rest)
		b.WriteRune(r)
		return size, nil
	}
	return 1, nil
}

// name reads a name in double quotes.
func (s *scanner) name() (token, error) {
	start := s.at
	for i := s.at + 1; i < len(s.in); i++ {
		if s.in[i] != '"' {
			continue
		}
		if strings.HasPrefix(s.in[i+1:], `"`) {
			i++
			continue
		}
		s.at = i + 1
		text := s.in[start:s.at]
		return token{kind: quoted, text: text, value: strings.ToLower(strings.ReplaceAll(text[1:len(text)-1], `""`, `"`))}, nil
	}
	return token{}, syntaxError("a name in quotes does not end")
}

// dollar reads a parameter, or a text between dollar signs.
func (s *scanner) dollar() (token, error) {
	rest := s.in[s.at:]
	end := 1
	for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
		end++
	}
	if end > 1 {
		s.at += end
		return token{kind: parameter, text: rest[:end], value: rest[1:end]}, nil
	}
	closing := strings.IndexByte(rest[1:], '$')
	if closing < 0 {
		return token{}, syntaxError("near $")
	}
	tag := rest[:closing+2]
	if strings.IndexFunc(tag[1:len(tag)-1], func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) >= 0 {
		return token{}, syntaxError("near $")
	}
	length := strings.Index(rest[len(tag):], tag)
	if length < 0 {
		return token{}, syntaxError("a text between " + tag + " does not end")
	}
	s.at += 2*len(tag) + length
	return plain(rest[len(tag) : len(tag)+length]), nil
}

// statements splits a query at its semicolons; empty statements are left out.
func statements(all []token) [][]token {
	var split [][]token
	start := 0
	for i := 0; i <= len(all); i++ {
		if i < len(all) && !all[i].marks(";") {
			continue
		}
		if i > start {
			split = append(split, all[start:i])
		}
		start = i + 1
	}
	return split
}

// render writes tokens as a query again. cast tells the type that a parameter has, if one has to be said.
func render(all []token, cast func(parameter string) string) string {
	var b strings.Builder
	for i, t := range all {
		if i > 0 {
			b.WriteString(t.gap)
		}
		if t.kind != parameter || cast == nil {
			b.WriteString(t.text)
			continue
		}
		if as := cast(t.value); as != "" {
			b.WriteString("cast(" + t.text + " as " + as + ")")
		} else {
			b.WriteString(t.text)
		}
	}
	return b.String()
}
