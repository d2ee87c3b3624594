package scenario

import "time"

// Dimensions is the truth about what ids mean: the rows of each table, a map a row, nil is NULL, in the eyes of somebody who has
// looked at least every day. What is not listed any more keeps its name.
func (w *World) Dimensions(at time.Time) map[string][]map[string]any {
	rows := map[string][]map[string]any{}
	add := func(table string, row map[string]any) { rows[table] = append(rows[table], row) }
	for _, u := range w.Users(at) { // the deleted ones are listed, and said to be so
		add("users", map[string]any{
			"user_id": u.ID, "name": u.Name, "email": u.Email, "department": u.Department, "title": u.Title, "state": u.State,
			"division_id": u.DivisionID, "is_listed": true,
		})
	}
	for i, q := range w.queues {
		add("queues", map[string]any{
			"queue_id": q.ID, "name": q.Name, "division_id": q.DivisionID, "sla_share": ServiceShare,
			"sla_target_ms": q.Target.Milliseconds(), "is_listed": w.closes[i] == 0 || w.closes[i] > at.UnixMilli(),
		})
	}
	for _, c := range w.codes {
		add("wrapup_codes", map[string]any{"wrapup_code_id": c.ID, "name": c.Name, "division_id": c.DivisionID, "is_listed": true})
	}
	for i, d := range w.Divisions(w.cfg.Start) {
		add("divisions", map[string]any{
			"division_id": d.ID, "name": d.Name, "description": words0(d.Description), "is_home": d.Home,
			"is_listed": i < 3 || w.farewell() > at.UnixMilli(),
		})
	}
	for _, f := range w.Flows(at) {
		add("flows", map[string]any{
			"flow_id": f.ID, "name": f.Name, "flow_type": f.Type, "division_id": f.DivisionID, "is_listed": !f.Deleted,
		})
	}
	return rows
}
