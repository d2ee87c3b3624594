package redshift

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"trunkline/internal/evidence"
	"trunkline/internal/redshiftsim"
	"trunkline/loaders/loadertest"
	"trunkline/loaders/warehouse"
	"trunkline/schema"
	statements "trunkline/sql"
)

// What views and checks promise is what Redshift's form of them gives, through Redshift's grammar.
func TestExamples(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "Redshift", evidence.Views, evidence.Simulator)
	tryExamples(t, openAll(t, newAmazon(t, redshiftsim.Options{}).config("examples")))
}

func tryExamples(t *testing.T, l *Loader) {
	t.Helper()
	e := session{l}
	l.mustExec(t, parameters)
	t.Run("functions", func(t *testing.T) { loadertest.RunFunctions(t, l.Dialect, e) })
	t.Run("views", func(t *testing.T) { loadertest.RunViews(t, l.Dialect, e) })
	t.Run("checks", func(t *testing.T) { loadertest.RunChecks(t, l.Dialect, e) })
}

type session struct{ l *Loader }

func (s session) Exec(ctx context.Context, statement string, args ...any) error {
	_, err := s.l.Conn.ExecContext(ctx, statement, args...)
	return err
}

func (s session) Set(ctx context.Context, name string, value any) error {
	items, ok := value.([]any)
	if !ok {
		items = []any{value}
	}
	for _, item := range items {
		if err := s.Exec(ctx, "insert into trunkline_parameters (name, value) values ($1, $2)", name, fmt.Sprint(item)); err != nil {
			return err
		}
	}
	return nil
}

func (s session) Select(ctx context.Context, query string) ([]string, []map[string]any, error) {
	rows, err := s.l.Conn.QueryContext(ctx, query) //nolint:rowserrcheck // ReadAll does
	if err != nil {
		return nil, nil, err
	}
	return loadertest.ReadAll(rows)
}

// Every statement that is committed is one of Redshift's grammar, and of the tables that there are.
func TestCommittedStatementsAreRedshifts(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "Redshift", evidence.Statements, evidence.Simulator)
	tryCommitted(t, openAll(t, newAmazon(t, redshiftsim.Options{}).config("own")))
}

// tryCommitted sends every committed statement, in the loader's own schema where one names the schema public.
func tryCommitted(t *testing.T, l *Loader) {
	t.Helper()
	l.mustExec(t, parameters)
	err := filepath.WalkDir("../../sql/redshift", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		tx, err := l.Conn.BeginTx(t.Context(), nil)
		if err != nil {
			return err
		}
		own := strings.ReplaceAll(string(text), `"public".`, l.Dialect.Quote(l.config.Schema)+".")
		own = strings.ReplaceAll(own, `schema "public"`, "schema "+l.Dialect.Quote(l.config.Schema))
		if err := tryFile(t.Context(), l, tx, path, own); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		return tx.Rollback()
	})
	if err != nil {
		t.Error(err)
	}
}

// received begins the steps of a table whose rows are the batch.
var received = regexp.MustCompile(`^-- (?:(\w+): )?received$`)

// tryFile sends the statements of a file, after making what they expect: the views that roles see, and the batches of a table and of its
// children.
func tryFile(ctx context.Context, l *Loader, tx *sql.Tx, path, text string) error {
	if strings.Contains(path, "roles") {
		if err := makeViews(ctx, l, tx); err != nil {
			return err
		}
	}
	for s := range strings.SplitSeq(text, ";\n") {
		var lines []string
		for line := range strings.SplitSeq(strings.TrimSpace(s), "\n") {
			if begins := received.FindStringSubmatch(line); begins != nil {
				table := cmp.Or(begins[1], strings.TrimSuffix(filepath.Base(path), ".sql"))
				if err := warehouse.Execute(ctx, tx, l.engine.createStaging(schema.Lookup(table))...); err != nil {
					return err
				}
			}
			if !strings.HasPrefix(line, "--") {
				lines = append(lines, line)
			}
		}
		if s = strings.Join(lines, "\n"); s == "" {
			continue
		}
		if err := warehouse.Execute(ctx, tx, s); err != nil {
			return fmt.Errorf("%w\n%s", err, s)
		}
	}
	return nil
}

func makeViews(ctx context.Context, l *Loader, tx *sql.Tx) error {
	views, err := statements.Views()
	if err != nil {
		return err
	}
	for _, v := range views {
		query, err := v.Query(l.Dialect)
		if err == nil {
			err = warehouse.Execute(ctx, tx, l.Dialect.CreateView(v.Name, query))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
