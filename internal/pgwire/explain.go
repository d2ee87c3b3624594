package pgwire

import (
	"context"
	"slices"

	bindings "github.com/duckdb/duckdb-go-bindings"
)

// explained gives the statement that an EXPLAIN is of; nil if this is no EXPLAIN, or one of nothing.
func explained(all []token) []token {
	if len(all) == 0 || all[0].kind != word || all[0].value != "explain" {
		return nil
	}
	rest := all[1:]
	if peek(rest, 0).marks("(") && !begins(rest[1:]) { // options, not a query in brackets
		end := slices.IndexFunc(rest, func(t token) bool { return t.marks(")") })
		return rest[end+1:] // without an end all of it, which begins no query
	}
	for len(rest) > 0 && (rest[0].is("analyze") || rest[0].is("analyse") || rest[0].is("verbose")) {
		rest = rest[1:]
	}
	return rest
}

// begins tells whether tokens begin as a statement that reads.
func begins(all []token) bool {
	first := peek(all, 0)
	return first.marks("(") || slices.Contains(readers, first.value)
}

// mayRun tells whether a statement begins as one that reads. EXPLAIN ANALYZE runs what it is of: that has to read too, and be no
// other EXPLAIN.
func mayRun(all []token) bool {
	if !begins(all) {
		return false
	}
	inner := explained(all)
	return inner == nil || begins(inner) && !inner[0].is("explain")
}

// checkExplained has the engine tell of what an EXPLAIN is: of the EXPLAIN itself it tells only that it is one.
func (st *statement) checkExplained(ctx context.Context, l *link) error {
	inner := explained(st.tokens)
	if inner == nil {
		return nil
	}
	p, err := l.prepare(ctx, render(inner, st.cast(nil)))
	if err != nil {
		return err
	}
	defer p.close()
	if bindings.PreparedStatementType(p.statement) != bindings.StatementTypeSelect {
		return readOnly(inner)
	}
	return nil
}
