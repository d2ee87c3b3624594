package bqcheck_test

import (
	"errors"
	"fmt"

	"github.com/goccy/go-googlesql"
)

// joins refuses what BigQuery refuses only when it runs: an outer join whose condition is no equality of what is on either side.
func joins(root googlesql.ResolvedNode) error {
	found, err := root.GetDescendantsWithKinds([]googlesql.ResolvedNodeKind{googlesql.ResolvedNodeKindResolvedJoinScan})
	if err != nil {
		return err
	}
	for _, node := range found {
		join, ok := node.(*googlesql.ResolvedJoinScan)
		if !ok {
			return fmt.Errorf("a join is a %T", node)
		}
		if must(join.JoinType()) == googlesql.ResolvedJoinScanEnums_JoinTypeInner {
			continue
		}
		left, right := produced(must(join.LeftScan())), produced(must(join.RightScan()))
		if on := must(join.JoinExpr()); !equates(on, left, right) {
			return errors.New("an outer join without an equality of fields from both sides")
		}
	}
	return nil
}

// produced gives the ids of the columns that a scan gives to those above it.
func produced(scan googlesql.ResolvedScanNode) map[int32]bool {
	ids := map[int32]bool{}
	for _, c := range must(scan.MutableColumnList()) {
		ids[must(c.ColumnId())] = true
	}
	return ids
}

// equates tells whether a condition, or one of those that it joins by and, sets something of the one side equal to something of the
// other.
func equates(condition googlesql.ResolvedExprNode, left, right map[int32]bool) bool {
	call, ok := condition.(*googlesql.ResolvedFunctionCall)
	if !ok {
		return false
	}
	arguments := must(call.ArgumentList())
	switch must(must(call.Function()).Name()) {
	case "$and":
		for _, a := range arguments {
			if equates(a, left, right) {
				return true
			}
		}
	case "$equal":
		a, b := arguments[0], arguments[1]
		return of(a, left) && of(b, right) || of(a, right) && of(b, left)
	}
	return false
}

// of tells whether an expression is made of columns of one side, and of at least one.
func of(expression googlesql.ResolvedExprNode, side map[int32]bool) bool {
	var columns []*googlesql.ResolvedColumnRef
	if c, ok := expression.(*googlesql.ResolvedColumnRef); ok {
		columns = append(columns, c)
	} else {
		for _, node := range must(expression.GetDescendantsWithKinds([]googlesql.ResolvedNodeKind{googlesql.ResolvedNodeKindResolvedColumnRef})) {
			columns = append(columns, node.(*googlesql.ResolvedColumnRef))
		}
	}
	for _, c := range columns {
		if !side[must(must(c.Column()).ColumnId())] {
			return false
		}
	}
	return len(columns) > 0
}
