package scenario

import "time"

// Ledger is the truth about a world: a row for each conversation, the cells of the views made from them, and the records that
// no reader can take.
type Ledger struct {
	Interactions []TruthRow                  // by start, then id
	Views        map[string][]map[string]any // by view; a map a row, nil is NULL
	Rejects      []Reject
}

// Reject is a conversation whose record is broken on purpose.
type Reject struct{ ConversationID, Kind string }

// Ledger is the truth of all conversations begun before upTo: their facts as of lake, the CRM's as of crm.
func (w *World) Ledger(lake, crm, upTo time.Time) *Ledger {
	l := &Ledger{}
	desk := w.deskAt(crm)
	var legs, visits []cells
	for c := range w.StartedOn(w.cfg.Start, upTo, lake) {
		if kind := c.Broken(); kind != "" {
			l.Rejects = append(l.Rejects, Reject{c.ID, kind})
			continue
		}
		row := TruthRow{Truth: c.Truth(lake)}
		desk.knows(&row)
		l.Interactions = append(l.Interactions, row)
		worked, waited := c.grains(lake)
		legs, visits = append(legs, worked...), append(visits, waited...)
	}
	w.trusstTells(l, upTo, crm)
	l.Views = views(l.Interactions, repeats(l.Interactions, w.cfg.RepeatDays), legs, visits)
	l.Views["revenue_by_segment"] = desk.segments(w, lastDays(l.Interactions, 30))
	l.Views["what_changed"] = w.changed(l.Interactions)
	l.Views["case_resolution_by_tier"] = desk.resolutions(w)
	settle(l.Views)
	return l
}

// desk is the CRM as somebody at it sees it at one moment.
type desk struct {
	at                       time.Time
	byID                     map[string]*Object
	opportunities, openCases map[string]int64 // by the account that they belong to after all merges
}

func (w *World) deskAt(at time.Time) *desk {
	d := &desk{at: at, byID: w.crm.byID}
	d.opportunities, d.openCases = d.open(w.crm.opportunities), d.open(w.crm.cases)
	return d
}

// open counts the records that are neither closed nor deleted, by account.
func (d *desk) open(records []*Object) map[string]int64 {
	n := map[string]int64{}
	for _, o := range records {
		v, exists := o.At(d.at)
		if !exists || v.Deleted || v.Fields["IsClosed"] == true {
			continue
		}
		if account, ok := v.Fields["AccountId"].(string); ok {
			if id, _ := d.winner(account); id != "" {
				n[id]++
			}
		}
	}
	return n
}

// winner follows the merges from an account to the one that is left, and says whether there were any.
func (d *desk) winner(id string) (string, bool) {
	merged := false
	for {
		o := d.byID[id]
		if o == nil {
			return id, merged
		}
		v, exists := o.At(d.at)
		if !exists || v.MasterRecordID == "" {
			return id, merged
		}
		id, merged = v.MasterRecordID, true
	}
}

// knows fills in what the CRM says of the row's customer.
func (d *desk) knows(row *TruthRow) {
	if row.CrmCaseID != nil {
		if o := d.byID[*row.CrmCaseID]; o != nil {
			if v, exists := o.At(d.at); exists {
				row.CaseCategory = words(v.Fields["Type"])
			}
		}
	}
	if row.CrmAccountID == nil {
		return
	}
	id, merged := d.winner(*row.CrmAccountID)
	o := d.byID[id]
	if o == nil {
		row.CrmIDStatus = "unknown_account"
		return
	}
	v, exists := o.At(d.at)
	if !exists || v.Deleted {
		row.CrmIDStatus = "unknown_account"
		return
	}
	if merged {
		row.CrmIDStatus = "merged"
	}
	row.CrmAccountID = &id
	row.CustomerTier, row.AccountOwner = words(v.Fields["Account_Tier__c"]), words(v.Fields["Owner.Name"])
	row.CrmAccountName, row.Industry = words(v.Fields["Name"]), words(v.Fields["Industry"])
	if ltv, ok := v.Fields["Customer_LTV_USD__c"].(float64); ok {
		row.LtvUsd = &ltv
	}
	row.OpenOpportunityCount, row.OpenCaseCount = new(d.opportunities[id]), new(d.openCases[id])
	if then, existed := o.At(row.ConversationStart); existed {
		row.CustomerTierAtContact = words(then.Fields["Account_Tier__c"])
	}
}

// words is a field's text; nil for none.
func words(field any) *string {
	if s, ok := field.(string); ok {
		return &s
	}
	return nil
}
