package scenario

import (
	"cmp"
	"math"
	"strconv"
)

// bias tells how the matched contacts differ from the unmatched; hours are those of the first queue entries.
func bias(rows []TruthRow, visits []cells) []cells {
	hours := map[string]int64{}
	for _, v := range visits {
		if hour, known := v["business_hour"].(int64); known && v["visit_seq"] == int64(1) {
			hours[v["conversation_id"].(string)] = hour
		}
	}
	var view []cells
	for name, of := range map[string]func(*TruthRow) *int64{
		"handle_time_ms": func(r *TruthRow) *int64 { return r.HandleTimeMs },
		"wait_time_ms":   func(r *TruthRow) *int64 { return r.WaitTimeMs },
	} {
		var us, them sample
		for i := range rows {
			if v := of(&rows[i]); v != nil && matched(&rows[i]) {
				us.add(float64(*v))
			} else if v != nil {
				them.add(float64(*v))
			}
		}
		if us.n+them.n > 0 {
			view = append(view, contrast(name, nil, us, them, (us.variance()+them.variance())/2))
		}
	}
	for name, of := range map[string]func(*TruthRow) label{
		"abandoned": func(r *TruthRow) label {
			if !positive(r.OfferedCount) {
				return label{}
			}
			return truth(r.Abandoned)
		},
		"bot_present": func(r *TruthRow) label { return truth(r.BotPresent) },
		"media_type":  func(r *TruthRow) label { return labelOf(r.MediaType) },
		"queue":       func(r *TruthRow) label { return labelOf(cmp.Or(r.QueueName, r.QueueID)) },
		"hour": func(r *TruthRow) label {
			hour, known := hours[r.ConversationID]
			return label{strconv.FormatInt(hour, 10), known}
		},
	} {
		view = append(view, kinds(name, rows, of)...)
	}
	return view
}

func truth(b *bool) label {
	if b == nil {
		return label{}
	}
	return label{strconv.FormatBool(*b), true}
}

// kinds compares the shares of each value of a characteristic.
func kinds(name string, rows []TruthRow, of func(*TruthRow) label) []cells {
	var us, them float64
	ours, theirs := map[string]float64{}, map[string]float64{}
	all := map[string]bool{}
	for i := range rows {
		v := of(&rows[i])
		switch {
		case !v.known:
			continue
		case matched(&rows[i]):
			us, ours[v.text] = us+1, ours[v.text]+1
		default:
			them, theirs[v.text] = them+1, theirs[v.text]+1
		}
		all[v.text] = true
	}
	var view []cells
	for kind := range all {
		if kind == "false" {
			continue
		}
		a, b := sample{n: us, total: ours[kind]}, sample{n: them, total: theirs[kind]}
		p, q := a.mean(), b.mean()
		view = append(view, contrast(name, kind, a, b, (p*(1-p)+q*(1-q))/2))
	}
	return view
}

// sample is what is known of one side.
type sample struct{ n, total, squares float64 }

func (s *sample) add(v float64) { s.n, s.total, s.squares = s.n+1, s.total+v, s.squares+v*v }

// mean is not a number where nothing is known, variance where fewer than two are.
func (s sample) mean() float64     { return s.total / s.n }
func (s sample) variance() float64 { return (s.squares - s.total*s.total/s.n) / (s.n - 1) }

func contrast(name string, kind any, us, them sample, variance float64) cells {
	number := func(v float64) any {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return v
	}
	row := cells{
		"characteristic": name, "kind": kind, "matched_known": int64(us.n), "unmatched_known": int64(them.n),
		"matched_mean": number(us.mean()), "unmatched_mean": number(them.mean()), "standardised_difference": nil, "is_unbalanced": nil,
	}
	d := (us.mean() - them.mean()) / math.Sqrt(variance)
	if us.mean() == them.mean() {
		d = 0
	}
	if number(d) != nil {
		row["standardised_difference"], row["is_unbalanced"] = rounded(d, 3), math.Abs(d) > 0.1
	}
	return row
}
