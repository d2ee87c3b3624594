package releases

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"trunkline/extractors/extractortest"
	"trunkline/pipeline"
)

func list(t *testing.T, text string) *Extractor {
	t.Helper()
	file := filepath.Join(t.TempDir(), "releases.csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return New(Config{File: file})
}

func TestPromises(t *testing.T) {
	x := list(t, "product,release,released_on,note\nPortal,4.1,2026-10-02,\nPortal,4.2,2026-11-20,\"new sign-in, at last\"\nApp,4.2,2026-11-20,\n")
	extractortest.Run(t, x, extractortest.Case{Stream: stream, Want: 3})
}

func TestLinesAreReadAsTheyStand(t *testing.T) {
	x := list(t, "\ufeffreleased_on,release,product\r\n2026-11-20,4.2,Portal\r\n")
	var got []string
	err := x.Extract(t.Context(), stream, pipeline.Window{}, func(page []pipeline.Record) error {
		for _, r := range page {
			got = append(got, string(r.Body))
		}
		return nil
	})
	if want := `{"product":"Portal","release":"4.2","released_on":"2026-11-20"}`; err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("got %v, %v; want %s", got, err, want)
	}
}

func TestABadFileIsNamedWithLineFieldValueAndCure(t *testing.T) {
	const head = "product,release,released_on,note\n"
	for name, c := range map[string]struct{ text, want string }{
		"empty":             {"", "releases.csv: it is empty"},
		"no header":         {"Portal,4.2,2026-11-20,x\n", `releases.csv:1: column product is missing in "Portal,4.2,2026-11-20,x"`},
		"unknown column":    {"product,release,released_on,version\n", `releases.csv:1: column "version" is unknown`},
		"column twice":      {"product,release,released_on,product\n", `releases.csv:1: column "product" is unknown, or there twice`},
		"too few fields":    {head + "Portal,4.2\n", "releases.csv:2: wrong number of fields"},
		"too many fields":   {head + "Portal,4.2,2026-11-20,new, and good\n", "releases.csv:2: wrong number of fields"},
		"open quote":        {head + "Portal,4.2,2026-11-20,\"new\n", "releases.csv:2: extraneous or missing"},
		"no product":        {head + ",4.2,2026-11-20,\n", `releases.csv:2: product is ""`},
		"spaces":            {head + "Portal, 4.2,2026-11-20,\n", `releases.csv:2: release is " 4.2"`},
		"too long":          {head + "Portal," + strings.Repeat("4", 101) + ",2026-11-20,\n", "releases.csv:2: release is"},
		"American day":      {head + "Portal,4.2,11/20/2026,\n", `releases.csv:2: released_on is "11/20/2026"`},
		"no such day":       {head + "Portal,4.2,2026-02-30,\n", `releases.csv:2: released_on is "2026-02-30"`},
		"the same twice":    {head + "Portal,4.2,2026-11-20,\nPortal,4.2,2026-11-21,\n", `releases.csv:3: product "Portal" and release "4.2" are in line 2 already`},
		"of another coding": {head + "Portal,4.2,2026-11-20,gr\xfc\xdfe\n", "it is not UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			emitted := 0
			err := list(t, c.text).Extract(t.Context(), stream, pipeline.Window{}, func(page []pipeline.Record) error {
				emitted += len(page)
				return nil
			})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want one with %q", err, c.want)
			}
			if e, ok := errors.AsType[*pipeline.Error](err); !ok || e.Cure == "" || emitted > 0 {
				t.Errorf("%#v: a cure is needed, and nothing may be emitted (%d were)", err, emitted)
			}
		})
	}
}

func TestAMissingFileSaysWhichOne(t *testing.T) {
	err := New(Config{File: "nowhere/releases.csv"}).Extract(t.Context(), stream, pipeline.Window{}, nil)
	if err == nil || !strings.Contains(err.Error(), "nowhere/releases.csv") {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("product,release,released_on,note\nPortal,4.2,2026-11-20,x\n"))
	f.Add([]byte("product,release,released_on\n\"a\nb\",1,2026-11-20\n"))
	x := New(Config{File: "releases.csv"})
	f.Fuzz(func(t *testing.T, text []byte) {
		records, err := x.parse(text)
		if err != nil {
			if _, ok := errors.AsType[*pipeline.Error](err); !ok {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		keys := map[string]bool{}
		for _, r := range records {
			if keys[r.Key] || len(r.Body) == 0 || r.At.IsZero() {
				t.Errorf("record %+v", r)
			}
			keys[r.Key] = true
		}
	})
}
