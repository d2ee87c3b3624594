package scenario

import "strings"

// identity is the id of a CRM record as a flow hands it on, and the record that it means.
type identity struct {
	given string // empty: none
	id    string // 18 characters; empty: given is no such id
}

const (
	accountKey   = "sfAccountId"
	caseKey      = "sfCaseId"
	escalatedKey = "escalated"
)

// identify draws the account that the customer belongs to, and how well the flow knows it.
func (s *story) identify() identity {
	mix, d := s.w.cfg.Shares, s.d
	u := d.Float64()
	if u < mix.NoAccount {
		return identity{}
	}
	if u -= mix.NoAccount; u < mix.MalformedID {
		return identity{given: s.malformed()}
	}
	if u -= mix.MalformedID; u < mix.OrphanID {
		id := s.w.crmID(prefixAccount, streamKey, uint64(d.IntN(1e6)))
		return identity{spelled(d, id), id}
	}
	i := pick(d, s.w.crm.common)
	if u -= mix.OrphanID; u < mix.MergedID && len(s.w.crm.losers) > 0 {
		i = pick(d, s.w.crm.losers)
	}
	id := s.w.crm.accounts[i].ID
	return identity{spelled(d, id), id}
}

// malformed draws something that is no account id.
func (s *story) malformed() string {
	good := s.w.crm.accounts[s.d.IntN(len(s.w.crm.accounts))].ID
	switch s.d.IntN(6) {
	case 0:
		return good[:14]
	case 1:
		return good[:17]
	case 2:
		return good[:9] + "-" + good[10:15]
	case 3:
		return good[:15] + "999"
	case 4:
		if len(s.w.crm.cases) > 0 {
			return pick(s.d, s.w.crm.cases).ID // a case where an account belongs
		}
	}
	return pick(s.d, []string{"N/A", "null", "unknown caller"})
}

// says sets an attribute of a participant at t.
func (s *story) says(p *participant, t int64, key, value string) {
	p.attributes = append(p.attributes, attribute{key, value, t})
}

// presents sets the customer's attributes, as flows do it: under this key or that, or on another participant later.
func (s *story) presents(p *participant, t int64) {
	s.says(p, t, "Customer Segment", pick(s.d, []string{"A", "B", "C"}))
	if s.odd == oddLongText {
		s.says(p, t, "transcript", strings.Repeat("ü long text ", 200))
	}
	if s.d.chance(s.w.cfg.Shares.Escalated) {
		s.flags(p, t)
	}
	s.presentsCase(p, t)
	if s.given.given == "" {
		if s.d.chance(0.3) {
			s.says(p, t, accountKey, "")
		}
		return
	}
	u := s.d.Float64()
	if p.purpose != "customer" {
		u = 1 // one who speaks for the customer carries the plain key, and nobody else does
	}
	if u < 0.08 { // left to whoever joins next
		s.passing = true
		if s.d.chance(0.5) {
			s.says(p, t, accountKey, "")
		}
		return
	}
	key := accountKey
	switch {
	case u < 0.18:
		key = "context." + accountKey
	case u < 0.26:
		key = strings.ToUpper(accountKey)
	case u < 0.34: // others carry an older id, or nothing
		s.stale = pick(s.d, []string{"", s.w.crm.accounts[pick(s.d, s.w.crm.common)].ID})
		s.passing = true
	}
	s.says(p, t, key, s.given.given)
	s.known(t)
}

// carries sets what a participant other than the customer has of the customer's attributes.
func (s *story) carries(p *participant, t int64) {
	if !s.passing {
		return
	}
	s.passing = false
	if s.isKnown {
		s.says(p, t, accountKey, s.stale)
		return
	}
	s.says(p, t, accountKey, s.given.given)
	s.known(t)
}

func (s *story) known(t int64) {
	s.isKnown = true
	given := s.given
	s.tell(t, func(f *facts) { f.account = given })
}

// presentsCase names one of the account's cases.
func (s *story) presentsCase(p *participant, t int64) {
	if !s.d.chance(s.w.cfg.Shares.CaseID) {
		return
	}
	if s.d.chance(0.02) {
		s.says(p, t, caseKey, "CASE-17")
		return
	}
	cases := s.w.crm.casesOf[s.d.IntN(len(s.w.crm.casesOf))]
	if len(cases) == 0 {
		return
	}
	id := pick(s.d, cases)
	given := spelled(s.d, id)
	s.says(p, t, caseKey, given)
	s.tell(t, func(f *facts) { f.caseID = identity{given, id} })
}

// flags sets the flow's own flag of an escalation.
func (s *story) flags(p *participant, t int64) {
	value := pick(s.d, []string{"true", "TRUE", "1", "yes", "false"})
	if s.w.cfg.Release.Name != "" { // there the flow says it at the queue
		return
	}
	s.says(p, t, escalatedKey, value)
	s.tell(t, func(f *facts) { f.escalated = new(value != "false") })
}
