package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"trunkline/internal/secret"
)

const text = `s3cr3t/ä"+tail`

// TestNothingShowsASecret formats a secret in every way a careless line of code might.
func TestNothingShowsASecret(t *testing.T) {
	s := secret.New(text)
	type exported struct{ S secret.Secret }
	type hidden struct{ s secret.Secret }
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T %v", "%10s"} {
		for _, v := range []any{s, &s, exported{s}, &exported{s}, hidden{s}, []secret.Secret{s}, map[string]secret.Secret{"k": s}} {
			if got := fmt.Sprintf(verb, v); leaks(got) {
				t.Errorf("%s of %T shows it: %s", verb, v, got)
			}
		}
	}
	for _, v := range []any{s, exported{s}, map[string]any{"k": s}} {
		b, err := json.Marshal(v)
		if err != nil || leaks(string(b)) {
			t.Errorf("JSON of %T: %s, %v", v, b, err)
		}
	}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("login", "secret", s, "in", exported{s})
	slog.New(slog.NewTextHandler(&out, nil)).Info("login", "secret", s, "in", exported{s})
	if leaks(out.String()) {
		t.Errorf("a log shows it: %s", &out)
	}
}

func leaks(s string) bool {
	return strings.Contains(s, "s3cr3t") || strings.Contains(s, "733363723374")
}

func TestRevealAndZero(t *testing.T) {
	var s secret.Secret
	if !s.IsZero() || s.Reveal() != "" || s.String() != "" {
		t.Errorf("the zero secret is not empty: %q %q", s.Reveal(), s.String())
	}
	if err := s.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if s.Reveal() != text || s.IsZero() || !s.Equal(secret.New(text)) || s.Equal(secret.New("other")) {
		t.Errorf("Reveal gives %q", s.Reveal())
	}
}

func TestMaskerFindsEscapedForms(t *testing.T) {
	m := secret.NewMasker(secret.New(text), secret.New("abc"), secret.Secret{})
	for _, in := range []string{
		"before " + text + " after",
		"POST /token?client_secret=s3cr3t%2F%C3%A4%22%2Btail",
		`{"client_secret":"s3cr3t/ä\"+tail"}`,
		"token czNjcjN0L8OkIit0YWls",
	} {
		got := m.Mask(in)
		if leaks(got) || strings.Contains(got, "czNjcjN0") || !strings.Contains(got, secret.Mask) {
			t.Errorf("Mask(%q) = %q", in, got)
		}
	}
	if got := m.Mask("abc stays"); got != "abc stays" {
		t.Errorf("a short text was masked: %q", got)
	}
}

func TestHandlerMasksEveryPart(t *testing.T) {
	var out bytes.Buffer
	m := secret.NewMasker(secret.New(text))
	log := slog.New(m.Handler(slog.NewTextHandler(&out, nil)))
	log.With("with", text).WithGroup("g").Info("message "+text,
		"plain", text, "error", errors.New("login with "+text), slog.Group("nested", "deep", text), "count", 7)
	if got := out.String(); leaks(got) || strings.Count(got, secret.Mask) != 5 || !strings.Contains(got, "g.count=7") {
		t.Errorf("log line: %s", got)
	}
}

func TestWriterMasksAndCountsWhatItWasGiven(t *testing.T) {
	var out bytes.Buffer
	line := "it was " + text + "\n"
	n, err := secret.NewMasker(secret.New(text)).Writer(&out).Write([]byte(line))
	if n != len(line) || err != nil || out.String() != "it was xxxxx\n" {
		t.Errorf("wrote %d, %v: %q", n, err, &out)
	}
}
