package scenario

import (
	"bytes"
	"encoding/csv"
	"slices"
	"time"
)

// feelsRelease lets the flow say, where the world has a release, whether a contact that enters its first queue is escalated.
func (s *story) feelsRelease(t int64, q *Queue) {
	r := s.w.cfg.Release
	i := slices.IndexFunc(s.parts, func(p *participant) bool { return p.purpose == "customer" })
	if r.Name == "" || s.judged || i < 0 {
		return
	}
	s.judged = true
	share := r.Before
	touched := slices.ContainsFunc(s.w.queues[:min(r.Queues, len(s.w.queues))], func(x Queue) bool { return x.ID == q.ID })
	if touched && s.start >= s.w.dayStart(r.Day).UnixMilli() && s.w.tierAt(s.given.id, s.start) == r.Tier {
		share = r.After
	}
	escalated := newDice(s.w.cfg.Seed, streamRelease, s.parts[0].id[0], s.parts[0].id[1]).chance(share)
	value := "false"
	if escalated {
		value = "true"
	}
	s.says(s.parts[i], t, escalatedKey, value)
	s.tell(t, func(f *facts) { f.escalated = &escalated })
}

// tierAt is the tier of an account's customer at a moment, after the merges until then; empty for none.
func (w *World) tierAt(account string, ms int64) string {
	d := desk{at: time.UnixMilli(ms), byID: w.crm.byID}
	id, _ := d.winner(account)
	if o := w.crm.byID[id]; o != nil {
		if v, exists := o.At(d.at); exists {
			tier, _ := v.Fields["Account_Tier__c"].(string)
			return tier
		}
	}
	return ""
}

// ReleasedOn is the day of the world's release, YYYY-MM-DD.
func (w *World) ReleasedOn() string {
	return w.dayStart(w.cfg.Release.Day).In(w.cfg.Location).Format(time.DateOnly)
}

// Releases is the list of releases that a person in the world keeps, as CSV: the one of the story, and one of long before.
func (w *World) Releases() []byte {
	rows := [][]string{{"product", "release", "released_on", "note"}}
	if r := w.cfg.Release; r.Name != "" {
		rows = append(rows,
			[]string{r.Product, "before " + r.Name, w.cfg.Start.AddDate(0, 0, -60).Format(time.DateOnly), ""},
			[]string{r.Product, r.Name, w.ReleasedOn(), "new sign-in"})
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		panic("scenario: write to memory: " + err.Error())
	}
	return b.Bytes()
}
