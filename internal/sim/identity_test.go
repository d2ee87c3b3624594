package sim_test

import (
	"encoding/json"
	"testing"

	"trunkline/internal/sim"
)

// figures are a metric's statistics in the aggregates.
type figures struct{ Count, Sum, Numerator, Denominator int64 }

// group is what the aggregates tell of a queue and medium.
type group map[string]figures

const aggregated = `"nOffered","nOverSla","nTransferred","nBlindTransferred","nConsultTransferred","oServiceLevel","tAbandon","tAcw",
	"tAnswered","tContacting","tDialing","tFlowOut","tHandle","tHeldComplete","tTalkComplete","tWait"`

// aggregates asks for a whole stretch at once, or in pieces that are added up.
func (d *caller) aggregates(interval, granularity string) map[string]group {
	d.t.Helper()
	var answer struct {
		Results []struct {
			Group map[string]string
			Data  []struct {
				Metrics []struct {
					Metric string
					Stats  figures
				}
			}
		}
	}
	d.post("/api/v2/analytics/conversations/aggregates/query",
		`{"interval":"`+interval+`","groupBy":["queueId","mediaType"],"metrics":[`+aggregated+`]`+granularity+`}`, &answer)
	groups := map[string]group{}
	for _, r := range answer.Results {
		key := r.Group["queueId"] + "/" + r.Group["mediaType"]
		groups[key] = group{}
		for _, data := range r.Data {
			for _, m := range data.Metrics {
				f := groups[key][m.Metric]
				groups[key][m.Metric] = figures{
					f.Count + m.Stats.Count, f.Sum + m.Stats.Sum, f.Numerator + m.Stats.Numerator, f.Denominator + m.Stats.Denominator,
				}
			}
		}
	}
	return groups
}

// The identities that hold in the real service hold in what is served.
func TestIdentitiesOfAggregates(t *testing.T) {
	config := small()
	config.PerDay = 600
	d := call(t, sim.Config{Scenario: config})
	interval := span(config.Start.AddDate(0, 0, -1), config.Start.AddDate(0, 0, config.Days+1))
	groups := d.aggregates(interval, "")
	queues := 0
	for key, g := range groups {
		handled := g["tTalkComplete"].Sum + g["tHeldComplete"].Sum + g["tAcw"].Sum + g["tDialing"].Sum + g["tContacting"].Sum
		if g["tHandle"].Count > 0 && g["tHandle"].Sum != handled {
			t.Errorf("%s: tHandle %d is not the sum of its parts %d", key, g["tHandle"].Sum, handled)
		}
		if g["nTransferred"].Count != g["nBlindTransferred"].Count+g["nConsultTransferred"].Count {
			t.Errorf("%s: transfers %+v", key, g)
		}
		if key[0] == '/' {
			continue
		}
		queues++
		left := g["tAnswered"].Count + g["tAbandon"].Count + g["tFlowOut"].Count
		waited := g["tAnswered"].Sum + g["tAbandon"].Sum + g["tFlowOut"].Sum
		if g["tWait"].Count != left || g["tWait"].Sum != waited {
			t.Errorf("%s: tWait %+v", key, g["tWait"])
		}
		// Whoever is still waiting was offered and has not left.
		if waiting := g["nOffered"].Count - left; waiting < 0 || waiting > 3 {
			t.Errorf("%s: %d offered, %d left the queue", key, g["nOffered"].Count, left)
		}
		level := figures{Numerator: g["tAnswered"].Count - g["nOverSla"].Count, Denominator: g["tAnswered"].Count + g["tAbandon"].Count}
		if g["oServiceLevel"] != level {
			t.Errorf("%s: service level %+v, want %+v", key, g["oServiceLevel"], level)
		}
	}
	if queues < config.Queues {
		t.Errorf("%d groups of a queue", queues)
	}
	for _, piece := range []string{"PT30M", "PT1H", "P1D"} {
		pieces := d.aggregates(interval, `,"granularity":"`+piece+`","timeZone":"America/New_York"`)
		for key, g := range groups {
			for name, f := range g {
				if pieces[key][name] != f {
					t.Errorf("%s in %s: %s is %+v, at once %+v", key, piece, name, pieces[key][name], f)
				}
			}
		}
	}
}

// The aggregates count what the details show, neither more nor less.
func TestAggregatesAgreeWithDetails(t *testing.T) {
	config := small()
	d := call(t, sim.Config{Scenario: config})
	from, to := config.Start.AddDate(0, 0, -1), config.Start.AddDate(0, 0, config.Days+1)
	want := map[string]figures{}
	for _, text := range d.job(span(from, to), 1000) {
		var c struct {
			Participants []struct {
				Sessions []struct {
					Metrics []struct {
						Name  string
						Value int64
					}
				}
			}
		}
		if json.Unmarshal(text, &c) != nil {
			continue // one of the records that nobody can read
		}
		for _, p := range c.Participants {
			for _, s := range p.Sessions {
				for _, m := range s.Metrics {
					f := want[m.Name]
					want[m.Name] = figures{Count: f.Count + 1, Sum: f.Sum + m.Value}
				}
			}
		}
	}
	got := map[string]figures{}
	for _, g := range d.aggregates(span(from, to), "") {
		for name, f := range g {
			got[name] = figures{Count: got[name].Count + f.Count, Sum: got[name].Sum + f.Sum}
		}
	}
	for _, name := range []string{"tAnswered", "tAbandon", "tFlowOut", "tHandle", "tAcw", "tTalkComplete", "tHeldComplete", "tDialing"} {
		if got[name] != want[name] || want[name].Count == 0 {
			t.Errorf("%s: aggregates %+v, details %+v", name, got[name], want[name])
		}
	}
	for _, name := range []string{"nOffered", "nOverSla", "nTransferred"} {
		if got[name].Count != want[name].Sum || want[name].Sum == 0 {
			t.Errorf("%s: aggregates %d, details %d", name, got[name].Count, want[name].Sum)
		}
	}
}
