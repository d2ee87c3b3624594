package loadertest

import (
	"testing"
	"time"

	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// RunStatements lets a warehouse accept every statement that there is for it: all tables are made, into each goes a batch, with batches of
// all its children, and what the loader can do besides is done. The batches are empty: what statements mean is for Run and the examples to
// show, and for the nights.
func RunStatements(t *testing.T, w Warehouse) {
	t.Helper()
	l, err := w.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := l.Migrate(t.Context(), schema.All()); err != nil {
		t.Fatal(err)
	}
	files := &Trial{dir: t.TempDir()}
	for _, table := range schema.All() {
		if table.Internal || table.Parent != nil || !statements.Loaded(table) {
			continue
		}
		b, err := files.batch("every/"+table.Name, table, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, child := range table.Children() {
			of, err := files.batch("", child, nil)
			if err != nil {
				t.Fatal(err)
			}
			b.Children = append(b.Children, pipeline.Part{Table: child, Files: of.Files})
		}
		if _, err := l.Load(t.Context(), b); err != nil {
			t.Errorf("%s: %v", table.Name, err)
		}
	}
	now := time.Now().UTC()
	if a, ok := l.(pipeline.Auditor); ok {
		answers := &pipeline.AnswersAudit{PivotKeys: []string{"intent"}, UnmatchedLimit: 1, UnanalysedLimit: 1}
		if _, err := a.Audit(t.Context(), pipeline.Audit{Run: "every", At: now, JoinLimit: 1, Answers: answers}); err != nil {
			t.Error(err)
		}
	}
	if r, ok := l.(pipeline.Reenricher); ok {
		if err := r.Reenrich(t.Context(), now, func(schema.Row) error { return nil }); err != nil {
			t.Error(err)
		}
	}
	if p, ok := l.(pipeline.Publisher); ok {
		what := pipeline.Publication{Run: "every", GateOpen: true, PivotKeys: []string{"intent"}, At: now}
		if _, err := p.Publish(t.Context(), what); err != nil {
			t.Error(err)
		}
	}
}
