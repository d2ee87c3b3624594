package scenario

import (
	"fmt"
	"slices"
	"strings"
)

// cells is one row of a table or a view; nil is NULL.
type cells = map[string]any

// heap gathers rows under the values of some columns; NULL is a value.
func heap(rows []cells, columns ...string) map[string][]cells {
	members := map[string][]cells{}
	for _, row := range rows {
		var key strings.Builder
		for _, c := range columns {
			fmt.Fprintf(&key, "%v\x00", row[c])
		}
		members[key.String()] = append(members[key.String()], row)
	}
	return members
}

// begin is a view's row with the columns that its members share.
func begin(members []cells, columns ...string) cells {
	row := cells{}
	for _, c := range columns {
		row[c] = members[0][c]
	}
	return row
}

func howMany(rows []cells, is func(cells) bool) int64 {
	var n int64
	for _, r := range rows {
		n += one(is(r))
	}
	return n
}

// total adds up a column.
func total(rows []cells, column string) sum {
	var s sum
	for _, r := range rows {
		if v, ok := r[column].(int64); ok {
			s.add(&v)
		}
	}
	return s
}

func is(column string, value any) func(cells) bool {
	return func(r cells) bool { return r[column] == value }
}

func over(column string) func(cells) bool {
	return func(r cells) bool {
		v, known := r[column].(int64)
		return known && v > 0
	}
}

// works fills in what agents' legs come to.
func works(row cells, legs []cells) {
	for _, c := range []string{"handle_count", "handle_time_ms", "talk_time_ms", "hold_time_ms", "acw_time_ms"} {
		row[c] = total(legs, c).cell()
	}
	handles, held := total(legs, "handle_count").v, howMany(legs, over("hold_time_ms"))
	row["held_legs"] = held
	row["average_handle_time_ms"] = average(total(legs, "handle_time_ms"), handles)
	row["average_hold_time_ms"] = average(total(legs, "hold_time_ms"), held)
	row["average_acw_time_ms"] = average(total(legs, "acw_time_ms"), handles)
	var answered []cells
	for _, l := range legs {
		if l["answered"] == true {
			answered = append(answered, l)
		}
	}
	known := howMany(answered, func(r cells) bool { return r["transfer_count"] != nil })
	moved := howMany(answered, over("transfer_count"))
	row["measured_legs"], row["transferred_legs"], row["transfer_rate_pct"] = known, moved, percent(moved, known)
	row["blind_transferred_legs"] = howMany(answered, over("blind_transfer_count"))
	row["consult_transferred_legs"] = howMany(answered, over("consult_transfer_count"))
}

// queueFigures tells the figures of queues, with every abandon counted against the service level.
func queueFigures(visits, legs []cells, columns ...string) []cells {
	all := slices.Concat(visits, legs)
	var view []cells
	for _, members := range heap(all, columns...) {
		row := begin(members, columns...)
		var stays, work []cells
		for _, m := range members {
			if m["outcome"] != nil {
				stays = append(stays, m)
			} else {
				work = append(work, m)
			}
		}
		answered, abandoned, out := howMany(stays, is("outcome", "answered")), howMany(stays, is("outcome", "abandoned")), howMany(stays, is("outcome", "flow_out"))
		late := howMany(stays, is("over_sla", true))
		row["offered"], row["answered"], row["abandoned"], row["flow_outs"] = int64(len(stays)), answered, abandoned, out
		row["short_abandoned"] = howMany(stays, func(r cells) bool { return r["outcome"] == "abandoned" && r["short_abandon"] == true })
		row["settled"], row["unsettled"] = answered+abandoned+out, int64(len(stays))-answered-abandoned-out
		row["abandon_rate_pct"] = percent(abandoned, answered+abandoned+out)
		row["over_sla"], row["answered_in_time"], row["service_level_base"] = late, answered-late, answered+abandoned
		row["service_level_pct"] = percent(answered-late, answered+abandoned)
		row["wait_time_ms"], row["answer_time_ms"] = total(stays, "wait_time_ms").cell(), total(stays, "answer_time_ms").cell()
		row["average_speed_of_answer_ms"] = average(total(stays, "answer_time_ms"), answered)
		works(row, work)
		view = append(view, row)
	}
	return view
}

// agentFigures tells the figures of agents.
func agentFigures(legs []cells) []cells {
	columns := []string{"business_date", "user_id", "agent_name", "queue_id", "queue_name", "media_type"}
	var view []cells
	for _, members := range heap(legs, columns...) {
		row := begin(members, columns...)
		n, vain := int64(len(members)), howMany(members, is("not_responding", true))
		row["legs"], row["answered_legs"], row["not_responding_legs"] = n, howMany(members, is("answered", true)), vain
		row["not_responding_rate_pct"] = percent(vain, n)
		row["alert_time_ms"] = total(members, "alert_time_ms").cell()
		works(row, members)
		view = append(view, row)
	}
	return view
}
