package bigquery

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"cloud.google.com/go/bigquery"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// Publish lets every view show the rows that it has now, in one transaction: readers see all of the last publication or all of this
// one. The rows lie in tables (shown_…), so a view that needs the CRM goes on showing what it did while the gate is closed, whatever is
// loaded meanwhile. Only a view whose query is another one than before is made anew, on its own, before the others change.
func (l *Loader) Publish(ctx context.Context, p pipeline.Publication) (pipeline.Published, error) {
	views, err := warehouse.Views(l.dialect, p.PivotKeys)
	if err == nil {
		err = l.publish(ctx, views, p)
	}
	if err != nil {
		return pipeline.Published{}, l.config.explain("publish "+p.Run+" to "+l.config.where(), err)
	}
	published := warehouse.Published(l.config.where(), views)
	if l.config.Roles {
		for _, r := range statements.Roles() {
			published.Roles = append(published.Roles, l.dialect.RoleDataset(r))
		}
	}
	return published, nil
}

func (l *Loader) publish(ctx context.Context, views []*warehouse.Shown, p pipeline.Publication) error {
	present, err := l.catalogue(ctx)
	if err != nil {
		return err
	}
	before, err := l.ask(ctx, question{run: p.Run, step: "published", text: "select view_name\nfrom etl_publications\nwhere run_id is not null"})
	if err != nil {
		return err
	}
	for _, v := range views {
		v.Decide(p, slices.ContainsFunc(before, func(row []bigquery.Value) bool { return row[0] == v.Name }))
	}
	text := strings.Join(publication(l.dialect, present, views, p), ";\n\n") + ";\n"
	_, err = l.run(ctx, question{run: p.Run, step: "publish", text: text, parameters: l.lease()})
	if stopped(err) == statements.LeaseLost {
		return l.lost(ctx)
	}
	if err != nil {
		return err
	}
	return l.publishRoles(ctx, views, p.Run)
}

// publication gives the statements of a publication: what is made anew, the transaction, and the views, those that are withheld without.
func publication(d statements.Dialect, present catalogue, views []*warehouse.Shown, p pipeline.Publication) []string {
	remade := []string{renewLease, "assert @@row_count = 1 as '" + statements.LeaseLost + "'"}
	var shown, after []string
	for _, v := range views {
		table := "shown_" + v.Name
		switch v.State {
		case warehouse.Current:
			// A publication may have been cut between the table and its view, so the view is made each time: what it shows is the same.
			after = append(after, fmt.Sprintf("create or replace view %s\noptions (description = %s)\nas\nselect *\nfrom %s",
				d.InDataset(v.Name), d.Literal(v.Comment()), d.InDataset(table)))
			mark := "made of " + fingerprint(v)
			if present.about[table] != d.Literal(mark) && present.about[table] != `"`+mark+`"` {
				remade = append(remade, fmt.Sprintf("create or replace table %s\noptions (description = %s)\nas\n%s", d.InDataset(table), d.Literal(mark), v.Query))
				continue
			}
			shown = append(shown, "truncate table "+d.InDataset(table), fmt.Sprintf("insert into %s\n%s", d.InDataset(table), v.Query))
		case warehouse.Withheld:
			after = append(after, "drop view if exists "+d.InDataset(v.Name))
		}
	}
	all := append(remade, strings.TrimSuffix(writing(append(stamps(d, views, p), shown...)...), ";\n"))
	return append(all, after...)
}

// fingerprint tells queries apart.
func fingerprint(v *warehouse.Shown) string {
	sum := sha256.Sum256([]byte(v.Query))
	return hex.EncodeToString(sum[:8])
}

// stamps gives the statements that write down what of each view is shown.
func stamps(d statements.Dialect, views []*warehouse.Shown, p pipeline.Publication) []string {
	var names, kept, rows []string
	for _, v := range views {
		switch v.State {
		case warehouse.Kept:
			kept = append(kept, d.Literal(v.Name))
			continue
		case warehouse.Current:
			rows = append(rows, tuple(d, v.Name, string(v.State), p.Run, p.At, nil))
		default:
			rows = append(rows, tuple(d, v.Name, string(v.State), nil, nil, p.Reason))
		}
		names = append(names, d.Literal(v.Name))
	}
	var todo []string
	if len(kept) > 0 {
		todo = append(todo, fmt.Sprintf("update etl_publications\nset state = %s, reason = %s\nwhere view_name in (%s)",
			d.Literal(string(warehouse.Kept)), d.Literal(p.Reason), strings.Join(kept, ", ")))
	}
	if len(rows) > 0 {
		todo = append(todo, fmt.Sprintf("delete from etl_publications\nwhere view_name in (%s)", strings.Join(names, ", ")),
			"insert into etl_publications (view_name, state, run_id, published_at, reason)\nvalues\n    "+strings.Join(rows, ",\n    "))
	}
	return todo
}

// publishRoles makes what each role may read: views in a dataset of its own, which alone may read ours in its readers' stead.
func (l *Loader) publishRoles(ctx context.Context, views []*warehouse.Shown, run string) error {
	if !l.config.Roles {
		return nil
	}
	for _, r := range statements.Roles() {
		if err := l.makeDataset(ctx, l.dialect.RoleDataset(r), 0); err != nil {
			return err
		}
		todo := l.dialect.ShareDataset(r, r.Shares(warehouse.Seen(views)))
		if _, err := l.run(ctx, question{run: run, step: "role_" + r.Name, text: strings.Join(todo, ";\n\n") + ";\n"}); err != nil {
			return fmt.Errorf("what the role %s may see: %w", r.Name, err)
		}
	}
	return l.authorise(ctx)
}

// authorise lets the roles' datasets read ours.
func (l *Loader) authorise(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, l.config.Patience)
	defer cancel()
	set := l.client.Dataset(l.config.Dataset)
	about, err := set.Metadata(ctx)
	if err != nil {
		return fmt.Errorf("look at the dataset %s: %w", l.config.Dataset, err)
	}
	access := about.Access
	for _, r := range statements.Roles() {
		role := l.client.Dataset(l.dialect.RoleDataset(r))
		if slices.ContainsFunc(access, func(e *bigquery.AccessEntry) bool {
			return e.Dataset != nil && e.Dataset.Dataset.DatasetID == role.DatasetID && e.Dataset.Dataset.ProjectID == role.ProjectID
		}) {
			continue
		}
		access = append(access, &bigquery.AccessEntry{
			EntityType: bigquery.DatasetEntity, Dataset: &bigquery.DatasetAccessEntry{Dataset: role, TargetTypes: []string{"VIEWS"}},
		})
	}
	if len(access) == len(about.Access) {
		return nil
	}
	if _, err := set.Update(ctx, bigquery.DatasetMetadataToUpdate{Access: access}, about.ETag); err != nil {
		return fmt.Errorf("let the roles' datasets read %s: %w", l.config.Dataset, err)
	}
	return nil
}
