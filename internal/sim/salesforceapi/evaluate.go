package salesforceapi

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// holds tells whether a record meets a condition.
func (c *condition) holds(r *record) bool {
	switch {
	case c == nil:
		return true
	case c.all != nil:
		return !slices.ContainsFunc(c.all, func(sub *condition) bool { return !sub.holds(r) })
	case c.any != nil:
		return slices.ContainsFunc(c.any, func(sub *condition) bool { return sub.holds(r) })
	}
	v := r.value(c.field.text)
	if c.operator == "IN" {
		return slices.ContainsFunc(c.literals, func(l literal) bool { return l.equals(c.field.text, v) })
	}
	l := c.literals[0]
	switch c.operator {
	case "=":
		return l.equals(c.field.text, v)
	case "!=":
		return !l.equals(c.field.text, v)
	}
	if v == nil || l.kind == "null" {
		return false
	}
	n := compare(v, l.value())
	return n < 0 && c.operator[0] == '<' || n > 0 && c.operator[0] == '>' || n == 0 && len(c.operator) == 2
}

func (l *literal) value() any {
	switch l.kind {
	case "number":
		return l.number
	case "boolean":
		return l.truth
	case "date", "datetime":
		return l.time
	case "string":
		return l.text
	default:
		return nil
	}
}

// equals compares as the service does: texts without regard to case, ids with, times to the second.
func (l *literal) equals(path string, v any) bool {
	if s, ok := v.(string); ok && l.kind == "string" && !strings.HasSuffix(path, "Id") {
		return strings.EqualFold(s, l.text)
	}
	return compare(v, l.value()) == 0
}

// compare orders two values of one kind; null is before everything. The service keeps times to the second.
func compare(a, b any) int {
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return strings.Compare(x, y)
		}
	case float64:
		if y, ok := b.(float64); ok {
			return cmp.Compare(x, y)
		}
	case bool:
		if y, ok := b.(bool); ok {
			return strings.Compare(fmt.Sprint(x), fmt.Sprint(y))
		}
	case time.Time:
		if y, ok := b.(time.Time); ok {
			return x.Truncate(time.Second).Compare(y.Truncate(time.Second))
		}
	}
	if a == nil && b == nil {
		return 0
	}
	if a == nil {
		return -1
	}
	return 1
}

// run finds the records of a plan; all are also those in the recycle bin.
func (s *Server) run(p *plan, all bool) []record {
	found := slices.DeleteFunc(s.records(p.of.name, s.options.Now()), func(r record) bool {
		return r.version.Purged || (r.version.Deleted && !all) || !p.where.holds(&r)
	})
	slices.SortStableFunc(found, func(a, b record) int {
		for i, c := range p.sorts {
			n := compare(a.value(c.path), b.value(c.path))
			if p.orderBy[i].descending {
				n = -n
			}
			if n != 0 {
				return n
			}
		}
		return 0
	})
	if p.limit >= 0 && len(found) > p.limit && !p.aggregates() {
		found = found[:p.limit]
	}
	return found
}

// aggregate computes the rows of an aggregate query: the columns of the SELECT list in order.
func (p *plan) aggregate(found []record) [][]any {
	var rows [][]any
	index := map[string]int{}
	for i := range found {
		var group []byte
		for _, g := range p.groups {
			group = fmt.Appendf(group, "%v\x00", found[i].value(g.path))
		}
		key := string(group)
		at, ok := index[key]
		if !ok {
			at = len(rows)
			index[key] = at
			rows = append(rows, make([]any, len(p.items)))
		}
		p.add(rows[at], &found[i])
	}
	if len(p.groups) == 0 && len(rows) == 0 {
		rows = append(rows, make([]any, len(p.items)))
	}
	for _, row := range rows {
		for i, it := range p.items {
			if it.function == "COUNT" && row[i] == nil {
				row[i] = 0
			}
		}
	}
	if p.limit >= 0 && len(rows) > p.limit {
		rows = rows[:p.limit]
	}
	return rows
}

// add counts a record in its group's row.
func (p *plan) add(row []any, r *record) {
	for i, it := range p.items {
		v := r.value(p.columns[i].path)
		switch {
		case it.function == "":
			row[i] = v
		case v == nil:
		case it.function == "COUNT":
			n, _ := row[i].(int)
			row[i] = n + 1
		default:
			sum, _ := row[i].(float64)
			add, _ := v.(float64)
			row[i] = sum + add
		}
	}
}
