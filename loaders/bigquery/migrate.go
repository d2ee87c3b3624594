package bigquery

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"trunkline/loaders/warehouse"
	"trunkline/schema"
	statements "trunkline/sql"
)

//go:embed catalogue.sql
var catalogueText string

// catalogue is what the dataset has.
type catalogue struct {
	columns map[string]map[string]column // by table and name
	about   map[string]string            // what tables say of themselves, as a literal
}

// column is a column as the warehouse has it: its type in the dialect's words, and what it says of itself.
type column struct{ kind, about string }

// catalogue asks for all tables at once: one question costs as much as one about a single table.
func (l *Loader) catalogue(ctx context.Context) (catalogue, error) {
	rows, err := l.ask(ctx, question{text: catalogueText, step: "catalogue"})
	if err != nil {
		return catalogue{}, fmt.Errorf("ask for the tables: %w", err)
	}
	c := catalogue{columns: map[string]map[string]column{}, about: map[string]string{}}
	for _, row := range rows {
		texts := [4]string{}
		for i := range texts {
			texts[i], _ = row[i].(string)
		}
		table, name := texts[0], texts[1]
		if name == "" {
			c.about[table] = texts[3]
			continue
		}
		if c.columns[table] == nil {
			c.columns[table] = map[string]column{}
		}
		c.columns[table][name] = column{texts[2], texts[3]}
	}
	return c, nil
}

// Migrate makes the tables as they are declared: new tables, new columns at the end, what they say of themselves. A column that has
// another type than declared is an error that names the statement to run.
func (l *Loader) Migrate(ctx context.Context, tables []*schema.Table) error {
	present, err := l.catalogue(ctx)
	if err == nil {
		err = l.migrate(ctx, present, tables)
	}
	if err != nil {
		return l.config.explain("migrate the warehouse "+l.config.where(), err)
	}
	return nil
}

func (l *Loader) migrate(ctx context.Context, present catalogue, tables []*schema.Table) error {
	changes, err := changesTo(l.dialect, present, tables)
	if err != nil || len(changes) == 0 {
		return err
	}
	if l.token > 0 { // what makes tables cannot stand in a transaction
		changes = append([]string{renewLease, "assert @@row_count = 1 as '" + statements.LeaseLost + "'"}, changes...)
	}
	q := question{text: strings.Join(changes, ";\n\n") + ";\n", step: "migrate"}
	if l.token > 0 {
		q.parameters = l.lease()
	}
	_, err = l.run(ctx, q)
	if stopped(err) == statements.LeaseLost {
		return l.lost(ctx)
	}
	return err
}

// changesTo gives the statements that make tables as they are declared.
func changesTo(d statements.Dialect, present catalogue, tables []*schema.Table) (changes []string, err error) {
	for _, t := range tables {
		if t.Internal {
			continue
		}
		both := []*schema.Table{t}
		if t.Changes != nil { // a merge writes there
			both = []*schema.Table{t.Changes, t}
		}
		for _, t := range both {
			own, err := changesToTable(d, present.columns[t.Name], t)
			if err != nil {
				return nil, fmt.Errorf("migrate %s: %w", t.Name, err)
			}
			changes = append(changes, own...)
		}
	}
	return changes, nil
}

// changesToTable gives at most two statements, however many columns are new: BigQuery changes what a table is five times in ten seconds
// and no more.
func changesToTable(d statements.Dialect, present map[string]column, t *schema.Table) ([]string, error) {
	if len(present) == 0 {
		return []string{d.CreateTable(t)}, nil
	}
	var added, described []string
	for _, c := range t.Columns {
		was, known := present[c.Name]
		switch {
		case !known:
			added = append(added, d.AddColumn(t, c))
		case was.kind != d.Type(c):
			return nil, warehouse.ChangedType(d, t, c, was.kind)
		case was.about != c.Doc:
			described = append(described, d.CommentColumn(t, c))
		}
	}
	var changes []string
	for _, steps := range [][]string{added, described} {
		if len(steps) > 0 {
			changes = append(changes, together(d, t, steps))
		}
	}
	return changes, nil
}

// together makes one statement of several that alter one table.
func together(d statements.Dialect, t *schema.Table, steps []string) string {
	alter := "alter table " + d.Quote(t.Name) + " "
	parts := make([]string, len(steps))
	for i, s := range steps {
		parts[i] = strings.TrimPrefix(s, alter)
	}
	return strings.TrimSpace(alter) + "\n    " + strings.Join(parts, ",\n    ")
}
