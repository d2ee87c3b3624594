package scenario

import "cmp"

// queueDay is the key of the daily views.
type queueDay struct{ date, media, queue, name label }

func compareQueueDays(a, b queueDay) int {
	return cmp.Or(compareLabels(a.date, b.date), compareLabels(a.queue, b.queue), compareLabels(a.media, b.media))
}

func queueDayOf(r *TruthRow) queueDay {
	return queueDay{label{r.BusinessDate, true}, labelOf(r.MediaType), labelOf(r.QueueID), labelOf(r.QueueName)}
}

// sum adds up a column; like SQL's, it is NULL where no row knows.
type sum struct {
	v     int64
	known bool
}

func (s *sum) add(v *int64) {
	if v != nil {
		s.v, s.known = s.v+*v, true
	}
}

func (s sum) cell() any {
	if !s.known {
		return nil
	}
	return s.v
}

// queueSums are the sums of a queue's day.
type queueSums struct {
	offered, answered, abandoned, flowOuts, overSLA sum
	handled, handleMs, acwMs, transfers, answerMs   sum
}

func (q *queueSums) add(r *TruthRow) {
	q.offered.add(r.OfferedCount)
	q.answered.add(r.AnsweredCount)
	q.abandoned.add(r.AbandonedCount)
	q.flowOuts.add(r.FlowOutCount)
	q.overSLA.add(r.OverSlaCount)
	q.handled.add(r.HandleCount)
	q.handleMs.add(r.HandleTimeMs)
	q.acwMs.add(r.AcwTimeMs)
	q.transfers.add(r.TransferCount)
	q.answerMs.add(r.AnswerTimeMs)
}

// average is the mean in whole ms; NULL of nothing.
func average(total sum, n int64) any {
	if !total.known || n == 0 {
		return nil
	}
	return ratio(total.v, n)
}

func queuePerformance(rows []TruthRow) []map[string]any {
	keys, members := groups(rows, func(r *TruthRow) (queueDay, bool) { return queueDayOf(r), r.QueueID != nil }, compareQueueDays)
	var cells []map[string]any
	for _, k := range keys {
		var q queueSums
		for _, r := range members[k] {
			q.add(r)
		}
		cells = append(cells, map[string]any{
			"business_date": k.date.cell(), "queue_id": k.queue.cell(), "queue_name": k.name.cell(), "media_type": k.media.cell(),
			"contacts": int64(len(members[k])), "offered": q.offered.cell(), "answered": q.answered.cell(),
			"abandoned": q.abandoned.cell(), "flow_outs": q.flowOuts.cell(), "over_sla": q.overSLA.cell(),
			"abandon_rate_pct":           percent(q.abandoned.v, q.offered.v),
			"service_level_pct":          percent(q.answered.v-q.overSLA.v, q.answered.v+q.abandoned.v),
			"average_speed_of_answer_ms": average(q.answerMs, q.answered.v),
			"handle_count":               q.handled.cell(), "handle_time_ms": q.handleMs.cell(),
			"average_handle_time_ms": average(q.handleMs, q.handled.v),
			"acw_time_ms":            q.acwMs.cell(), "transfers": q.transfers.cell(),
		})
	}
	return cells
}

func joinQuality(rows []TruthRow) []map[string]any {
	keys, members := groups(rows, func(r *TruthRow) (queueDay, bool) { return queueDayOf(r), true }, compareQueueDays)
	var cells []map[string]any
	for _, k := range keys {
		n := map[string]int64{}
		for _, r := range members[k] {
			n[r.CrmIDStatus]++
		}
		total := int64(len(members[k]))
		found := n["ok"] + n["merged"]
		cells = append(cells, map[string]any{
			"business_date": k.date.cell(), "media_type": k.media.cell(), "queue_id": k.queue.cell(), "queue_name": k.name.cell(),
			"total_contacts": total, "no_id": n["missing"], "malformed": n["malformed"], "orphan": n["unknown_account"],
			"merged": n["merged"], "matched": n["ok"],
			"identified_pct": percent(found, total), "unidentified_pct": percent(total-found, total),
		})
	}
	return cells
}
