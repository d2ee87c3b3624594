package web

import (
	"testing"

	statements "trunkline/sql"
)

// What chance brings, or what is of too few to tell, is neither good nor bad news.
func TestNewsIsMoreThanChance(t *testing.T) {
	rate := []statements.Term{{Column: "base"}}
	c := &cube{view: &statements.View{Columns: []statements.ViewColumn{{Name: "base", Unit: "contacts"}, {Name: "time", Unit: "ms"}}}}
	for name, a := range map[string]struct {
		unit                  string
		of                    []statements.Term
		now, n, before, nThen float64
		word                  string
	}{
		"z = 1.83":                 {"percent", rate, 12.5, 2604, 10.9, 2700, ""},
		"z = 2.14":                 {"percent", rate, 12.8, 2604, 10.9, 2700, "worse"},
		"a rate that fell":         {"percent", rate, 10.9, 2700, 12.8, 2604, "better"},
		"the same of fewer":        {"percent", rate, 12.8, 260, 10.9, 270, ""},
		"four events of 1000":      {"percent", rate, 0.8, 1000, 0, 1000, ""},
		"five of ten":              {"percent", rate, 90, 10, 10, 10, ""},
		"a share of time":          {"percent", []statements.Term{{Column: "time"}}, 50.4, 1e9, 50, 1e9, ""},
		"a greater share of time":  {"percent", []statements.Term{{Column: "time"}}, 51, 1e9, 50, 1e9, "worse"},
		"a score of four":          {"points", rate, 50, 4, -38.9, 54, ""},
		"a score of many":          {"points", rate, 50, 400, 30, 400, "worse"},
		"a score of many, by less": {"points", rate, 40, 400, 30, 400, ""},
		"a mean by 0.9 %":          {"ms", rate, 10090, 500, 10000, 500, ""},
		"a mean by 1.1 %":          {"ms", rate, 10110, 500, 10000, 500, "worse"},
		"a mean of few":            {"ms", rate, 20000, 29, 10000, 500, ""},
		"a sum by 0.9 %":           {"contacts", nil, 10090, 0, 10000, 0, ""},
		"a sum by 1.1 %":           {"contacts", nil, 10110, 0, 10000, 0, "worse"},
	} {
		m := &statements.Measure{ViewColumn: statements.ViewColumn{Unit: a.unit, Better: statements.Lower}, Denominator: a.of}
		got := compared(c, m, sample{&a.now, &a.n}, sample{&a.before, &a.nThen})
		class := map[string]string{"": "flat", "better": "good", "worse": "bad"}[a.word]
		if got.Word != a.word || got.Class != class {
			t.Errorf("%s: %q, %s; want %q, %s", name, got.Word, got.Class, a.word, class)
		}
	}
	unknown := 12.8
	if got := compared(c, &statements.Measure{Denominator: rate}, sample{&unknown, nil}, sample{}); got != nil {
		t.Errorf("against nothing: %v", got)
	}
}

// The pages judge a change by it: a board of few contacts has no word, and no colour.
func TestPagesTellChanceApart(t *testing.T) {
	c := small
	c.after = []string{"update unified_interactions set was_escalated = business_date > '2026-11-19' where customer_tier = 'SMB'", "update unified_interactions set was_escalated = hash(conversation_id) % 9 = 0 where customer_tier = 'Enterprise'"}
	s, _ := showing(t, c)
	root := show(t, s, "/explore?figure=contact_kpis_daily.escalation_rate_pct")
	for key, want := range map[string]string{"SMB": "delta bad", "Enterprise": "delta flat"} {
		for _, tr := range with(root, "data-key") {
			if attr(tr, "data-key") == key {
				if got := with(tr, "data-change"); len(got) != 1 || attr(got[0], "class") != want {
					t.Errorf("%s: %q, not %s", key, text(tr), want)
				}
			}
		}
	}
}
