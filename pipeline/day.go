package pipeline

import "time"

// newestDay gives the newest business day that a window holds whole, YYYY-MM-DD; nothing for a window of part of a day.
func newestDay(w Window, loc *time.Location) string {
	from, to := w.From.In(loc), w.To.In(loc)
	last := time.Date(to.Year(), to.Month(), to.Day()-1, 12, 0, 0, 0, time.UTC).Format(time.DateOnly)
	if w.From.IsZero() || last < from.Format(time.DateOnly) {
		return ""
	}
	return last
}
