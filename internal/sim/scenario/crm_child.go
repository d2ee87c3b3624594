package scenario

import (
	"fmt"
	"time"
)

// openOpportunities gives account i its opportunities: most are old, some open, close or vanish while the world goes on.
func (w *World) openOpportunities(i int) {
	d := newDice(w.cfg.Seed, streamOpportunity, uint64(i))
	account := w.crm.accounts[i]
	for range d.IntN(5) {
		n := uint64(len(w.crm.opportunities))
		o := &Object{ID: w.crmID(prefixOpportunity, streamOpportunity, n)}
		fields := map[string]any{
			"Name": fmt.Sprintf("Deal %d", n+1), "AccountId": account.ID,
			"Amount": float64(d.between(5, 4000) * 100), "StageName": "Proposal", "IsClosed": false, "IsWon": false,
		}
		if d.chance(0.1) {
			fields["Amount"] = nil
		}
		begun := w.longAgo(d)
		if d.chance(0.15) {
			begun = w.officeHour(d, 1+d.IntN(w.horizon()))
		}
		o.begins(begun, fields)
		w.lead(d, o)
		w.crm.opportunities = append(w.crm.opportunities, o)
	}
}

// lead takes an opportunity to its end, if it has one.
func (w *World) lead(d dice, o *Object) {
	won := func() map[string]any {
		if d.chance(0.6) {
			return map[string]any{"StageName": "Closed Won", "IsClosed": true, "IsWon": true}
		}
		return map[string]any{"StageName": "No decision", "IsClosed": true, "IsWon": false}
	}
	first := o.Versions[0].At
	switch u := d.Float64(); {
	case u < 0.35 && first.Before(w.cfg.Start.AddDate(0, 0, -40)):
		o.becomes(first.Add(20*24*time.Hour), won())
	case u < 0.50:
		o.becomes(w.officeHour(d, 1+d.IntN(w.horizon())), won())
	case u < 0.54:
		o.deleted(w.officeHour(d, 1+d.IntN(w.horizon())))
	}
}

var caseTypes = []any{"Billing", "Outage", "Delivery", "Contract", "Feature Request", nil}

// openCases gives account i its cases. Conversations name only those that exist before the world begins; these are never
// deleted.
func (w *World) openCases(i int) {
	d := newDice(w.cfg.Seed, streamCase, uint64(i))
	for range d.IntN(6) {
		n := uint64(len(w.crm.cases))
		o := &Object{ID: w.crmID(prefixCase, streamCase, n)}
		old := d.chance(0.75)
		begun := w.longAgo(d)
		if !old {
			begun = w.officeHour(d, 1+d.IntN(w.horizon()))
		}
		fields := map[string]any{
			"CaseNumber": fmt.Sprintf("%08d", 1000+n), "Subject": "Request", "AccountId": w.crm.accounts[i].ID,
			"Type": pick(d, caseTypes), "Status": pick(d, []any{"New", "Working", "Waiting on customer"}),
			"Priority": pick(d, []any{"Low", "Medium", "High"}), "IsClosed": false, "ClosedDate": nil,
		}
		if d.chance(0.03) {
			fields["AccountId"] = nil
		}
		o.begins(begun, fields)
		switch u := d.Float64(); {
		case u < 0.3:
			w.closeCase(o, begun.Add(10*24*time.Hour))
		case u < 0.5:
			w.closeCase(o, w.officeHour(d, 1+d.IntN(w.horizon())))
		case u < 0.55 && !old:
			o.deleted(w.officeHour(d, 1+d.IntN(w.horizon())))
		}
		w.crm.cases = append(w.crm.cases, o)
		if old {
			w.crm.casesOf[i] = append(w.crm.casesOf[i], o.ID)
		}
	}
}

func (w *World) closeCase(o *Object, at time.Time) {
	o.becomes(at, map[string]any{"Status": "Done", "IsClosed": true, "ClosedDate": at})
}
