package scenario

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// views makes the cells of the published views from the rows, by counting; again tells which contacts are repeats.
func views(rows []TruthRow, again map[string]bool, legs, visits []cells) map[string][]map[string]any {
	recent := lastDays(rows, 30)
	return map[string][]map[string]any{
		"escalation_by_tier":          escalation(recent),
		"bot_containment_by_industry": containment(recent),
		"queue_performance_daily":     queueFigures(visits, legs, "business_date", "queue_id", "queue_name", "media_type"),
		"queue_performance_hourly":    queueFigures(visits, legs, "business_date", "business_hour", "queue_id", "queue_name", "media_type"),
		"agent_performance_daily":     agentFigures(legs),
		"contact_kpis_daily":          contactFigures(rows, again, "business_date", func(date string) string { return date }),
		"contact_kpis_weekly":         contactFigures(rows, again, "week_start", monday),
		"satisfaction_daily":          satisfaction(rows),
		"escalation_trend_weekly":     trend(rows),
		"crm_kpi_bounds":              bounds(recent),
		"match_bias":                  bias(recent, visits),
		"join_quality_daily":          joinQuality(rows),
	}
}

// lastDays are the rows of the n business days up to and including the newest.
func lastDays(rows []TruthRow, n int) []TruthRow {
	newest := ""
	for _, r := range rows {
		newest = max(newest, r.BusinessDate)
	}
	day, err := time.Parse(time.DateOnly, newest)
	if err != nil {
		return nil
	}
	oldest := day.AddDate(0, 0, 1-n).Format(time.DateOnly)
	var recent []TruthRow
	for _, r := range rows {
		if r.BusinessDate >= oldest {
			recent = append(recent, r)
		}
	}
	return recent
}

// groups gathers rows under a key, in the order of the keys.
func groups[K comparable](rows []TruthRow, key func(*TruthRow) (K, bool), order func(a, b K) int) ([]K, map[K][]*TruthRow) {
	members := map[K][]*TruthRow{}
	var keys []K
	for i := range rows {
		k, ok := key(&rows[i])
		if !ok {
			continue
		}
		if members[k] == nil {
			keys = append(keys, k)
		}
		members[k] = append(members[k], &rows[i])
	}
	slices.SortFunc(keys, order)
	return keys, members
}

// label is a text that may be NULL.
type label struct {
	text  string
	known bool
}

func labelOf(s *string) label {
	if s == nil {
		return label{}
	}
	return label{*s, true}
}

func (l label) cell() any {
	if !l.known {
		return nil
	}
	return l.text
}

func compareLabels(a, b label) int { return cmp.Compare(a.text, b.text) }

func escalation(rows []TruthRow) []map[string]any {
	keys, members := groups(rows, func(r *TruthRow) (label, bool) { return labelOf(r.CustomerTier), true }, compareLabels)
	var cells []map[string]any
	for _, tier := range keys {
		var known, escalated int64
		for _, r := range members[tier] {
			if r.WasEscalated != nil {
				known++
				escalated += one(*r.WasEscalated)
			}
		}
		cells = append(cells, map[string]any{
			"customer_tier": tier.cell(), "total_contacts": int64(len(members[tier])), "known_contacts": known,
			"escalated_contacts": escalated, "escalation_rate_pct": percent(escalated, known),
		})
	}
	return cells
}

func containment(rows []TruthRow) []map[string]any {
	keys, members := groups(rows, func(r *TruthRow) (label, bool) { return labelOf(r.Industry), true }, compareLabels)
	var cells []map[string]any
	for _, industry := range keys {
		var bots, contained int64
		for _, r := range members[industry] {
			if r.BotPresent != nil && *r.BotPresent && r.HandledByBotOnly != nil {
				bots++
				contained += one(*r.HandledByBotOnly)
			}
		}
		cells = append(cells, map[string]any{
			"industry": industry.cell(), "total_contacts": int64(len(members[industry])), "bot_contacts": bots,
			"contained_contacts": contained, "containment_rate_pct": percent(contained, bots),
		})
	}
	return cells
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// percent is 100·part/whole with one decimal, halves away from zero; NULL of nothing.
func percent(part, whole int64) any {
	if whole == 0 {
		return nil
	}
	return float64(ratio(1000*part, whole)) / 10
}

// ratio is a/b rounded to a whole number, halves up; neither is negative.
func ratio(a, b int64) int64 { return (2*a + b) / (2 * b) }

// settle puts the rows of every view into one order, whatever way they were gathered: equal worlds have equal ledgers.
func settle(views map[string][]map[string]any) {
	type line struct {
		text string // a map is written by its keys in their order
		row  map[string]any
	}
	for _, rows := range views {
		lines := make([]line, len(rows))
		for i, row := range rows {
			lines[i] = line{fmt.Sprint(row), row}
		}
		slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(a.text, b.text) })
		for i := range rows {
			rows[i] = lines[i].row
		}
	}
}
