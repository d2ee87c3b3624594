package salesforceapi

import "strings"

type tokenKind int

const (
	end tokenKind = iota
	word
	number // also dates and times
	text
	symbol
)

type token struct {
	kind tokenKind
	text string // of a text: without quotes and escapes
	at   int
}

const (
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
	digits  = "0123456789"
)

// scan cuts a query into tokens; the last one is the end.
func scan(soql string) ([]token, error) {
	var tokens []token
	for at := 0; at < len(soql); {
		c := soql[at]
		switch {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			at++
			continue
		case c == '\'':
			t, length, err := scanText(soql, at)
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, t)
			at += length
			continue
		}
		t := token{at: at}
		switch {
		case strings.IndexByte(letters, c) >= 0:
			t.kind, t.text = word, run(soql[at:], letters+digits+".")
		case strings.IndexByte(digits+"-", c) >= 0:
			t.kind, t.text = number, run(soql[at:], letters+digits+".:+-")
		case strings.IndexByte("(),=", c) >= 0:
			t.kind, t.text = symbol, soql[at:at+1]
		case strings.IndexByte("!<>", c) >= 0:
			t.kind, t.text = symbol, run(soql[at:], "!<>=")
		default:
			return nil, malformed(at, "line 1:%d no viable alternative at character '%c'", at, c)
		}
		tokens = append(tokens, t)
		at += len(t.text)
	}
	return append(tokens, token{at: len(soql)}), nil
}

// run gives the longest prefix of s that consists of the given characters.
func run(s, of string) string {
	for i := range len(s) {
		if strings.IndexByte(of, s[i]) < 0 {
			return s[:i]
		}
	}
	return s
}

func scanText(soql string, at int) (t token, length int, err error) {
	var b strings.Builder
	for i := at + 1; i < len(soql); i++ {
		switch c := soql[i]; {
		case c == '\'':
			return token{text, b.String(), at}, i + 1 - at, nil
		case c == '\\' && i+1 < len(soql) && strings.IndexByte(`\'"nrt`, soql[i+1]) >= 0:
			i++
			b.WriteString(map[byte]string{'n': "\n", 'r': "\r", 't': "\t"}[soql[i]])
			if strings.IndexByte(`\'"`, soql[i]) >= 0 {
				b.WriteByte(soql[i])
			}
		case c == '\\':
			return t, 0, malformed(i, "Invalid string literal. Illegal character sequence in string literal.")
		default:
			b.WriteByte(c)
		}
	}
	return t, 0, malformed(at, "unexpected end of string")
}
