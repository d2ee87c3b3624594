package genesys_test

import (
	"fmt"
	"strings"
	"testing"

	"trunkline/pipeline"
	"trunkline/schema"
	"trunkline/transforms/genesys"
)

// below gives the rows of one table of a tree.
func below[R schema.Row](tree []schema.Row) (rows []R) {
	for _, row := range tree {
		if r, ok := row.(R); ok {
			rows = append(rows, r)
		}
	}
	return rows
}

func treeOf(t *testing.T, body any) []schema.Row {
	t.Helper()
	_, trees := applyAll(t, genesys.Config{}, pipeline.Inputs{}, map[string][]pipeline.Record{"genesys.conversations": {record(t, body)}}, nil)
	if len(trees) != 1 {
		t.Fatalf("%d trees of one record", len(trees))
	}
	sound(t, trees[0])
	return trees[0]
}

// The derived grains add up to the row of the interaction: what was handled, and what became of each offer.
func TestLegsAndVisitsAddUpToTheInteraction(t *testing.T) {
	rows, trees := applyAll(t, genesys.Config{}, pipeline.Inputs{}, map[string][]pipeline.Record{"genesys.conversations": simulated(1500)}, nil)
	of := map[string]*schema.GenesysInteraction{}
	for _, row := range rows {
		if r, ok := row.(*schema.GenesysInteraction); ok {
			of[r.ConversationID] = r
		}
	}
	handled, visited := 0, 0
	for _, tree := range trees {
		row := of[tree[0].(*schema.Conversation).ConversationID]
		if row == nil {
			t.Fatalf("%+v has no interaction", tree[0])
		}
		var handle, handles int64
		for _, leg := range below[*schema.AgentLeg](tree) {
			if leg.HandleTimeMs != nil {
				handle, handles = handle+*leg.HandleTimeMs, handles+*leg.HandleCount
			}
		}
		if row.TimeSource == "metric" {
			handled++
			if *row.HandleTimeMs != handle || *row.HandleCount != handles {
				t.Errorf("%s was handled for %d ms in %d parts, its legs for %d in %d", row.ConversationID, *row.HandleTimeMs, *row.HandleCount, handle, handles)
			}
		}
		if row.OfferedCount == nil {
			continue
		}
		visited++
		outcomes := map[string]int64{}
		visits := below[*schema.QueueVisit](tree)
		for _, v := range visits {
			outcomes[v.Outcome]++
			if v.OverSla != nil && *v.OverSla {
				outcomes["late"]++
			}
		}
		got := [...]int64{int64(len(visits)), outcomes["answered"], outcomes["abandoned"], outcomes["flow_out"], outcomes["late"]}
		want := [...]int64{*row.OfferedCount, *row.AnsweredCount, *row.AbandonedCount, *row.FlowOutCount, *row.OverSlaCount}
		if got != want {
			t.Errorf("%s: visits, answered, abandoned, flowed out, late %v, want %v", row.ConversationID, got, want)
		}
	}
	if handled < 500 || visited < 500 || len(of) != len(trees) {
		t.Errorf("%d handled, %d offered of %d interactions and %d trees: too few to tell", handled, visited, len(of), len(trees))
	}
}

func TestAConversationWithThousandsOfSegments(t *testing.T) {
	const n = 5000
	parts := make([]any, 0, 2*n)
	for i := range n {
		parts = append(parts, seg("interact", float64(n-i), float64(n-i)+1, "q1"), emits("tTalk", 1000))
	}
	tree := treeOf(t, with(open(agent("a1", parts...)), m{"conversationEnd": stamp(n + 1)}))
	segments := below[*schema.Segment](tree)
	if len(segments) != n || len(below[*schema.SessionMetric](tree)) != n {
		t.Fatalf("%d segments, %d metrics", len(segments), len(below[*schema.SessionMetric](tree)))
	}
	for i, g := range segments { // the source lists the last one first
		if g.SegmentSeq != int64(i+1) || i > 0 && g.StartedAt.Before(*segments[i-1].StartedAt) {
			t.Fatalf("segment %d: %+v", i, g)
		}
	}
	if leg := below[*schema.AgentLeg](tree)[0]; *leg.TalkTimeMs != n*1000 {
		t.Errorf("talk time %d", *leg.TalkTimeMs)
	}
}

func TestLongAttributesAreKeptToWhereTheSourceCuts(t *testing.T) {
	set := m{}
	for i, text := range []string{"", "x", strings.Repeat("x", 1023), strings.Repeat("ü", 1024), strings.Repeat("€", 3000)} {
		set[fmt.Sprint("k", i)] = text
	}
	set[strings.Repeat("n", 1024)] = nil
	attributes := below[*schema.ParticipantAttribute](treeOf(t, ended(with(customer(), m{"participantId": "p1", "attributes": set}))))
	want := map[string]struct {
		runes     int
		truncated bool
	}{"k0": {0, false}, "k1": {1, false}, "k2": {1023, false}, "k3": {1024, true}, "k4": {1024, true}}
	if len(attributes) != len(want)+1 {
		t.Fatalf("%d attributes", len(attributes))
	}
	for _, a := range attributes {
		w, named := want[a.Name]
		switch {
		case !named && (len(a.Name) != 1024 || a.Value != nil):
			t.Errorf("%.10s… is %v", a.Name, a.Value)
		case named && (a.Value == nil || len([]rune(*a.Value)) != w.runes || a.ValueTruncated != w.truncated):
			t.Errorf("%s: %+v", a.Name, a)
		}
	}
}

// A name that is missing, comes twice or is too long is replaced by a place, so that nothing falls together.
func TestWhatHasNoNameHasAPlace(t *testing.T) {
	p := func(id any) m { return with(customer(seg("interact", 0, 1)), m{"participantId": id}) }
	participants := below[*schema.Participant](treeOf(t, ended(p("same"), p("same"), p(nil), p(strings.Repeat("l", 101)))))
	var keys []string
	for _, row := range participants {
		keys = append(keys, row.ParticipantID)
	}
	if got := strings.Join(keys, " "); got != "#2 #3 #4 same" {
		t.Errorf("keys %s", got)
	}
}

// Values that nobody has seen yet are kept as they are.
func TestUnknownValuesAreKept(t *testing.T) {
	tree := treeOf(t, ended(with(party("hologram", "", seg("levitating", 0, 1, "q1", "evaporated"), emits("tLevitate", 7), m{"mediaType": "thought"}), nil)))
	if s := below[*schema.Segment](tree)[0]; *s.SegmentType != "levitating" || *s.DisconnectType != "evaporated" {
		t.Errorf("%+v", s)
	}
	if p, s, x := below[*schema.Participant](tree)[0], below[*schema.Session](tree)[0], below[*schema.SessionMetric](tree)[0]; *p.Purpose != "hologram" ||
		*s.MediaType != "thought" || x.Name != "tLevitate" || x.Value != 7 {
		t.Errorf("%+v %+v %+v", p, s, x)
	}
}

func TestARejectHasNoTree(t *testing.T) {
	rows, trees := applyAll(t, genesys.Config{}, pipeline.Inputs{}, map[string][]pipeline.Record{"genesys.conversations": {
		record(t, with(ended(agent("a1", seg("interact", 0, 1))), m{"conversationStart": "yesterday"})),
	}}, nil)
	if len(rows) != 1 || len(trees) != 0 {
		t.Errorf("%d rows, %d trees", len(rows), len(trees))
	}
}
