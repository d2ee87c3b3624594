package web

import "testing"

// A finding says what its row says: too few to tell is not within chance, and which way is good is as the measure declares.
func TestVerdictsOfFindings(t *testing.T) {
	s, _ := showing(t, small)
	for _, c := range []struct {
		metric        string
		by            float64
		significant   any
		verdict, want string
	}{
		{"escalation_rate", 3, true, "more than chance", "bad"},
		{"escalation_rate", -3, true, "more than chance", "good"},
		{"containment_rate", 3, true, "more than chance", "good"},
		{"answer_rate", -3, true, "more than chance", "flat"},
		{"escalation_rate", 3, false, "within chance", "flat"},
		{"escalation_rate", 3, nil, "too few to tell", "flat"},
	} {
		f := s.findingOf(record{"metric": c.metric, "change_points": c.by, "is_significant": c.significant, "finding": "Rate: 4 % after 1 %; " + c.verdict})
		if f.Class != c.want || f.Chance != c.verdict {
			t.Errorf("%s by %g, %s: %s, %s, want %s", c.metric, c.by, c.verdict, f.Class, f.Chance, c.want)
		}
	}
	for _, metric := range []string{"escalation_rate", "abandon_rate", "containment_rate"} {
		if s.better(metric) == "" {
			t.Errorf("no view declares which way of %s is good", metric)
		}
	}
}
