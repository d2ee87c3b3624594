package scenario

import (
	"cmp"
	"slices"
	"time"
)

// daysFrom is a day so many days later.
func daysFrom(date string, n int) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic("scenario: " + err.Error())
	}
	return day.AddDate(0, 0, n).Format(time.DateOnly)
}

// monday is the Monday of a day's week.
func monday(date string) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic("scenario: " + err.Error())
	}
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7).Format(time.DateOnly)
}

// repeats tells of the inbound contacts of known accounts whether they are repeats, within so many days of another; one of which that is not known is left out.
func repeats(rows []TruthRow, within int) map[string]bool {
	byAccount := map[string][]*TruthRow{}
	oldest := ""
	for i := range rows {
		r := &rows[i]
		if oldest == "" || r.BusinessDate < oldest {
			oldest = r.BusinessDate
		}
		if r.Direction != nil && *r.Direction == "inbound" && (r.CrmIDStatus == "ok" || r.CrmIDStatus == "merged") {
			byAccount[*r.CrmAccountID] = append(byAccount[*r.CrmAccountID], r)
		}
	}
	told := map[string]bool{}
	for _, contacts := range byAccount {
		slices.SortFunc(contacts, func(a, b *TruthRow) int {
			return cmp.Or(a.ConversationStart.Compare(b.ConversationStart), cmp.Compare(a.ConversationID, b.ConversationID))
		})
		for i, r := range contacts {
			since := daysFrom(r.BusinessDate, -within)
			switch {
			case i > 0 && contacts[i-1].BusinessDate >= since:
				told[r.ConversationID] = true
			case oldest <= since:
				told[r.ConversationID] = false
			}
		}
	}
	return told
}

func yes(b *bool) bool       { return b != nil && *b }
func positive(n *int64) bool { return n != nil && *n > 0 }

// contactFigures tells the figures of contacts by medium, tier and industry, and by a time that when gives.
func contactFigures(rows []TruthRow, again map[string]bool, column string, when func(date string) string) []cells {
	type key struct{ time, media, tier, industry label }
	keys, members := groups(rows, func(r *TruthRow) (key, bool) {
		return key{label{when(r.BusinessDate), true}, labelOf(r.MediaType), labelOf(r.CustomerTier), labelOf(r.Industry)}, true
	}, func(a, b key) int { return compareLabels(a.time, b.time) })
	var view []cells
	for _, k := range keys {
		rows := members[k]
		row := cells{column: k.time.cell(), "media_type": k.media.cell(), "customer_tier": k.tier.cell(), "industry": k.industry.cell()}
		tally := func(name string, counts func(*TruthRow) bool) int64 {
			var n int64
			for _, r := range rows {
				n += one(counts(r))
			}
			row[name] = n
			return n
		}
		add := func(name string, of func(*TruthRow) *int64) sum {
			var s sum
			for _, r := range rows {
				s.add(of(r))
			}
			row[name] = s.cell()
			return s
		}
		row["contacts"] = int64(len(rows))
		handles := add("handle_count", func(r *TruthRow) *int64 { return r.HandleCount }).v
		row["average_handle_time_ms"] = average(add("handle_time_ms", func(r *TruthRow) *int64 { return r.HandleTimeMs }), handles)
		row["average_acw_time_ms"] = average(add("acw_time_ms", func(r *TruthRow) *int64 { return r.AcwTimeMs }), handles)
		held := tally("held_contacts", func(r *TruthRow) bool { return positive(r.HoldTimeMs) })
		row["average_hold_time_ms"] = average(add("hold_time_ms", func(r *TruthRow) *int64 { return r.HoldTimeMs }), held)
		answers := add("answered_count", func(r *TruthRow) *int64 { return r.AnsweredCount }).v
		row["average_speed_of_answer_ms"] = average(add("answer_time_ms", func(r *TruthRow) *int64 { return r.AnswerTimeMs }), answers)
		offered := tally("offered_contacts", func(r *TruthRow) bool { return positive(r.OfferedCount) && r.Abandoned != nil })
		row["abandon_rate_pct"] = percent(tally("abandoned_contacts", func(r *TruthRow) bool { return positive(r.OfferedCount) && yes(r.Abandoned) }), offered)
		tally("short_abandoned_contacts", func(r *TruthRow) bool { return positive(r.OfferedCount) && yes(r.ShortAbandon) })
		handled := tally("handled_contacts", func(r *TruthRow) bool { return positive(r.AgentCount) && r.Transferred != nil })
		row["transfer_rate_pct"] = percent(tally("transferred_contacts", func(r *TruthRow) bool { return positive(r.AgentCount) && yes(r.Transferred) }), handled)
		tally("blind_transferred_contacts", func(r *TruthRow) bool { return positive(r.AgentCount) && yes(r.BlindTransferred) })
		tally("consult_transferred_contacts", func(r *TruthRow) bool { return positive(r.AgentCount) && yes(r.ConsultTransferred) })
		bots := tally("bot_contacts", func(r *TruthRow) bool { return yes(r.BotPresent) && r.HandledByBotOnly != nil })
		row["containment_rate_pct"] = percent(tally("contained_contacts", func(r *TruthRow) bool { return yes(r.BotPresent) && yes(r.HandledByBotOnly) }), bots)
		known := tally("known_contacts", func(r *TruthRow) bool { return r.WasEscalated != nil })
		row["escalation_rate_pct"] = percent(tally("escalated_contacts", func(r *TruthRow) bool { return yes(r.WasEscalated) }), known)
		base := tally("repeat_base", func(r *TruthRow) bool { _, told := again[r.ConversationID]; return told })
		row["repeat_rate_pct"] = percent(tally("repeat_contacts", func(r *TruthRow) bool { return again[r.ConversationID] }), base)
		scores(row, rows)
		view = append(view, row)
	}
	return view
}

// scores fills in what customers and evaluators say.
func scores(row cells, rows []*TruthRow) {
	judge := func(name string, of func(*TruthRow) *float64) {
		var n int64
		var all float64
		for _, r := range rows {
			if v := of(r); v != nil {
				n, all = n+1, all+*v
			}
		}
		row[name+"_count"], row[name+"_sum"], row["average_"+name] = n, nil, nil
		if n > 0 {
			row[name+"_sum"], row["average_"+name] = all, all/float64(n)
		}
	}
	judge("csat", func(r *TruthRow) *float64 { return r.CsatScore })
	judge("qa", func(r *TruthRow) *float64 { return r.QaScore })
	var n, fans, critics int64
	for _, r := range rows {
		if r.Nps != nil {
			n, fans, critics = n+1, fans+one(*r.Nps >= 9), critics+one(*r.Nps <= 6)
		}
	}
	row["nps_count"], row["promoters"], row["detractors"], row["net_promoter_score"] = n, fans, critics, percent(fans-critics, n)
	if fans < critics {
		row["net_promoter_score"] = -percent(critics-fans, n).(float64)
	}
}

// satisfaction tells the scores of each day, medium, queue and agent.
func satisfaction(rows []TruthRow) []cells {
	type key struct{ date, media, queue, queueName, agent, agentName label }
	keys, members := groups(rows, func(r *TruthRow) (key, bool) {
		return key{
			label{r.BusinessDate, true}, labelOf(r.MediaType), labelOf(r.QueueID), labelOf(r.QueueName), labelOf(r.AgentID), labelOf(r.AgentName),
		}, r.AgentID != nil
	}, func(a, b key) int { return compareLabels(a.date, b.date) })
	var view []cells
	for _, k := range keys {
		row := cells{
			"business_date": k.date.cell(), "media_type": k.media.cell(), "queue_id": k.queue.cell(), "queue_name": k.queueName.cell(),
			"agent_id": k.agent.cell(), "agent_name": k.agentName.cell(), "contacts": int64(len(members[k])),
		}
		scores(row, members[k])
		view = append(view, row)
	}
	return view
}
