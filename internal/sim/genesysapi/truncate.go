package genesysapi

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// attributeLimit is the length in characters to which a job cuts the names and values of participant attributes.
const attributeLimit = 1024

var anyText = []jsontext.Options{jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true), jsontext.PreserveRawStrings(true)}

// truncateAttributes cuts what is too long in a conversation's attributes. Most have nothing of the kind and are not parsed.
func truncateAttributes(b []byte) []byte {
	if !hasLongString(b) {
		return b
	}
	var out bytes.Buffer
	in, to := jsontext.NewDecoder(bytes.NewReader(b), anyText...), jsontext.NewEncoder(&out, anyText...)
	for {
		t, err := in.ReadToken()
		if errors.Is(err, io.EOF) {
			return append(b[:0], bytes.TrimSpace(out.Bytes())...)
		}
		if err != nil {
			return b // no JSON: nothing to find in it
		}
		if t.Kind() == '"' && strings.Contains(string(in.StackPointer()), "/attributes/") {
			t = jsontext.String(cut(t.String()))
		}
		if to.WriteToken(t) != nil {
			return b
		}
	}
}

func cut(s string) string {
	if utf8.RuneCountInString(s) <= attributeLimit {
		return s
	}
	return string([]rune(s)[:attributeLimit])
}

// hasLongString tells whether a JSON text has a string of more bytes than an attribute may have characters.
func hasLongString(b []byte) bool {
	for {
		open := bytes.IndexByte(b, '"')
		if open < 0 {
			return false
		}
		b = b[open+1:]
		n := stringLength(b)
		if n > attributeLimit {
			return true
		}
		b = b[min(n+1, len(b)):]
	}
}

// stringLength is where the string ends that b is in the middle of.
func stringLength(b []byte) int {
	for n := 0; ; n++ {
		quote := bytes.IndexByte(b[n:], '"')
		if quote < 0 {
			return len(b)
		}
		n += quote
		escapes := 0
		for n > escapes && b[n-escapes-1] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return n
		}
	}
}
