package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAssess(t *testing.T) {
	day := func(text string) Date {
		var d Date
		if err := d.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		return d
	}
	days := func(from string, n int) []string {
		var out []string
		for i := range n {
			out = append(out, day(from).Add(i).String())
		}
		return out
	}
	lost := &journey{
		Run: "nightly/2026-11-19T00-00-00Z", State: "published", day: day("2026-11-19"), Published: time.Unix(1, 0),
		lost: []string{"nightly/2026-11-19T00-00-00Z/extract/genesys.users/records-000.jsonl.zst"},
	}
	run := func(on, state string) *journey {
		j := &journey{Run: "nightly/" + on, Day: on, State: state, day: day(on)}
		if state == "published" || state == "gated" || state == "partial" {
			j.Published = time.Date(2026, 11, 20, 2, 30, 0, 0, time.UTC)
		}
		return j
	}
	for _, test := range []struct {
		name     string
		runs     []*journey
		state    string
		complete string
		missing  []string
		next     string
	}{
		{"nothing yet", nil, "never", "", []string{}, "run"},
		{"all is well", []*journey{run("2026-11-18", "published"), run("2026-11-19", "published")}, "ok", "2026-11-19", []string{}, ""},
		{"a night was not run", []*journey{run("2026-11-18", "published")}, "late", "2026-11-18", []string{"2026-11-19"}, "run --date 2026-11-19"},
		{
			"a hole",
			[]*journey{run("2026-11-16", "published"), run("2026-11-17", "failed"), run("2026-11-19", "published")},
			"late", "2026-11-16",
			[]string{"2026-11-17", "2026-11-18"},
			"run --from 2026-11-17 --to 2026-11-18",
		},
		{"the last night failed", []*journey{run("2026-11-18", "published"), run("2026-11-19", "failed")}, "failed", "2026-11-18", []string{"2026-11-19"}, "run --date 2026-11-19"},
		{"the gate is closed", []*journey{run("2026-11-19", "gated")}, "gated", "2026-11-19", []string{}, `query "select * from join_quality_daily"`},
		{"too many rejects", []*journey{run("2026-11-19", "partial")}, "partial", "2026-11-19", []string{}, "rejects list nightly/2026-11-19"},
		{"a file is gone", []*journey{lost}, "lost", "2026-11-19", []string{}, "runs nightly/2026-11-19T00-00-00Z"},
		{
			"a stray day is not the beginning of history",
			[]*journey{run("2016-09-07", "published"), run("2026-11-17", "published"), run("2026-11-18", "published")},
			"late", "2026-11-18",
			[]string{"2026-11-19"},
			"run --date 2026-11-19",
		},
		{"nothing but a stray day", []*journey{run("2016-09-07", "published")}, "late", "", []string{"2026-11-19"}, "run --date 2026-11-19"},
		{"31 days back", []*journey{run("2026-10-19", "published")}, "late", "2026-10-19", days("2026-10-20", 31), "run --from 2026-10-20 --to 2026-11-19"},
		{"32 days back", []*journey{run("2026-10-18", "published")}, "late", "", []string{"2026-11-19"}, "run --date 2026-11-19"},
		{
			"two gaps are not one command when that is too long",
			[]*journey{run("2026-09-27", "published"), run("2026-10-27", "published")},
			"late", "2026-09-27", append(days("2026-09-28", 29), days("2026-10-28", 23)...), "run --from 2026-09-28 --to 2026-10-28",
		},
		{"at work", []*journey{run("2026-11-19", "unfinished")}, "late", "", []string{"2026-11-19"}, "run --date 2026-11-19"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := assess(test.runs, day("2026-11-19"))
			got := []any{s.State, s.Complete, s.Missing, s.Next}
			if diff := cmp.Diff([]any{test.state, test.complete, test.missing, test.next}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCommandLine(t *testing.T) {
	for _, test := range []struct{ program, config, want string }{
		{"trunkline", "trunkline.yaml", "trunkline status"},
		{"bin/trunkline", "trunkline-demo/trunkline.yaml", "bin/trunkline -c trunkline-demo/trunkline.yaml status"},
		{"./my tools/trunkline", "Ada's.yaml", `'./my tools/trunkline' -c 'Ada'\''s.yaml' status`},
		{"trunkline", "$HOME/a.yaml", "trunkline -c '$HOME/a.yaml' status"},
	} {
		if got := commandLine(test.program, test.config, "status"); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}
