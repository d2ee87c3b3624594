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

// average is the mean in whole ms; NULL of nothing.
func average(total sum, n int64) any {
	if !total.known || n == 0 {
		return nil
	}
	return ratio(total.v, n)
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
