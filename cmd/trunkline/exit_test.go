package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
)

func TestExitCodes(t *testing.T) {
	of := func(kind pipeline.Kind) error { return &pipeline.Error{Code: "TL1001", Kind: kind, What: "x"} }
	for _, test := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("anything"), 1},
		{of(pipeline.Failure), 1},
		{of(pipeline.Partial), 3},
		{of(pipeline.Denied), 4},
		{of(pipeline.Misuse), 5},
		{of(pipeline.Upstream), 6},
		{of(pipeline.Gated), 7},
		{of(pipeline.Locked), 8},
		{errNothing, 99},
		{stopped{syscall.SIGINT}, 130},
		{stopped{syscall.SIGTERM}, 143},
		{context.Canceled, 130},
		{fmt.Errorf("run: %w", of(pipeline.Denied)), 4},
		{errors.Join(of(pipeline.Gated), of(pipeline.Partial)), 7},
	} {
		if got := exitCode(test.err); got != test.want {
			t.Errorf("exitCode(%v) = %d, want %d", test.err, got, test.want)
		}
		if test.want != 0 && !regexp.MustCompile(fmt.Sprintf(`(?m)^ *%d   `, test.want)).MatchString(exitCodesHelp()) {
			t.Errorf("exit code %d is not in: trunkline help exit-codes", test.want)
		}
	}
}

func TestReport(t *testing.T) {
	err := fmt.Errorf("nightly/x extract/genesys.users: %w", &pipeline.Error{
		Code: "TL4103", Kind: pipeline.Denied, What: "genesys: read users", Err: errors.New("403: missing permission"),
		Cure: "Add the permission to the client's role",
	})
	var out bytes.Buffer
	a := newApp(&bytes.Buffer{}, &out)
	a.report(err)
	want := `trunkline: TL4103 nightly/x extract/genesys.users: genesys: read users
   why: 403: missing permission
    do: Add the permission to the client's role
  more: trunkline help TL4103
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
	out.Reset()
	a.flags.output = "json"
	a.report(err)
	var got map[string]failure
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, &out)
	}
	if diff := cmp.Diff(failure{
		Code: "TL4103", Exit: 4, What: "nightly/x extract/genesys.users: genesys: read users", Cause: "403: missing permission",
		Cure: "Add the permission to the client's role", More: "trunkline help TL4103",
	}, got["error"]); diff != "" {
		t.Error(diff)
	}
	out.Reset()
	if a.report(errNothing); out.Len() > 0 {
		t.Errorf("nothing to do is reported as an error: %s", &out)
	}
}

// TestEveryCodeHasAPage: a message that names a code links to a page that exists and begins with it.
func TestEveryCodeHasAPage(t *testing.T) {
	code := regexp.MustCompile(`"(TL\d{4})"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range code.FindAllStringSubmatch(string(src), -1) {
			seen++
			page, err := os.ReadFile("../../docs/errors/" + m[1] + ".md")
			if errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(string(page), "# "+m[1]) {
				t.Errorf("%s uses %s, which has no page in docs/errors", file, m[1])
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d codes found: the test does not look where they are", seen)
	}
}
