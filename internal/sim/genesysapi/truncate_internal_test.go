package genesysapi

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestTruncateAttributes(t *testing.T) {
	long := strings.Repeat("x", attributeLimit+1)
	quoted := strings.Repeat(`\"`, attributeLimit+1)
	text := func(value, note string) string {
		return `{"participants":[{"attributes":{"a":"` + value + `"},"name":"` + note + `"}],"n":1.50}`
	}
	for name, c := range map[string]struct{ give, want string }{
		"short":             {text(`y\\`, "z"), text(`y\\`, "z")},
		"long":              {text(long, "z"), text(long[1:], "z")},
		"long of quotes":    {text(quoted, "z"), text(quoted[2:], "z")},
		"long elsewhere":    {text("y", long), text("y", long)},
		"a long number":     {`{"n":` + strings.Repeat("1", 2000) + `}`, `{"n":` + strings.Repeat("1", 2000) + `}`},
		"no JSON":           {`{"participants":[{"attributes":{"a":"` + long, `{"participants":[{"attributes":{"a":"` + long},
		"a name that is so": {`{"attributes":"` + long + `"}`, `{"attributes":"` + long + `"}`},
	} {
		if got := string(truncateAttributes([]byte(c.give))); got != c.want {
			t.Errorf("%s: got %.100s… (%d), want %.100s… (%d)", name, got, len(got), c.want, len(c.want))
		}
	}
}

func FuzzTruncateAttributes(f *testing.F) {
	f.Add([]byte(`{"participants":[{"attributes":{"a":"` + strings.Repeat("é", 2000) + `"}}]}`))
	f.Add([]byte(`{"a":"` + strings.Repeat("x", 1100) + `\\","b":"\""}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		was := json.Valid(text)
		if got := truncateAttributes(append([]byte(nil), text...)); json.Valid(got) != was {
			t.Errorf("%q became %q", text, got)
		}
	})
}
