// Package secret keeps credentials out of what people and machines read: logs, errors, dumps of values, files.
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Mask is what is shown in place of a secret.
const Mask = "xxxxx"

// Secret is a text that only Reveal shows. Every way of formatting, logging or encoding it gives Mask. The text is held
// behind a pointer because fmt does not call the methods of unexported fields: a dump of a struct around it shows an
// address.
type Secret struct{ text *string }

// New makes a secret of a text.
func New(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal gives the text itself: for the one place that sends it.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero tells whether there is no text.
func (s Secret) IsZero() bool { return s.text == nil }

// Equal tells whether two secrets have the same text.
func (s Secret) Equal(o Secret) bool { return s.Reveal() == o.Reveal() }

// String gives Mask, and nothing for an empty secret: that one is missing can be seen.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return Mask
}

// GoString gives what String gives.
func (s Secret) GoString() string { return s.String() }

// Format writes what String gives, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue gives what String gives.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText gives what String gives, to JSON and YAML too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText takes the text as it is.
func (s *Secret) UnmarshalText(b []byte) error {
	*s = New(string(b))
	return nil
}
