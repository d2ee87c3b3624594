package scenario

import (
	"testing"
	"time"
)

// The identities that hold in what the real interface serves: per session, per queue visit and per conversation.
func TestMetricIdentities(t *testing.T) {
	w := New(busy())
	for _, at := range []time.Time{w.dayStart(1), w.dayStart(2).Add(15 * time.Hour), w.dayStart(30)} {
		queues := map[string]map[string]int64{}
		for c := range w.Overlapping(w.dayStart(0), at, at) {
			r := read(t, c, at)
			for _, l := range r.legs() {
				checkSession(t, c.ID, l)
			}
			checkWaits(t, c, &r, at)
			for _, m := range c.Emitted(at) {
				if queues[m.QueueID] == nil {
					queues[m.QueueID] = map[string]int64{}
				}
				queues[m.QueueID]["#"+m.Name]++
				queues[m.QueueID][m.Name] += m.Value
				if m.Emit.After(at) {
					t.Errorf("%s: %s of %s is emitted at %s", c.ID, m.Name, m.Emit, at)
				}
			}
		}
		for id, q := range queues {
			if q["tHandle"] != q["tContacting"]+q["tDialing"]+q["tTalkComplete"]+q["tHeldComplete"]+q["tAcw"] && at.Equal(w.dayStart(30)) {
				t.Errorf("queue %s: handling does not add up: %v", id, q)
			}
			if id != "" && q["nOffered"] != q["#tAnswered"]+q["#tAbandon"]+q["#tFlowOut"] && at.Equal(w.dayStart(30)) {
				t.Errorf("queue %s: offers do not add up: %v", id, q)
			}
		}
	}
}

func checkSession(t *testing.T, id string, l readLeg) {
	t.Helper()
	n, sum := map[string]int64{}, map[string]int64{}
	for _, m := range l.ses.Metrics {
		n[m.Name]++
		sum[m.Name] += m.Value
	}
	if n["tHandle"] > 0 && sum["tHandle"] != sum["tContacting"]+sum["tDialing"]+sum["tTalk"]+sum["tHeld"]+sum["tAcw"] {
		t.Errorf("%s: tHandle %d is not the sum of its parts: %v", id, sum["tHandle"], sum)
	}
	if n["tTalkComplete"] > 0 && sum["tTalkComplete"] != sum["tTalk"] || n["tHeldComplete"] > 0 && sum["tHeldComplete"] != sum["tHeld"] {
		t.Errorf("%s: stretches and totals differ: %v", id, sum)
	}
	if sum["nTransferred"] != sum["nBlindTransferred"]+sum["nConsultTransferred"] {
		t.Errorf("%s: transfers differ: %v", id, sum)
	}
	for _, name := range []string{"tHandle", "tAcw", "tAnswered", "tTalkComplete", "tHeldComplete", "tAcd"} {
		if n[name] > 1 {
			t.Errorf("%s: %d %s in a session", id, n[name], name)
		}
	}
	if l.supervises() && n["tHandle"]+n["tTalk"]+n["tAnswered"] > 0 {
		t.Errorf("%s: a lead who listens in handles: %v", id, sum)
	}
	for name := range sum {
		if l.p.Purpose != "acd" && (name == "nOffered" || name == "tAbandon" || name == "tFlowOut") {
			t.Errorf("%s: %s on a session of %s", id, name, l.p.Purpose)
		}
	}
}

// checkWaits: every queue visit that is over ended in exactly one way, and late answers are those later than the target.
func checkWaits(t *testing.T, c *Conversation, r *record, at time.Time) {
	t.Helper()
	offered, _ := r.total("nOffered")
	answered, _ := r.total("tAnswered")
	abandoned, _ := r.total("tAbandon")
	out, _ := r.total("tFlowOut")
	over, _ := r.total("tAcd")
	if over != answered+abandoned+out {
		t.Errorf("%s: %d visits over, %d answered, %d abandoned, %d flowed out", c.ID, over, answered, abandoned, out)
	}
	if r.ConversationEnd != nil && offered != over {
		t.Errorf("%s has ended with %d offers and %d visits over", c.ID, offered, over)
	}
	targets := map[string]int64{}
	for _, q := range c.world.queues {
		targets[q.ID] = q.Target.Milliseconds()
	}
	for _, l := range r.legs() {
		for _, m := range l.ses.Metrics {
			if m.Name == "tAnswered" && l.has("nOverSla") != (m.Value > targets[l.queue()]) {
				t.Errorf("%s: answered after %d ms, target %d, nOverSla %v", c.ID, m.Value, targets[l.queue()], l.has("nOverSla"))
			}
			if m.EmitDate.After(at) {
				t.Errorf("%s: %s is visible before it is emitted", c.ID, m.Name)
			}
		}
		for _, g := range l.ses.Segments {
			if g.SegmentStart.After(at) || g.SegmentEnd != nil && (g.SegmentEnd.After(at) || g.SegmentEnd.Before(*g.SegmentStart)) {
				t.Errorf("%s: segment %+v is visible at %s", c.ID, g, at)
			}
		}
	}
	for _, e := range r.Evaluations {
		if e.EventTime.After(at) {
			t.Errorf("%s: evaluated in the future", c.ID)
		}
	}
}

func TestAggregatesShowWhatDetailsShow(t *testing.T) {
	w := New(small())
	at := w.dayStart(20)
	for c := range w.StartedOn(w.dayStart(0), w.dayStart(1), at) {
		r := read(t, c, at)
		sums := map[string]int64{}
		for _, m := range c.Emitted(at) {
			sums[m.Name] += m.Value
		}
		for name, sum := range sums {
			if _, want := r.total(name); sum != want {
				t.Errorf("%s: %s %d, details %d", c.ID, name, sum, want)
			}
		}
	}
}
