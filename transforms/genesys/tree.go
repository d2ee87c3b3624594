package genesys

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"trunkline/schema"
)

// tree makes the rows of conversations and of the tables below it. The names in its keys are the source's; where it gives
// none, or one twice, a place stands for it.
type tree struct {
	f     *facts
	cells *cells
	names *directory
	days  *calendar
	rows  []schema.Row

	who  []string // by participant: his key
	line []int    // participants or legs in the order of their keys, which is that of the tables
	keys map[*session]string
	seen map[string]bool
}

// build gives all rows of a conversation, its own first.
func (t *tree) build(f *facts) []schema.Row {
	t.f, t.rows = f, nil
	if t.keys == nil {
		t.keys, t.seen = map[*session]string{}, map[string]bool{}
	}
	clear(t.keys)
	t.rows = append(t.rows, t.conversation())
	t.divisions()
	t.participants()
	t.sessions()
	t.judgements()
	t.agentLegs()
	t.queueVisits()
	return t.rows
}

func (t *tree) add(r schema.Row) { t.rows = append(t.rows, r) }

func (t *tree) conversation() *schema.Conversation {
	f, c := t.f, t.cells
	row := &schema.Conversation{
		ConversationID: f.ID, ConversationStart: f.Start.time(), ConversationEnd: c.moment(f.End), IsOpen: !f.End.ok(),
		BusinessDate: t.days.name(f.Start), ConferenceStart: c.moment(f.ConferenceStart),
		OriginatingDirection: c.text(f.Direction), Initiator: c.text(f.Initiator),
		CustomerParticipation: c.bools.copied(f.Participation), ExternalTag: c.text(f.ExternalTag),
		SelfServed: c.bools.copied(f.SelfServed), MinMos: c.reals.copied(f.MinMos), MinRFactor: c.reals.copied(f.MinRFactor),
	}
	return row
}

func (t *tree) divisions() {
	for i, id := range t.f.Divisions {
		if id != "" && !slices.Contains(t.f.Divisions[:i], id) {
			t.add(&schema.ConversationDivision{ConversationID: t.f.ID, DivisionID: id, Position: int64(i + 1)})
		}
	}
}

// key gives a name under which something is kept: its own if it has one that is not taken, else its place.
func (t *tree) key(id string, place int) string {
	if id == "" || len(id) > longestID || t.seen[id] {
		id = "#" + strconv.Itoa(place)
	}
	t.seen[id] = true
	return id
}

func (t *tree) participants() {
	clear(t.seen)
	t.who = t.who[:0]
	for i := range t.f.Participants {
		p := &t.f.Participants[i]
		t.who = append(t.who, t.key(p.ID, i+1))
	}
	t.inLine(len(t.who), func(a, b int) int { return cmp.Compare(t.who[a], t.who[b]) })
	for _, i := range t.line {
		p, key, c := &t.f.Participants[i], t.who[i], t.cells
		t.add(&schema.Participant{
			ConversationID: t.f.ID, ParticipantID: key, Position: int64(i + 1), Purpose: c.text(p.Purpose), Name: c.text(p.Name),
			UserID: c.text(p.UserID), TeamID: c.text(p.TeamID), ExternalContactID: c.text(p.ExternalContactID),
			ExternalOrganizationID: c.text(p.ExternalOrganizationID), FlaggedReason: c.text(p.FlaggedReason),
		})
	}
	for _, i := range t.line {
		t.attributes(&t.f.Participants[i], t.who[i])
	}
	for i := range t.f.Participants {
		clear(t.seen)
		for j := range t.f.Participants[i].Sessions {
			s := &t.f.Participants[i].Sessions[j]
			t.keys[s] = t.key(s.ID, j+1)
		}
	}
}

// cutAt is the length in characters at which the details jobs cut attributes. Other surfaces do not: what a day shows must not
// differ by where it was read.
const cutAt = 1024

// cut gives a text of at most cutAt characters, and whether it has that many.
func cut(text string) (string, bool) {
	if len(text) < cutAt || utf8.RuneCountInString(text) < cutAt {
		return text, false
	}
	n := 0
	for i := range text {
		if n == cutAt {
			return text[:i], true
		}
		n++
	}
	return text, true
}

// attributes keeps what was set on a participant, of two with one name the later.
func (t *tree) attributes(p *participant, who string) {
	if len(p.Attributes.raw) == 0 {
		return
	}
	first := len(t.rows)
	p.Attributes.each(func(name, value jsontext.Value) {
		text, long := cut(textOf(value))
		row := &schema.ParticipantAttribute{ConversationID: t.f.ID, ParticipantID: who, Name: textOf(name), ValueTruncated: long}
		if value.Kind() != 'n' {
			row.Value = t.cells.texts.keep(text)
		}
		for i := first; i < len(t.rows); i++ {
			if t.rows[i].(*schema.ParticipantAttribute).Name == row.Name {
				t.rows[i] = row
				return
			}
		}
		t.add(row)
	})
	slices.SortFunc(t.rows[first:], schema.CompareKey)
}

// inLine puts n things in an order.
func (t *tree) inLine(n int, order func(a, b int) int) {
	t.line = t.line[:0]
	for i := range n {
		t.line = append(t.line, i)
	}
	slices.SortFunc(t.line, order)
}

// sessions keeps the sessions with all that is in them. They are in their order in time; the rows are in that of their keys.
func (t *tree) sessions() {
	t.inLine(len(t.f.legs), func(a, b int) int {
		x, y := &t.f.legs[a], &t.f.legs[b]
		return cmp.Or(cmp.Compare(t.who[x.position], t.who[y.position]), cmp.Compare(t.keys[x.session], t.keys[y.session]))
	})
	for _, i := range t.line {
		l := &t.f.legs[i]
		t.session(l, int64(i+1))
		t.segments(l)
		t.metrics(l)
		t.outcomes(l)
	}
}

func (t *tree) session(l *leg, position int64) {
	c, s := t.cells, l.session
	row := &schema.Session{
		ConversationID: t.f.ID, ParticipantID: t.who[l.position], SessionID: t.keys[s], Position: position,
		StartedAt: c.ms(l.began), EndedAt: c.moment(s.ended()),
		MediaType: c.text(s.MediaType), MessageType: c.text(s.MessageType), Direction: c.text(s.Direction), PeerID: c.text(s.PeerID),
		Provider: c.text(s.Provider), Remote: c.text(s.Remote), Ani: c.text(s.ANI), Dnis: c.text(s.DNIS), SessionDnis: c.text(s.SessionDNIS),
		AddressFrom: c.text(s.AddressFrom), AddressTo: c.text(s.AddressTo),
		MonitoredParticipantID: c.text(s.Monitors), CoachedParticipantID: c.text(s.Coaches), BargedParticipantID: c.text(s.Barges),
		RequestedRoutings: c.text(sorted(s.RequestedRoutings)), UsedRouting: c.text(s.UsedRouting), SelectedAgentID: c.text(s.SelectedAgentID),
		CallbackScheduledAt: c.moment(s.CallbackScheduled), OutboundCampaignID: c.text(s.OutboundCampaignID),
		OutboundContactID: c.text(s.OutboundContactID), DispositionName: c.text(s.DispositionName), DeliveryStatus: c.text(s.DeliveryStatus),
		Authenticated: c.bools.copied(s.Authenticated), AcwSkipped: c.bools.copied(s.AcwSkipped), FlowOutType: c.text(s.FlowOutType),
	}
	if f := s.Flow; f != nil {
		row.FlowID, row.FlowName, row.FlowType, row.FlowVersion = c.text(f.ID), c.text(f.Name), c.text(f.Type), c.text(f.Version)
		row.FlowEntryReason, row.FlowExitReason = c.text(f.EntryReason), c.text(f.ExitReason)
		row.FlowTransferType, row.FlowTransferTarget = c.text(f.TransferType), c.text(f.TransferTarget)
	}
	t.add(row)
}

// sorted joins names in their alphabetical order.
func sorted(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(slices.Sorted(slices.Values(names)), ",")
}

// ended is when a session's last segment ended; absent while one runs.
func (s *session) ended() moment {
	last := s.last()
	if last == nil {
		return moment{}
	}
	return last.End
}

func (t *tree) segments(l *leg) {
	c := t.cells
	for seq, g := range inOrder(l.Segments, func(a, b *segment) int {
		return cmp.Or(compareMoments(a.Start, b.Start), cmp.Compare(a.Type, b.Type))
	}) {
		t.add(&schema.Segment{
			ConversationID: t.f.ID, ParticipantID: t.who[l.position], SessionID: t.keys[l.session], SegmentSeq: int64(seq + 1),
			StartedAt: c.moment(g.Start), EndedAt: c.moment(g.End), SegmentType: c.text(g.Type), QueueID: c.text(g.QueueID),
			DisconnectType: c.text(g.DisconnectType), WrapupCode: c.text(g.WrapUpCode), WrapupNote: c.text(g.WrapUpNote),
			Conference: c.bools.copied(g.Conference), ErrorCode: c.text(g.ErrorCode), Subject: c.text(g.Subject),
			RequestedLanguageID: c.text(g.RequestedLanguageID),
		})
	}
}

func (t *tree) metrics(l *leg) {
	for seq, m := range inOrder(l.Metrics, func(a, b *metric) int {
		return cmp.Or(compareMoments(a.Emit, b.Emit), cmp.Compare(a.Name, b.Name))
	}) {
		t.add(&schema.SessionMetric{
			ConversationID: t.f.ID, ParticipantID: t.who[l.position], SessionID: t.keys[l.session], MetricSeq: int64(seq + 1),
			Name: m.Name, Value: m.Value, EmittedAt: t.cells.moment(m.Emit),
		})
	}
}

func (t *tree) outcomes(l *leg) {
	if l.Flow == nil {
		return
	}
	c := t.cells
	for seq, o := range inOrder(l.Flow.Outcomes, func(a, b *flowOutcome) int {
		return cmp.Or(compareMoments(a.Start, b.Start), cmp.Compare(a.ID, b.ID))
	}) {
		t.add(&schema.FlowOutcome{
			ConversationID: t.f.ID, ParticipantID: t.who[l.position], SessionID: t.keys[l.session], OutcomeSeq: int64(seq + 1),
			FlowOutcomeID: c.text(o.ID), OutcomeValue: c.text(o.Value), StartedAt: c.moment(o.Start), EndedAt: c.moment(o.End),
		})
	}
}

// inOrder gives the elements of a list in another order, equal ones as they stand.
func inOrder[T any](list []T, order func(a, b *T) int) []*T {
	all := make([]*T, len(list))
	for i := range list {
		all[i] = &list[i]
	}
	if !slices.IsSortedFunc(all, order) {
		slices.SortStableFunc(all, order)
	}
	return all
}

// compareMoments orders moments in time; one that is not known is after all others.
func compareMoments(a, b moment) int {
	if a.ok() != b.ok() {
		if a.ok() {
			return -1
		}
		return 1
	}
	return cmp.Compare(a.ms, b.ms)
}
