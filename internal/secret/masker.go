package secret

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/url"
	"strings"
)

// shortest is the length below which a text is not searched for: masking every "a" would hide everything and protect
// nothing.
const shortest = 4

// Masker replaces known secrets in texts, also where they were escaped for a URL or for JSON, or encoded in base64.
// It is the second wall; the first is that nobody formats a secret.
type Masker struct{ replacer *strings.Replacer }

// NewMasker makes a masker of the secrets that are known.
func NewMasker(secrets ...Secret) *Masker {
	var pairs []string
	for _, s := range secrets {
		text := s.Reveal()
		if len(text) < shortest {
			continue
		}
		quoted, _ := json.Marshal(text)
		for _, form := range []string{
			text, url.QueryEscape(text), url.PathEscape(text), strings.Trim(string(quoted), `"`),
			base64.StdEncoding.EncodeToString([]byte(text)),
		} {
			pairs = append(pairs, form, Mask)
		}
	}
	return &Masker{strings.NewReplacer(pairs...)}
}

// Mask gives a text without the secrets.
func (m *Masker) Mask(text string) string { return m.replacer.Replace(text) }

// Writer gives a writer that masks every piece it is given before it passes it on. A secret cut in two by the caller's
// pieces is not found, so each piece must be a line or more.
func (m *Masker) Writer(w io.Writer) io.Writer { return maskingWriter{w, m} }

type maskingWriter struct {
	w io.Writer
	m *Masker
}

// Write masks and passes on.
func (w maskingWriter) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.w, w.m.Mask(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Handler gives a slog handler that masks messages and attributes before h sees them.
func (m *Masker) Handler(h slog.Handler) slog.Handler { return handler{h, m} }

type handler struct {
	next slog.Handler
	m    *Masker
}

// Enabled asks the handler behind.
func (h handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle masks a record and passes it on.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, h.m.Mask(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(h.attr(a))
		return true
	})
	return h.next.Handle(ctx, clean)
}

// WithAttrs masks the attributes once, for all records to come.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = h.attr(a)
	}
	return handler{h.next.WithAttrs(clean), h.m}
}

// WithGroup passes a group on.
func (h handler) WithGroup(name string) slog.Handler { return handler{h.next.WithGroup(name), h.m} }

func (h handler) attr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindString:
		return slog.String(a.Key, h.m.Mask(v.String()))
	case slog.KindGroup:
		group := v.Group()
		clean := make([]slog.Attr, len(group))
		for i, g := range group {
			clean[i] = h.attr(g)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(clean...)}
	case slog.KindAny:
		return slog.String(a.Key, h.m.Mask(v.String()))
	default:
		return a
	}
}
