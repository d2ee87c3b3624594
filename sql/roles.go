package sql

import (
	"fmt"
	"slices"
	"strings"

	"trunkline/schema"
)

// Role is a kind of reader, and what is kept from it. Everything else that it may read follows from the classes of columns.
type Role struct {
	Name  string
	Hides schema.Class
}

// Roles gives the roles. What identifies a customer is for both: a supervisor calls customers back, finance sends them bills.
func Roles() []Role {
	return []Role{
		{Name: "supervisor", Hides: schema.Revenue},
		{Name: "finance", Hides: schema.Performance},
	}
}

// Share is what a role may read of one table or view.
type Share struct {
	Name    string
	Columns []string
	Table   *schema.Table // nil of a view
	View    *View         // nil of a table
}

// Shares gives everything that a role may read: tables in the order of the data dictionary, then those of the views.
func (r Role) Shares(views []View) []Share {
	var shares []Share
	for _, t := range schema.All() {
		if columns := r.tableColumns(t); len(columns) > 0 {
			shares = append(shares, Share{Name: t.Name, Columns: columns, Table: t})
		}
	}
	for i := range views {
		if columns := r.ViewColumns(&views[i]); len(columns) > 0 {
			shares = append(shares, Share{Name: views[i].Name, Columns: columns, View: &views[i]})
		}
	}
	return shares
}

// tableColumns gives the columns of a table that a role may read; none if the table is not for it.
//
// A table with a hidden column in its key is about what is hidden, row by row. What the pipeline notes of itself quotes
// values of any column. A row's hash covers the hidden columns too: who knows all others could try out what they hold.
func (r Role) tableColumns(t *schema.Table) []string {
	if quotes(t) {
		return nil
	}
	var columns []string
	for _, c := range t.Columns {
		switch {
		case c.Class.Holds(r.Hides) && c.Key:
			return nil
		case c.Class.Holds(r.Hides), c.Name == "row_hash", c.Name == "children_hash":
		default:
			columns = append(columns, c.Name)
		}
	}
	return columns
}

// quotes tells whether the rows of a table may hold values of other tables' columns.
func quotes(t *schema.Table) bool {
	changes := slices.ContainsFunc(schema.All(), func(of *schema.Table) bool { return of.Changes == t })
	return changes || strings.HasPrefix(t.Name, "etl_") && t != schema.EtlPublications
}

// ViewColumns gives the columns of a view that a role may read; none if it has a row for each of what is hidden, or if what
// it measures is.
func (r Role) ViewColumns(v *View) []string {
	var columns []string
	measures := 0
	for _, c := range v.Columns {
		grain := slices.Contains(v.Grain, c.Name)
		switch {
		case !c.Class.Holds(r.Hides):
			columns = append(columns, c.Name)
			if !grain {
				measures++
			}
		case grain:
			return nil
		}
	}
	if measures == 0 {
		return nil
	}
	return columns
}

// Prefixed gives the name under which a role finds a table or view in a warehouse that it shares with others.
func (r Role) Prefixed(name string) string { return r.Name + "_" + name }

// selectShare gives the query of a share.
func (d Dialect) selectShare(s Share, from string) string {
	return "select" + lines(d.quoted(s.Columns)) + "\nfrom " + from
}

// CopyShare gives the statement that copies a share out of a database into a table of its own.
func (d Dialect) CopyShare(s Share, database string) string {
	return fmt.Sprintf("create table %s as\n%s", d.Quote(s.Name), d.selectShare(s, d.Quote(database)+"."+d.Quote(s.Name)))
}

// DescribeShare gives the statements that document the table in which a copied share lies.
func (d Dialect) DescribeShare(s Share) []string {
	if s.View != nil {
		about := fmt.Sprintf("comment on table %s is %s", d.Quote(s.Name), d.Literal(s.View.Title+". "+s.View.Question))
		return append([]string{about}, d.CommentViewColumns(s.View, s.Columns)...)
	}
	all := []string{d.CommentTable(s.Table)}
	for _, name := range s.Columns {
		if c, ok := s.Table.Column(name); ok {
			all = append(all, d.CommentColumn(s.Table, c))
		}
	}
	return all
}

// ShareView gives the statement that makes the role's own view of a share.
func (d Dialect) ShareView(r Role, s Share) string {
	return d.CreateView(r.Prefixed(s.Name), d.selectShare(s, d.Quote(s.Name)))
}

// Account gives the role of the warehouse of which a role's readers are made members; it cannot log in itself.
func (r Role) Account() string { return "trunkline_" + r.Name }

// GrantShares gives the statements by which a role may read its shares and nothing else, in their order: to be sent in one
// transaction by the owner of the tables, again whenever a table or a view has changed. In such a warehouse a role has views
// of its own beside the tables, which it cannot reach; the views ask with the rights of their owner.
func (d Dialect) GrantShares(r Role, shares []Share, schemaName string) []string {
	var all []string
	if d.CreateRole != nil {
		all = append(all, d.CreateRole(r.Account()))
	}
	all = append(all, d.GrantRole(r, schemaName)...)
	for _, s := range shares {
		all = append(all, d.CreateShare(r, s, schemaName), d.GrantShare(r, s, schemaName))
	}
	return all
}

// GrantRole gives the statements that let a role of the warehouse enter a schema and reach none of our tables there.
func (d Dialect) GrantRole(r Role, schemaName string) []string {
	account, in := d.Grantee(r.Account()), d.Quote(schemaName)
	enter := fmt.Sprintf("grant %s on schema %s to %s", d.Enter, in, account)
	if d.Everybody == "" {
		return []string{enter}
	}
	tables := make([]string, 0, len(schema.All()))
	for _, t := range schema.All() {
		if !t.Internal {
			tables = append(tables, in+"."+d.Quote(t.Name))
		}
	}
	return []string{
		fmt.Sprintf("revoke all on%s\nfrom %s, %s", lines(tables), d.Everybody, account),
		enter,
	}
}

// CreateShare gives the statement that makes or replaces a role's view of a share; it is refused where the view has other columns.
func (d Dialect) CreateShare(r Role, s Share, schemaName string) string {
	in := d.Quote(schemaName)
	return fmt.Sprintf("create or replace view %s.%s as\n%s", in, d.Quote(r.Prefixed(s.Name)), d.selectShare(s, in+"."+d.Quote(s.Name)))
}

// GrantShare gives the statement that lets a role read its view of a share: the columns of today, where a warehouse grants columns, so that
// one that the view is given by mistake stays hidden.
func (d Dialect) GrantShare(r Role, s Share, schemaName string) string {
	columns := ""
	if d.GrantsColumns {
		columns = " (" + strings.Join(d.quoted(s.Columns), ", ") + ")"
	}
	return fmt.Sprintf("grant select%s on %s%s.%s to %s", columns, d.GrantedView, d.Quote(schemaName), d.Quote(r.Prefixed(s.Name)), d.Grantee(r.Account()))
}

// RoleDataset gives the dataset that holds a role's views, where roles are told apart by datasets.
func (d Dialect) RoleDataset(r Role) string { return d.Dataset + "_" + r.Name }

// ShareDataset gives the statements that make the dataset of a role, with a view of its own for each share. They are sent again whenever
// a table or a view has changed. The views are let into Dataset by its owner, who authorises the role's dataset there: no statement
// can do that. Then a reader needs rights on the role's dataset only (see GrantReader), and has none on the tables.
func (d Dialect) ShareDataset(r Role, shares []Share) []string {
	in := d.Quote(d.RoleDataset(r))
	all := []string{fmt.Sprintf("create schema if not exists %s\noptions (\n    description = %s,\n    labels = [('application', 'trunkline')]\n)",
		in, d.Literal("What the role "+r.Name+" may read of "+d.Dataset))}
	for _, s := range shares {
		all = append(all, fmt.Sprintf("create or replace view %s.%s as\n%s", in, d.Quote(s.Name), d.selectShare(s, d.InDataset(s.Name))))
	}
	return all
}

// GrantReader gives the statement that lets somebody (user:…, group:…) read what a role may.
func (d Dialect) GrantReader(r Role, member string) string {
	return fmt.Sprintf("grant `roles/bigquery.dataViewer`\non schema %s\nto %s", d.Quote(d.RoleDataset(r)), d.Literal(member))
}

// roleFile gives what a role is given, as it is committed.
func (d Dialect) roleFile(r Role) (string, error) {
	views, err := Views()
	if err != nil {
		return "", err
	}
	shares := r.Shares(views)
	var statements []string
	switch {
	case d.Dataset != "":
		statements = append(d.ShareDataset(r, shares), d.GrantReader(r, "group:"+r.Name+"s@example.com"))
	case d.Grants:
		statements = d.GrantShares(r, shares, "public")
	default:
		for _, s := range shares {
			statements = append(statements, d.CopyShare(s, "whole"), d.ShareView(r, s))
		}
	}
	title := "What the role " + r.Name + " may read: nothing of the class " + string(r.Hides)
	return d.header(title) + strings.Join(statements, ";\n\n") + ";\n", nil
}
