package web

import (
	"context"
	"fmt"
	"math/big"
	"time"
)

// record is a row of an answer by the names of its columns. A value is nil, bool, float64, string or time.Time.
type record map[string]any

// rows gives the answer to a query of our own.
func (s *snapshot) rows(ctx context.Context, query string, args ...any) ([]record, error) {
	found, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("ask the published file: %w", err)
	}
	defer func() { _ = found.Close() }()
	names, err := found.Columns()
	if err != nil {
		return nil, fmt.Errorf("ask the published file: %w", err)
	}
	var all []record
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	for found.Next() {
		if err := found.Scan(into...); err != nil {
			return nil, fmt.Errorf("ask the published file: %w", err)
		}
		r := record{}
		for i, name := range names {
			r[name] = simple(values[i])
		}
		all = append(all, r)
	}
	if err := found.Err(); err != nil {
		return nil, fmt.Errorf("ask the published file: %w", err)
	}
	return all, nil
}

// simple makes one number of all kinds of numbers.
func simple(v any) any {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case int32:
		return float64(v)
	case int16:
		return float64(v)
	case int8:
		return float64(v)
	case uint64:
		return float64(v)
	case float32:
		return float64(v)
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return f
	case interface{ Float64() float64 }: // a decimal
		return v.Float64()
	case []byte:
		return string(v)
	default:
		return v
	}
}

// text gives a text; empty if it is NULL.
func (r record) text(name string) string {
	s, _ := r[name].(string)
	return s
}

// number gives a number; nil if it is NULL.
func (r record) number(name string) *float64 {
	if f, ok := r[name].(float64); ok {
		return &f
	}
	return nil
}

// whole gives a count; 0 if it is NULL.
func (r record) whole(name string) float64 {
	f, _ := r[name].(float64)
	return f
}

// is gives a truth; false if it is NULL.
func (r record) is(name string) bool {
	b, _ := r[name].(bool)
	return b
}

// at gives a time or a day; zero if it is NULL.
func (r record) at(name string) time.Time {
	t, _ := r[name].(time.Time)
	return t
}
