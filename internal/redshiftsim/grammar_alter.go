package redshiftsim

import (
	"slices"
	"strings"
)

// alter: r_ALTER_TABLE, one change a statement; r_ALTER_SCHEMA and others are not here.
func (p *parser) alter() statement {
	p.need("alter", "table")
	id := tableName(p.table())
	s := statement{verb: "alter"}
	out := "alter table " + id + " "
	settle := "select redshift.settle(" + literal(id) + ")"
	switch {
	case p.take("rename", "column"):
		from := name(p.identifier())
		p.need("to")
		s.sql, s.after = out+"rename column "+from+" to "+name(p.identifier()), []string{settle}
	case p.take("rename", "to"):
		s.sql = out + "rename to " + name(p.identifier())
	case p.take("owner", "to"):
		s.sql = out + "owner to " + name(p.identifier())
	case p.take("alter", "column"):
		column := p.identifier()
		p.need("type")
		at := p.peek().pos
		to := p.typeName(false)
		if to.bytes == "" {
			panic(refuseAt("0A000", `ALTER COLUMN TYPE is not supported for other types than VARCHAR`, at))
		}
		s.before = []string{"select redshift.release(" + literal(id) + ", " + literal(column) + ")"}
		s.sql, s.after, s.verb = out+"alter column "+name(column)+" type "+to.pg, []string{settle}, "alter column"
	case p.take("drop"):
		p.take("column")
		column := p.identifier()
		s.sql = out + "drop column " + name(column) + p.dropBehaviour()
	case p.words("add", "constraint"), p.words("add", "primary"), p.words("add", "unique"), p.words("add", "foreign"):
		p.next()
		primary := p.is("primary") || p.words("constraint") && p.peekAt(2).val == "primary"
		var d design
		p.tableConstraint(&d)
		s.tag = "ALTER TABLE"
		s.before = []string{"select redshift.check_key(" + literal(id) + ", " + textArray(d.keys) + ", " + boolean(primary) + ")"}
	default:
		p.need("add")
		p.take("column")
		s.sql, s.after = out+"add column "+p.columnDefinition(&design{}, false), []string{settle}
	}
	return s
}

func (p *parser) dropBehaviour() string {
	if how := p.takeOne("cascade", "restrict"); how != "" {
		return " " + how
	}
	return ""
}

// drop: r_DROP_TABLE, r_DROP_VIEW, r_DROP_SCHEMA, r_DROP_ROLE, r_DROP_USER.
func (p *parser) drop() statement {
	p.need("drop")
	what := p.takeOne("table", "view", "schema", "role", "user", "group")
	if what == "" {
		p.unexpected()
	}
	out := "drop " + strings.NewReplacer("user", "role", "group", "role").Replace(what) + " "
	if what != "role" && what != "group" && p.take("if", "exists") {
		out += "if exists "
	}
	out += p.list(func() string {
		if what == "table" || what == "view" {
			return tableName(p.table())
		}
		return name(p.identifier())
	})
	if what == "table" || what == "view" || what == "schema" {
		out += p.dropBehaviour()
	}
	if what == "role" && p.take("force") {
		panic(refuse("0A000", "DROP ROLE FORCE is not simulated"))
	}
	return statement{sql: out}
}

// comment: r_COMMENT.
func (p *parser) comment() statement {
	p.need("comment", "on")
	out := "comment on "
	switch what := p.takeOne("table", "view", "column"); what {
	case "table", "view":
		out += what + " " + tableName(p.table())
	case "column":
		parts := []string{p.identifier()}
		for p.take(".") {
			parts = append(parts, p.identifier())
		}
		if len(parts) < 2 || len(parts) > 3 {
			p.unexpected()
		}
		for i, part := range parts {
			parts[i] = name(part)
		}
		out += "column " + strings.Join(parts, ".")
	default:
		p.unexpected()
	}
	p.need("is")
	if p.take("null") {
		return statement{sql: out + " is null"}
	}
	return statement{sql: out + " is " + literal(p.text())}
}

// privileges that are granted on tables; those with columns are select and update (r_GRANT).
var (
	onTables    = []string{"select", "insert", "update", "delete", "references"}
	onDatabases = []string{"create", "temporary", "temp"}
	onSchemas   = []string{"create", "usage"}
)

// grant: r_GRANT.
func (p *parser) grant() statement {
	p.need("grant")
	if p.take("role") { // r_GRANT: of a role
		roles := p.roles()
		p.need("to")
		s := statement{sql: "grant " + roles + " to " + p.list(p.grantee)}
		if p.take("with", "admin", "option") {
			s.sql += " with admin option"
		}
		return s
	}
	privileges, objects, before := p.privileges()
	p.need("to")
	out := "grant " + privileges + " on " + objects + " to " + p.list(p.grantee)
	if p.take("with", "grant", "option") {
		out += " with grant option"
	}
	return statement{sql: out, before: before}
}

// revoke: r_REVOKE.
func (p *parser) revoke() statement {
	p.need("revoke")
	if p.take("role") {
		roles := p.roles()
		p.need("from")
		return statement{sql: "revoke " + roles + " from " + p.list(p.grantee)}
	}
	out := "revoke "
	if p.take("grant", "option", "for") {
		out += "grant option for "
	}
	privileges, objects, _ := p.privileges()
	p.need("from")
	out += privileges + " on " + objects + " from " + p.list(p.grantee)
	p.take("restrict")
	return statement{sql: out}
}

// roles reads names of roles, ROLE before each: the first was read.
func (p *parser) roles() string {
	all := []string{p.identifier()}
	for p.take(",", "role") {
		all = append(all, p.identifier())
	}
	return quotedNames(all)
}

// privilege is one that was read, with its columns.
type privilege struct {
	what    string
	columns []string
}

// privileges reads what is granted, and on what.
func (p *parser) privileges() (privileges, objects string, before []string) {
	var all []privilege
	for {
		t := p.peek()
		pr := privilege{what: p.takeOne("select", "insert", "update", "delete", "references", "create", "temporary", "temp", "usage", "all")}
		if pr.what == "" {
			p.unexpected()
		}
		if pr.what == "all" {
			p.take("privileges")
		}
		if p.is("(") {
			if pr.what != "select" && pr.what != "update" && pr.what != "all" {
				panic(refuseAt("0A000", "column privileges are SELECT and UPDATE only", t.pos))
			}
			pr.columns = p.identifiers()
		}
		all = append(all, pr)
		if !p.take(",") {
			break
		}
	}
	p.need("on")
	allowed, objects, before := p.grantObjects(all)
	var out []string
	for _, pr := range all {
		if pr.what != "all" && !slices.Contains(allowed, pr.what) {
			panic(refuse("0LP01", "invalid privilege type %s", strings.ToUpper(pr.what)))
		}
		if pr.columns != nil {
			pr.what += " (" + quotedNames(pr.columns) + ")"
		}
		out = append(out, pr.what)
	}
	return strings.Join(out, ", "), objects, before
}

// grantObjects reads the objects of a grant. A column privilege on a view without schema binding is refused when it is sent.
func (p *parser) grantObjects(all []privilege) (allowed []string, objects string, before []string) {
	columns := slices.ContainsFunc(all, func(pr privilege) bool { return pr.columns != nil })
	switch {
	case p.take("database"):
		return onDatabases, "database " + p.list(func() string { return name(p.identifier()) }), nil
	case p.take("schema"):
		return onSchemas, "schema " + p.list(func() string { return name(p.identifier()) }), nil
	case p.take("all", "tables", "in", "schema"):
		return onTables, "all tables in schema " + p.list(func() string { return name(p.identifier()) }), nil
	}
	p.take("table")
	return onTables, p.list(func() string {
		id := tableName(p.table())
		if columns {
			before = append(before, "select redshift.check_columns_grantable("+literal(id)+")")
		}
		return id
	}), before
}

// grantee reads a user, ROLE name, GROUP name or PUBLIC.
func (p *parser) grantee() string {
	if p.take("public") {
		return "public"
	}
	if p.takeOne("role", "group") != "" || p.is("user") {
		return name(p.identifier())
	}
	return name(p.identifier())
}
