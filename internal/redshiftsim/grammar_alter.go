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
		at := p.peek().pos
		var d design
		s.sql, s.after = out+"add column "+p.columnDefinition(&d, false), []string{settle}
		if d.required && !d.defaulted {
			panic(refuseAt("0A000", "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression", at))
		}
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
	g := p.privileges()
	p.need("to")
	s := statement{sql: "grant " + g.privileges + " on " + g.objects + " to " + p.list(p.grantee)}
	if p.is("with") && g.columns { // r_GRANT-usage-notes
		panic(refuseAt("0A000", "WITH GRANT OPTION is not supported for column privileges", p.peek().pos))
	}
	if p.take("with", "grant", "option") {
		s.sql += " with grant option"
	}
	for _, table := range g.tables {
		if g.columns {
			s.before = append(s.before, "select redshift.check_columns_grantable("+literal(table)+")")
		} else { // whoever has a privilege on columns does not get it on the table
			s.after = append(s.after, "select redshift.check_table_privileges("+literal(table)+")")
		}
	}
	return s
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
	g := p.privileges()
	p.need("from")
	out += g.privileges + " on " + g.objects + " from " + p.list(p.grantee)
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

// granted is what is granted, and on what.
type granted struct {
	privileges, objects string
	tables              []string
	columns             bool // of columns
}

// privileges reads what is granted or revoked, up to the objects.
func (p *parser) privileges() granted {
	var g granted
	var names, all []string
	for {
		t := p.peek()
		what := p.takeOne("select", "insert", "update", "delete", "references", "create", "temporary", "temp", "usage", "all")
		if what == "" {
			p.unexpected()
		}
		if what == "all" {
			p.take("privileges")
		}
		names = append(names, what)
		if p.is("(") {
			g.columns = true
			switch what {
			case "select", "update":
				what += " (" + quotedNames(p.identifiers()) + ")"
			case "all": // of columns: both
				columns := quotedNames(p.identifiers())
				what = "select (" + columns + "), update (" + columns + ")"
			default:
				panic(refuseAt("0A000", "column privileges are SELECT and UPDATE only", t.pos))
			}
		}
		all = append(all, what)
		if !p.take(",") {
			break
		}
	}
	p.need("on")
	allowed := p.grantObjects(&g)
	for _, what := range names {
		if what != "all" && !slices.Contains(allowed, what) {
			panic(refuse("0LP01", "invalid privilege type %s", strings.ToUpper(what)))
		}
	}
	g.privileges = strings.Join(all, ", ")
	return g
}

// grantObjects reads the objects of a grant and gives the privileges that there are on such.
func (p *parser) grantObjects(g *granted) (allowed []string) {
	named := func() string { return name(p.identifier()) }
	switch {
	case p.take("database"):
		g.objects = "database " + p.list(named)
		return onDatabases
	case p.take("schema"):
		g.objects = "schema " + p.list(named)
		return onSchemas
	case p.take("all", "tables", "in", "schema"):
		g.objects = "all tables in schema " + p.list(named)
		return onTables
	}
	p.take("table")
	g.objects = p.list(func() string {
		id := tableName(p.table())
		g.tables = append(g.tables, id)
		return id
	})
	return onTables
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
