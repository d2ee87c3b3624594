package scenario

import (
	"cmp"
	"math"
	"time"
)

// rounded is a number to so many decimals, halves away from zero.
func rounded(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(scale*v) / scale
}

// trend tells the escalations of each week and tier beside those of the week before.
func trend(rows []TruthRow) []cells {
	type key struct{ week, tier label }
	keys, members := groups(rows, func(r *TruthRow) (key, bool) {
		return key{label{monday(r.BusinessDate), true}, labelOf(r.CustomerTier)}, true
	}, func(a, b key) int { return cmp.Or(compareLabels(a.week, b.week), compareLabels(a.tier, b.tier)) })
	days := map[string]map[string]bool{}
	for _, r := range rows {
		week := monday(r.BusinessDate)
		if days[week] == nil {
			days[week] = map[string]bool{}
		}
		days[week][r.BusinessDate] = true
	}
	count := func(rows []*TruthRow) (known, escalated int64) {
		for _, r := range rows {
			known, escalated = known+one(r.WasEscalated != nil), escalated+one(yes(r.WasEscalated))
		}
		return known, escalated
	}
	var view []cells
	for _, k := range keys {
		known, escalated := count(members[k])
		row := cells{
			"week_start": k.week.cell(), "customer_tier": k.tier.cell(), "days": int64(len(days[k.week.text])),
			"total_contacts": int64(len(members[k])), "known_contacts": known, "escalated_contacts": escalated,
			"escalation_rate_pct": percent(escalated, known), "previous_known_contacts": nil, "previous_escalated_contacts": nil,
			"change_points": nil,
		}
		if before := members[key{label{daysFrom(k.week.text, -7), true}, k.tier}]; before != nil {
			knownThen, escalatedThen := count(before)
			row["previous_known_contacts"], row["previous_escalated_contacts"] = knownThen, escalatedThen
			if known > 0 && knownThen > 0 {
				row["change_points"] = math.Round(1000*(float64(escalated)/float64(known)-float64(escalatedThen)/float64(knownThen))) / 10
			}
		}
		view = append(view, row)
	}
	return view
}

func matched(r *TruthRow) bool { return r.CrmIDStatus == "ok" || r.CrmIDStatus == "merged" }

// bounds tells between what the rates by tier and industry lie, whoever the unmatched are.
func bounds(rows []TruthRow) []cells {
	var view []cells
	bound := func(kpi, dimension string, of func(*TruthRow) *string, fact func(*TruthRow) *bool) {
		var strangers, strange int64
		for i := range rows {
			if r := &rows[i]; !matched(r) && fact(r) != nil {
				strangers, strange = strangers+1, strange+one(*fact(r))
			}
		}
		keys, members := groups(rows, func(r *TruthRow) (label, bool) { return labelOf(of(r)), matched(r) }, compareLabels)
		for _, k := range keys {
			var known, events int64
			for _, r := range members[k] {
				known, events = known+one(fact(r) != nil), events+one(yes(fact(r)))
			}
			view = append(view, cells{
				"kpi": kpi, "dimension": dimension, "segment": k.cell(), "matched_contacts": known, "matched_events": events,
				"rate_pct": percent(events, known), "unmatched_contacts": strangers, "unmatched_events": strange,
				"lower_pct": percent(events, known+strangers-strange), "upper_pct": percent(events+strange, known+strange),
			})
		}
	}
	bound("escalation_rate_pct", "customer_tier", func(r *TruthRow) *string { return r.CustomerTier }, func(r *TruthRow) *bool { return r.WasEscalated })
	bound("containment_rate_pct", "industry", func(r *TruthRow) *string { return r.Industry }, contained)
	return view
}

// contained is whether a bot that took part settled it alone; nil without a bot, or while that is open.
func contained(r *TruthRow) *bool {
	if !yes(r.BotPresent) {
		return nil
	}
	return r.HandledByBotOnly
}

// segments tells what the accounts of each tier and industry are worth; rows are the contacts that count.
func (d *desk) segments(w *World, rows []TruthRow) []cells {
	calls := map[string]int64{}
	for i := range rows {
		if matched(&rows[i]) {
			calls[*rows[i].CrmAccountID]++
		}
	}
	open, amount := map[string]int64{}, map[string]float64{}
	priced := map[string]bool{}
	for _, o := range w.crm.opportunities {
		v, exists := o.At(d.at)
		account, _ := v.Fields["AccountId"].(string)
		if !exists || v.Deleted || v.Fields["IsClosed"] != false || account == "" {
			continue
		}
		id, _ := d.winner(account)
		open[id]++
		if money, ok := v.Fields["Amount"].(float64); ok {
			amount[id], priced[id] = amount[id]+money, true
		}
	}
	type key struct{ tier, industry label }
	view := map[key]cells{}
	money := func(row cells, column string, v float64) {
		was, _ := row[column].(float64)
		row[column] = was + v
	}
	for _, o := range w.crm.accounts {
		v, exists := o.At(d.at)
		if !exists || v.Deleted {
			continue
		}
		k := key{labelOf(words(v.Fields["Account_Tier__c"])), labelOf(words(v.Fields["Industry"]))}
		row := view[k]
		if row == nil {
			row = cells{
				"customer_tier": k.tier.cell(), "industry": k.industry.cell(), "accounts": int64(0), "contacting_accounts": int64(0),
				"contacts": int64(0), "valued_accounts": int64(0), "ltv_usd": nil, "contacting_ltv_usd": nil,
				"open_opportunities": int64(0), "open_amount": nil,
			}
			view[k] = row
		}
		for column, n := range map[string]int64{
			"accounts": 1, "contacting_accounts": one(calls[o.ID] > 0), "contacts": calls[o.ID], "open_opportunities": open[o.ID],
		} {
			row[column] = row[column].(int64) + n
		}
		if ltv, ok := v.Fields["Customer_LTV_USD__c"].(float64); ok {
			row["valued_accounts"] = row["valued_accounts"].(int64) + 1
			money(row, "ltv_usd", ltv)
			if calls[o.ID] > 0 {
				money(row, "contacting_ltv_usd", ltv)
			}
		}
		if priced[o.ID] {
			money(row, "open_amount", amount[o.ID])
		}
	}
	var all []cells
	for _, row := range view {
		row["contacts_per_1000_accounts"] = ratio(1000*row["contacts"].(int64), row["accounts"].(int64))
		for _, column := range []string{"ltv_usd", "contacting_ltv_usd", "open_amount"} {
			if v, known := row[column].(float64); known {
				row[column] = rounded(v, 2)
			}
		}
		all = append(all, row)
	}
	return all
}

// resolutions tells how cases of each tier end.
func (d *desk) resolutions(w *World) []cells {
	type tally struct {
		total, known, closed, timed int64
		seconds                     int64
	}
	tiers := map[label]*tally{}
	for _, o := range w.crm.cases {
		v, exists := o.At(d.at)
		if !exists || v.Deleted {
			continue
		}
		tier := label{}
		if account, ok := v.Fields["AccountId"].(string); ok {
			id, _ := d.winner(account)
			if a, there := d.byID[id].At(d.at); there {
				tier = labelOf(words(a.Fields["Account_Tier__c"]))
			}
		}
		n := tiers[tier]
		if n == nil {
			n = &tally{}
			tiers[tier] = n
		}
		n.total++
		if closed, known := v.Fields["IsClosed"].(bool); known {
			n.known, n.closed = n.known+1, n.closed+one(closed)
			end, ended := v.Fields["ClosedDate"].(time.Time)
			begun, begins := v.Fields["CreatedDate"].(time.Time)
			if closed && ended && begins && !end.Before(begun) {
				n.timed++
				n.seconds += end.Truncate(time.Second).Unix() - begun.Truncate(time.Second).Unix()
			}
		}
	}
	var view []cells
	for tier, n := range tiers {
		row := cells{
			"customer_tier": tier.cell(), "total_cases": n.total, "known_cases": n.known, "closed_cases": n.closed,
			"resolution_rate_pct": percent(n.closed, n.known), "timed_cases": n.timed, "resolution_hours": nil, "average_resolution_hours": nil,
		}
		if n.timed > 0 {
			hours := float64(n.seconds) / 3600
			row["resolution_hours"], row["average_resolution_hours"] = rounded(hours, 2), rounded(hours/float64(n.timed), 1)
		}
		view = append(view, row)
	}
	return view
}
