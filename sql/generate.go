package sql

import (
	"fmt"
	"strings"

	"trunkline/schema"
)

// Files gives everything that a dialect makes of the declared tables, the views and the checks, by the name of the file in
// which it is committed.
func (d Dialect) Files() (map[string]string, error) {
	files := map[string]string{}
	for _, t := range schema.All() {
		files[t.Name+".sql"] = d.tableFile(t)
	}
	views, err := Views()
	if err != nil {
		return nil, err
	}
	for _, v := range views {
		query, err := v.Query(d)
		if err != nil {
			return nil, err
		}
		files["views/"+v.Name+".sql"] = d.header(v.Title) + d.CreateView(v.Name, query) + ";\n"
	}
	checks, err := Checks()
	if err != nil {
		return nil, err
	}
	for _, c := range checks {
		if c.EachTable {
			c = c.For(schema.UnifiedInteractions)
		}
		query, err := c.Query(d)
		if err != nil {
			return nil, err
		}
		files["checks/"+c.ID+".sql"] = d.header(c.Title) + query + ";\n"
	}
	reenrich, err := d.Reenrich()
	if err != nil {
		return nil, err
	}
	files["reenrich.sql"] = d.header("Rows of unified_interactions that follow a change of the CRM") + reenrich + ";\n"
	for _, r := range Roles() {
		if files["roles/"+r.Name+".sql"], err = d.roleFile(r); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (d Dialect) header(title string) string {
	head := "-- Generated. " + title + ".\n"
	if d.Untried != "" {
		head += "-- " + d.Untried + "\n"
	}
	return head
}

// tableFile gives a table's DDL and, where batches are loaded into it, its merge.
func (d Dialect) tableFile(t *schema.Table) string {
	var b strings.Builder
	b.WriteString(d.header("Table " + t.Name + ": DDL and merge"))
	fmt.Fprintf(&b, "%s;\n", d.CreateTable(t))
	if key := d.CreateKey(t); key != "" {
		fmt.Fprintf(&b, "\n%s;\n", key)
	}
	if d.Documented == nil {
		fmt.Fprintf(&b, "\n%s;\n", d.CommentTable(t))
		for _, c := range t.Columns {
			fmt.Fprintf(&b, "%s;\n", d.CommentColumn(t, c))
		}
	}
	if !Loaded(t) || t.Parent != nil { // children are merged with their parent
		return b.String()
	}
	if d.Staged != nil {
		b.WriteString("\n" + d.MergeScript(t))
		return b.String()
	}
	for _, step := range d.MergeInto(t).Statements() {
		fmt.Fprintf(&b, "\n-- %s\n%s;\n", step[0], step[1])
	}
	return b.String()
}

// Loaded tells whether batches are loaded into a table; the loader itself writes the others.
func Loaded(t *schema.Table) bool {
	return t != schema.EtlCommits && t != schema.EtlLeases && t != schema.EtlPublications && t != schema.UnifiedInteractionChanges
}
