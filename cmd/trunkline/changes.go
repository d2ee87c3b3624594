package main

import (
	"context"
	"fmt"

	"trunkline/loaders/duckdb"
)

// interactions is what the demo remembers of each conversation from one night to the next, by its id.
type interactions map[string]map[string]any

// readInteractions reads the published table.
func readInteractions(ctx context.Context, where duckdb.Config) (interactions, error) {
	g, err := ask(ctx, where, `select conversation_id, conversation_end, media_type, csat_score, qa_score, customer_tier,
		crm_id_status, is_open from unified_interactions`)
	if err != nil {
		return nil, err
	}
	all := interactions{}
	for _, row := range g.rows {
		one := map[string]any{}
		for i, c := range g.columns {
			one[c] = row[i]
		}
		all[fmt.Sprint(one["conversation_id"])] = one
	}
	return all, nil
}

// changes counts what a night found out about conversations that were there before.
type changes struct{ surveys, evaluations, tiers, merges, reopened, ended int64 }

// since compares with the night before.
func (now interactions) since(before interactions) changes {
	var c changes
	count := func(n *int64, is bool) {
		if is {
			*n++
		}
	}
	for id, was := range before {
		is, ok := now[id]
		if !ok {
			continue
		}
		differs := func(column string) bool { return was[column] != is[column] }
		count(&c.surveys, was["csat_score"] == nil && is["csat_score"] != nil)
		count(&c.evaluations, was["qa_score"] == nil && is["qa_score"] != nil)
		count(&c.tiers, was["customer_tier"] != nil && is["customer_tier"] != nil && differs("customer_tier"))
		count(&c.merges, is["crm_id_status"] == "merged" && differs("crm_id_status"))
		count(&c.ended, was["is_open"] == true && is["is_open"] == false)
		count(&c.reopened, was["conversation_end"] != nil && differs("conversation_end"))
	}
	return c
}
