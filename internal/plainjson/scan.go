package plainjson

import "strings"

// scan is a JSON text that is being read.
type scan struct {
	text string
	raw  []byte // the same
	at   int
}

// peek gives the character at which the scan stands; 0 at the end.
func (s *scan) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

// space skips white space and gives the character behind it.
func (s *scan) space() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

// more skips what is between two elements; if it ends there is no other, and ok tells whether that is so.
func (s *scan) more(end byte) (more, ok bool) {
	switch s.space() {
	case ',':
		s.at++
		s.space()
		return true, true
	case end:
		s.at++
		return false, true
	default:
		return false, false
	}
}

// name reads a member's name, without escapes, and skips to its value.
func (s *scan) name() (string, bool) {
	if s.peek() != '"' {
		return "", false
	}
	name, plain, ok := s.quoted()
	if !ok || !plain || s.space() != ':' {
		return "", false
	}
	s.at++
	s.space()
	return name, true
}

// quoted reads a string and gives what is between its quotes. It is plain if that is what it means.
func (s *scan) quoted() (body string, plain, ok bool) {
	if s.peek() != '"' {
		return "", false, false
	}
	begin := s.at + 1
	plain = true
	for i := begin; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			s.at = i + 1
			return s.text[begin:i], plain, true
		case c == '\\':
			plain = false
			n := escape(s.text[i:])
			if n == 0 {
				return "", false, false
			}
			i += n - 1
		case c < ' ':
			return "", false, false
		case c >= 0x80:
			plain = false
		}
	}
	return "", false, false
}

// escape gives the length of the escape at the beginning of a text; 0 if it is none.
func escape(text string) int {
	if len(text) < 2 {
		return 0
	}
	if strings.IndexByte(`"\/bfnrt`, text[1]) >= 0 {
		return 2
	}
	if text[1] != 'u' || len(text) < 6 {
		return 0
	}
	for i := 2; i < 6; i++ {
		c := text[i] | 0x20
		if !digit(text[i]) && (c < 'a' || c > 'f') {
			return 0
		}
	}
	return 6
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func (s *scan) literal(word string) bool {
	if !strings.HasPrefix(s.text[s.at:], word) {
		return false
	}
	s.at += len(word)
	return true
}

// number reads a number.
func (s *scan) number() (string, bool) {
	begin := s.at
	if s.peek() == '-' {
		s.at++
	}
	if s.peek() == '0' {
		s.at++
	} else if !s.digits() {
		return "", false
	}
	if s.peek() == '.' {
		s.at++
		if !s.digits() {
			return "", false
		}
	}
	if s.peek()|0x20 == 'e' {
		s.at++
		if c := s.peek(); c == '+' || c == '-' {
			s.at++
		}
		if !s.digits() {
			return "", false
		}
	}
	return s.text[begin:s.at], true
}

func (s *scan) digits() bool {
	begin := s.at
	for digit(s.peek()) {
		s.at++
	}
	return s.at > begin
}

// skip reads any value.
func (s *scan) skip(depth int) bool {
	if depth > deepest {
		return false
	}
	switch s.peek() {
	case '"':
		_, _, ok := s.quoted()
		return ok
	case '{':
		return s.skipAll('}', depth)
	case '[':
		return s.skipAll(']', depth)
	case 't':
		return s.literal("true")
	case 'f':
		return s.literal("false")
	case 'n':
		return s.literal("null")
	default:
		_, ok := s.number()
		return ok
	}
}

// skipAll reads an object or an array.
func (s *scan) skipAll(end byte, depth int) bool {
	s.at++
	if s.space() == end {
		s.at++
		return true
	}
	for {
		if end == '}' {
			if _, _, ok := s.quoted(); !ok || s.space() != ':' {
				return false
			}
			s.at++
			s.space()
		}
		if !s.skip(depth + 1) {
			return false
		}
		if more, ok := s.more(end); !more {
			return ok
		}
	}
}
