package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReport(t *testing.T) {
	const start = `{"Action":"start","Package":"p"}` + "\n"
	for name, c := range map[string]struct {
		events  string
		ended   error
		allowed []skip
		ok      bool
		want    string // somewhere in the output
		totals  string
	}{
		"all pass": {
			events: start + `{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Elapsed":1.25}`,
			ok: true, want: "ok    p ", totals: "1 passed, 0 failed, 0 skipped",
		},
		"a failure shows its output": {
			events: start + `{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:1: want 1, have 2\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"fail","Package":"p"}`,
			ended: errors.New("exit status 1"),
			want:  "want 1, have 2", totals: "0 passed, 1 failed, 0 skipped",
		},
		"a skip without leave": {
			events: start + `{"Action":"output","Package":"p","Test":"TestA","Output":"    set TRUNKLINE_TEST_POSTGRES\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p"}`,
			want: "gives no reason:\n  p.TestA", totals: "0 passed, 0 failed, 1 skipped",
		},
		"a skip with leave": {
			events: start + `{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p"}`,
			allowed: []skip{{pkg: "p", test: "Test*", reason: "no server"}},
			ok:      true, want: "skip  p.TestA", totals: "0 passed, 0 failed, 1 skipped",
		},
		"a package that does not build": {
			events: `{"ImportPath":"p [p.test]","Action":"build-output","Output":"p/a.go:1:1: undefined: x\n"}
` + start + `{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`,
			ended: errors.New("exit status 1"),
			want:  "undefined: x", totals: "0 passed, 1 failed, 0 skipped",
		},
		"a package that panics after its tests": {
			events: start + `{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"panic: too late\n"}
{"Action":"fail","Package":"p"}`,
			ended: errors.New("exit status 1"),
			want:  "panic: too late", totals: "1 passed, 1 failed, 0 skipped",
		},
		"a package that never ends": {
			events: start + `{"Action":"pass","Package":"p","Test":"TestA"}`,
			want:   "p did not end", totals: "1 passed, 1 failed, 0 skipped",
		},
		"nothing tested": {
			events: "", want: "no package was tested", totals: "0 passed, 1 failed, 0 skipped",
		},
		"go test fails for no known reason": {
			events: start + `{"Action":"pass","Package":"p"}`,
			ended:  errors.New("exit status 2"),
			want:   "go test: exit status 2", totals: "0 passed, 1 failed, 0 skipped",
		},
		"a line that is no event": {
			events: "warning: something\n" + start + `{"Action":"pass","Package":"p"}`,
			ok:     true, want: "warning: something", totals: "0 passed, 0 failed, 0 skipped",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			r := newReport(&out, c.allowed)
			if err := r.read(strings.NewReader(c.events)); err != nil {
				t.Fatal(err)
			}
			r.finish(c.ended)
			if r.ok() != c.ok {
				t.Errorf("ok is %v, want %v", r.ok(), c.ok)
			}
			if !strings.Contains(out.String(), c.want) {
				t.Errorf("the report lacks %q:\n%s", c.want, &out)
			}
			if !strings.HasSuffix(out.String(), c.totals+"\n") {
				t.Errorf("the report does not end with %q:\n%s", c.totals, &out)
			}
		})
	}
}

func TestReadSkips(t *testing.T) {
	got, err := readSkips(strings.NewReader("# why\n\ntrunkline/x Test* needs a server\n"))
	want := []skip{{pkg: "trunkline/x", test: "Test*", reason: "needs a server"}}
	if err != nil || !cmp.Equal(got, want, cmp.AllowUnexported(skip{})) {
		t.Errorf("have %v, %v", got, err)
	}
	for _, bad := range []string{"trunkline/x TestA", "trunkline/x Test[ a reason"} {
		if _, err := readSkips(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%q: have %v, want an error with its line", bad, err)
		}
	}
}
