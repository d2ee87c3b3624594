package scenario

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// What a reader of the interface sees, and the rules by which he makes columns of it. It stands in the tests only: the truth
// must agree with it without ever having used it.
type (
	record struct {
		ConversationID       string
		ConversationStart    *time.Time
		ConversationEnd      *time.Time
		OriginatingDirection string
		DivisionIDs          []string
		SelfServed           *bool
		Participants         []recordParticipant
		Evaluations          []recordEvaluation
		Surveys              []recordSurvey
	}
	recordParticipant struct {
		ParticipantID, Purpose, UserID, ExternalContactID string
		Attributes                                        map[string]string
		Sessions                                          []recordSession
	}
	recordSession struct {
		SessionID, MediaType, MessageType, Direction string
		MonitoredParticipantID                       string
		CoachedParticipantID                         string
		BargedParticipantID                          string
		Flow                                         *struct{ FlowID, FlowName, FlowType, ExitReason string }
		Segments                                     []recordSegment
		Metrics                                      []recordMetric
	}
	recordSegment struct {
		SegmentStart, SegmentEnd                         *time.Time
		SegmentType, QueueID, DisconnectType, WrapUpCode string
		Conference                                       bool
	}
	recordMetric struct {
		Name     string
		Value    int64
		EmitDate time.Time
	}
	recordEvaluation struct {
		EvaluationID, EvaluationStatus, CalibrationID string
		EventTime                                     time.Time
		Rescored, Deleted                             bool
		OTotalScore                                   *int64
	}
	recordSurvey struct {
		SurveyID, SurveyStatus string
		SurveyCompletedDate    *time.Time
		SurveyPartialResponse  bool
		OSurveyTotalScore      *int64
		SurveyPromoterScore    *int64
	}
)

func read(t *testing.T, c *Conversation, at time.Time) record {
	t.Helper()
	var r record
	if err := json.Unmarshal(c.AppendJSON(nil, at, true), &r); err != nil {
		t.Fatalf("%s: %v", c.ID, err)
	}
	return r
}

// readLeg is a session with its participant.
type readLeg struct {
	p   *recordParticipant
	ses *recordSession
}

func (l readLeg) begins() time.Time {
	var first time.Time
	for _, g := range l.ses.Segments {
		if first.IsZero() || g.SegmentStart.Before(first) {
			first = *g.SegmentStart
		}
	}
	return first
}

func (l readLeg) has(names ...string) bool {
	return slices.ContainsFunc(l.ses.Metrics, func(m recordMetric) bool { return slices.Contains(names, m.Name) })
}

func (l readLeg) spent(kinds ...string) (n int, ms int64) {
	for _, g := range l.ses.Segments {
		if slices.Contains(kinds, g.SegmentType) && g.SegmentEnd != nil {
			n, ms = n+1, ms+g.SegmentEnd.Sub(*g.SegmentStart).Milliseconds()
		}
	}
	return n, ms
}

func (l readLeg) supervises() bool {
	return l.ses.MonitoredParticipantID+l.ses.CoachedParticipantID+l.ses.BargedParticipantID != "" ||
		slices.ContainsFunc(l.ses.Segments, func(g recordSegment) bool { return g.SegmentType == "monitoring" || g.SegmentType == "coaching" })
}

func (l readLeg) answered() bool {
	return l.has("tAnswered", "tTalk", "tTalkComplete") ||
		slices.ContainsFunc(l.ses.Segments, func(g recordSegment) bool { return g.SegmentType == "interact" })
}

func (l readLeg) queue() string {
	id := ""
	for _, g := range l.ses.Segments {
		id = cmp.Or(g.QueueID, id)
	}
	return id
}

// last is the leg's last segment, by end, a running one last of all.
func (l readLeg) last(kinds ...string) recordSegment {
	var last recordSegment
	for _, g := range l.ses.Segments {
		if len(kinds) > 0 && !slices.Contains(kinds, g.SegmentType) {
			continue
		}
		if g.SegmentEnd == nil || last.SegmentStart == nil || g.SegmentStart.After(*last.SegmentStart) {
			last = g
		}
	}
	return last
}

// legs are all sessions in the order in which they begin, those without segments last.
func (r *record) legs() []readLeg {
	var all []readLeg
	for i := range r.Participants {
		for j := range r.Participants[i].Sessions {
			all = append(all, readLeg{&r.Participants[i], &r.Participants[i].Sessions[j]})
		}
	}
	slices.SortStableFunc(all, func(a, b readLeg) int {
		x, y := a.begins(), b.begins()
		switch {
		case x.IsZero() != y.IsZero():
			return map[bool]int{true: 1, false: -1}[x.IsZero()]
		default:
			return x.Compare(y)
		}
	})
	return all
}

func keep(from []readLeg, which func(readLeg) bool) []readLeg {
	var some []readLeg
	for _, l := range from {
		if which(l) {
			some = append(some, l)
		}
	}
	return some
}

func purposed(purposes ...string) func(readLeg) bool {
	return func(l readLeg) bool { return slices.Contains(purposes, l.p.Purpose) }
}

func (r *record) total(name string) (n int, ms int64) {
	for _, l := range r.legs() {
		for _, m := range l.ses.Metrics {
			if m.Name == name {
				n, ms = n+1, ms+m.Value
			}
		}
	}
	return n, ms
}

func (r *record) known(name string) *int64 {
	if n, ms := r.total(name); n > 0 {
		return &ms
	}
	return nil
}

// attribute looks a key up: the customer's first, then anybody's latest.
func (r *record) attribute(key string) string {
	found := ""
	for _, ofCustomer := range []bool{false, true} {
		for _, p := range r.Participants {
			if (p.Purpose == "customer") != ofCustomer {
				continue
			}
			for name, value := range p.Attributes {
				if strings.EqualFold(strings.TrimPrefix(name, "context."), key) && value != "" {
					found = value
				}
			}
		}
	}
	return found
}
