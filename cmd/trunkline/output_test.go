package main

import (
	"bytes"
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
		"jsonl": `{"tier":"Enterprise, <EU>","n":1200,"rate":12.5,"at":"2026-11-19T01:02:03+01:00"}` + "\n" +
			`{"tier":"小さい\u001b[31m","n":-7,"rate":null,"at":null}` + "\n" + `{"tier":null,"n":0,"rate":100,"at":null}` + "\n",
		"json": "[\n  {\n    \"tier\": \"Enterprise, <EU>\",\n    \"n\": 1200,\n    \"rate\": 12.5,\n    \"at\": \"2026-11-19T01:02:03+01:00\"\n  },\n" +
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
