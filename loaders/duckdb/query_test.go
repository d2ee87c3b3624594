package duckdb

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/loaders/loadertest"
	"trunkline/pipeline"
)

func TestValues(t *testing.T) {
	c := tempConfig(t)
	publish(t, openAll(t, c), "first", true)
	for expression, want := range map[string]any{
		"timestamp '2026-01-01 12:00:00.123456'":      "2026-01-01T12:00:00.123456Z",
		"timestamp '2026-01-01 12:00:00.12'":          "2026-01-01T12:00:00.12Z",
		"timestamptz '2026-01-01 12:00:00+01'":        "2026-01-01T11:00:00Z",
		"date '2026-01-01'":                           "2026-01-01",
		"time '09:30:00'":                             "09:30:00",
		"[1, 2, null]":                                JSON(`[1,2,null]`),
		"['a<b', 'c']":                                JSON(`["a<b","c"]`),
		"{'a': 1, 'b': [1.5]}":                        JSON(`{"a":1,"b":[1.5]}`),
		"map {'k': timestamp '2026-01-01 00:00:00'}":  JSON(`{"k":"2026-01-01T00:00:00Z"}`),
		"interval 1 day":                              JSON(`{"days":1,"months":0,"micros":0}`),
		"12.50::decimal(4,2)":                         12.5,
		"12345678901234567.89::decimal(19,2)":         "12345678901234567.89",
		"99999999999999999999::hugeint":               "99999999999999999999",
		"18446744073709551615::ubigint":               "18446744073709551615",
		"7::utinyint":                                 int64(7),
		"'nan'::double":                               "NaN",
		"uuid '11111111-2222-3333-4444-555555555555'": "11111111-2222-3333-4444-555555555555",
	} {
		if diff := cmp.Diff([][]any{{want}}, ask(t, c, "select "+expression)); diff != "" {
			t.Errorf("%s: %s", expression, diff)
		}
	}
}

func TestQueryIsOneStatement(t *testing.T) {
	c := tempConfig(t)
	publish(t, openAll(t, c), "first", true)
	err := Query(t.Context(), c, "select 1; select 2", &loadertest.Answer{})
	if e, ok := errors.AsType[*pipeline.Error](err); !ok || e.Code != "TL1009" || e.Kind != pipeline.Misuse {
		t.Errorf("%v, want TL1009", err)
	}
	ask(t, c, "select ';' as s; -- one; only")
}

func TestQueryOfAWithheldView(t *testing.T) {
	c := tempConfig(t)
	l := openAll(t, c)
	contacts(t, l, 10, 9)
	audit(t, l, pipeline.Audit{Run: "r", JoinLimit: 0.3})
	publish(t, l, "first", false)
	err := Query(t.Context(), c, contactsOfGold, &loadertest.Answer{})
	e, ok := errors.AsType[*pipeline.Error](err)
	if !ok || e.Code != "TL7003" || !strings.Contains(e.What, "escalation_by_tier is withheld since ") || !strings.Contains(e.What, "it's closed") {
		t.Errorf("%v, want TL7003 with time and reason", err)
	}
	err = Query(t.Context(), c, "select * from escalation_by_teir", &loadertest.Answer{})
	if errors.As(err, &e) && e.Code == "TL7003" {
		t.Errorf("a misspelt name is withheld: %v", err)
	}
}
