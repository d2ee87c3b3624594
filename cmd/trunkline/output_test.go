package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFormats(t *testing.T) {
	g := grid{columns: []string{"tier", "n", "rate", "at"}}
	g.add("Enterprise, <EU>", int64(1200), 12.5, time.Date(2026, 11, 19, 1, 2, 3, 0, time.FixedZone("", 3600)))
	g.add("小さい\x1b[31m", int64(-7), nil, nil)
	g.add(nil, int64(0), 100.0, nil)
	for format, want := range map[string]string{
		"table": "tier                 n  rate  at\n" +
			"Enterprise, <EU>  1200  12.5  2026-11-19T00:02:03Z\n" +
			"小さい [31m         -7     –  –\n" +
			"–                    0   100  –\n",
		"csv": "tier,n,rate,at\n\"Enterprise, <EU>\",1200,12.5,2026-11-19T00:02:03Z\n小さい\x1b[31m,-7,,\n,0,100,\n",
		"jsonl": `{"tier":"Enterprise, <EU>","n":1200,"rate":12.5,"at":"2026-11-19T00:02:03Z"}` + "\n" +
			`{"tier":"小さい\u001b[31m","n":-7,"rate":null,"at":null}` + "\n" + `{"tier":null,"n":0,"rate":100,"at":null}` + "\n",
		"json": "[\n  {\n    \"tier\": \"Enterprise, <EU>\",\n    \"n\": 1200,\n    \"rate\": 12.5,\n    \"at\": \"2026-11-19T00:02:03Z\"\n  },\n" +
			"  {\n    \"tier\": \"小さい\\u001b[31m\",\n    \"n\": -7,\n    \"rate\": null,\n    \"at\": null\n  },\n" +
			"  {\n    \"tier\": null,\n    \"n\": 0,\n    \"rate\": 100,\n    \"at\": null\n  }\n]\n",
	} {
		var out bytes.Buffer
		if err := g.write(&out, format); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
	}
}

// TestNarrowTerminal: a table takes less room rather than break its lines.
func TestNarrowTerminal(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	g := grid{columns: []string{"queue_name", "total_contacts", "newest"}, zone: berlin}
	g.add("Complaints and returns", int64(1200), time.Date(2026, 11, 19, 1, 2, 3, 0, time.UTC))
	for _, test := range []struct {
		width int
		want  string
	}{
		{0, "queue_name              total_contacts  newest\n" +
			"Complaints and returns            1200  2026-11-19T02:02:03+01:00\n"},
		{60, "queue_                    total_\n" +
			"name                    contacts  newest\n" +
			"Complaints and returns      1200  2026-11-19T02:02:03+01:00\n"},
		{40, "queue_            total_\n" +
			"name            contacts  newest\n" +
			"Complaints an…      1200  2026-11-19T02…\n"},
		{20, "queue_name      Complaints and returns\n" +
			"total_contacts  1200\n" +
			"newest          2026-11-19T02:02:03+01:00\n"},
	} {
		if diff := cmp.Diff(test.want, g.table(test.width)); diff != "" {
			t.Errorf("%d: %s", test.width, diff)
		}
	}
}

func TestNarrowTerminalDropsSpareColumn(t *testing.T) {
	g := grid{columns: []string{"run", "published", "took"}, spare: "published"}
	g.add("nightly/2026-11-20T00-00-00Z", "2026-11-21T02:30:00Z", "4s")
	want := "run                           took\nnightly/2026-11-20T00-00-00Z  4s\n"
	if diff := cmp.Diff(want, g.table(40)); diff != "" {
		t.Error(diff)
	}
}

// TestCalmLogger: who watches bars sees no line for each step, unless with -v; warnings always.
func TestCalmLogger(t *testing.T) {
	for _, verbose := range []bool{false, true} {
		var out bytes.Buffer
		a := newApp(&out, &out)
		a.flags.verbose = verbose
		log := a.calmLogger(&out)
		log.Info("step finished")
		log.Warn("tables are missing")
		if got := strings.Contains(out.String(), "step finished"); got != verbose || !strings.Contains(out.String(), "missing") {
			t.Errorf("verbose %v: %s", verbose, &out)
		}
	}
}

func TestNoRowsIsAnEmptyList(t *testing.T) {
	var out bytes.Buffer
	if err := (&grid{columns: []string{"a"}}).write(&out, "json"); err != nil || out.String() != "[]\n" {
		t.Errorf("%q, %v", &out, err)
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", 1234567: "1,234,567"} {
		if got := count(n); got != want {
			t.Errorf("count(%d) = %s, want %s", n, got, want)
		}
	}
}
