package redshiftsim

import (
	"cmp"
	"slices"
	"strings"
)

// query reads a SELECT with what belongs to it (r_SELECT_synopsis). No WITH stands in the query of a WITH clause, and a recursive
// one only at the top (r_WITH_clause).
func (p *parser) query(top bool) string {
	return p.deeper(func() string {
		known, sorts := len(p.ctes), p.sorts
		var out strings.Builder
		out.WriteString(p.with(top) + p.unions())
		if p.take("order", "by") {
			out.WriteString(" order by " + p.list(p.orderItem))
		}
		for limit := p.takeOne("limit", "offset"); limit != ""; limit = p.takeOne("limit", "offset") {
			if limit == "limit" && p.take("all") {
				continue
			}
			out.WriteString(" " + limit + " " + p.amount())
		}
		p.ctes, p.sorts = p.ctes[:known], sorts
		return out.String()
	})
}

// amount reads the number of a LIMIT.
func (p *parser) amount() string {
	if p.peek().kind == parameter {
		return p.next().val
	}
	return p.integer()
}

// with reads a WITH clause, if there is one.
func (p *parser) with(top bool) string {
	if !p.take("with") {
		return ""
	}
	out := "with "
	recursive := p.is("recursive")
	if recursive {
		if !top {
			p.unexpected()
		}
		p.next()
		out += "recursive "
	}
	for {
		at := p.peek().pos
		id := p.identifier()
		out += name(id)
		listed := p.is("(")
		if listed {
			out += " (" + quotedNames(p.identifiers()) + ")"
		}
		p.need("as", "(")
		if p.is("with") {
			p.unexpected()
		}
		if recursive {
			p.ctes = append(p.ctes, id)
		}
		p.recursed = ""
		out += " as (" + p.query(false) + ")"
		if recursive && !listed && p.recursed == id {
			panic(refuseAt("42601", "Recursive CTE "+id+" must have a column name list", at))
		}
		p.need(")")
		if !recursive {
			p.ctes = append(p.ctes, id)
		}
		if !p.take(",") {
			return out + " "
		}
		out += ", "
	}
}

// unions reads selects with set operators between: r_UNION, r_EXCEPT, r_MINUS. INTERSECT binds closer, as in PostgreSQL.
func (p *parser) unions() string {
	out := p.selectOrGroup()
	for {
		op := p.takeOne("union", "except", "minus", "intersect")
		switch {
		case op == "":
			return out
		case op == "union" && p.take("all"):
			op = "union all"
		case op == "minus":
			op = "except"
		}
		out += " " + op + " " + p.selectOrGroup()
	}
}

func (p *parser) selectOrGroup() string {
	if p.take("(") {
		inner := p.deeper(p.unions)
		p.need(")")
		return "(" + inner + ")"
	}
	return p.inBlock(p.selectClause)
}

// item is what a select gives.
type item struct{ sql, label string }

// selectClause reads one SELECT, up to HAVING and QUALIFY.
func (p *parser) selectClause() string {
	sorts, outer := p.sorts, p.outer
	p.sorts = nil
	defer func() { p.sorts, p.outer = sorts, outer }()
	p.need("select")
	head, limit := "select ", ""
	if p.take("top") {
		limit = p.amount()
	}
	if p.take("distinct") { // no DISTINCT ON
		head += "distinct "
	} else {
		p.take("all")
	}
	items := []item{p.selectItem()}
	for p.take(",") {
		items = append(items, p.selectItem())
	}
	body := ""
	if p.take("from") {
		body += " from " + p.list(p.tables)
	}
	where := p.take("where")
	if where {
		body += " where " + p.expression()
	}
	if p.take("group", "by") {
		body += " group by " + p.list(p.expression)
	}
	if p.take("having") {
		body += " having " + p.expression()
	}
	out := head + labelled(items) + body
	if at := p.peek(); p.take("qualify") {
		out = p.qualified(at, head, items, body, where)
	}
	if limit != "" {
		out = "(" + out + " limit " + limit + ")"
	}
	return out
}

// labelled writes the items of a select.
func labelled(items []item) string {
	all := make([]string, len(items))
	for i, it := range items {
		all[i] = it.sql
		if it.label != "" {
			all[i] += " as " + name(it.label)
		}
	}
	return strings.Join(all, ", ")
}

// qualified reads the condition of QUALIFY (r_QUALIFY_clause), which PostgreSQL does not have: the condition becomes a column of a
// query around which another one filters. Only items with a name can be given on. Where nothing else stands between FROM and
// QUALIFY the table's alias would be the word itself, so WHERE has to.
func (p *parser) qualified(at token, head string, items []item, body string, where bool) string {
	if !where || strings.Contains(head, "distinct") {
		panic(refuseAt("42601", `syntax error at or near "qualify"`, at.pos))
	}
	condition := p.expression()
	names := make([]string, len(items))
	for i, it := range items {
		label := it.label
		if label == "" {
			label = columnLabel(it.sql)
		}
		if label == "" {
			panic(refuseAt("0A000", "QUALIFY with an unnamed item is not simulated", at.pos))
		}
		names[i] = name(label)
	}
	return "select " + strings.Join(names, ", ") + " from (" + head + labelled(items) + ", (" + condition + ") as \"?qualify?\"" + body +
		") as \"?qualified?\" where \"?qualify?\""
}

// columnLabel gives the name of a column as an item writes it: the last part of it.
func columnLabel(sql string) string {
	last := sql[strings.LastIndex(sql, ".")+1:]
	if len(last) > 2 && last[0] == '"' && last[len(last)-1] == '"' && !strings.ContainsAny(sql, " ()") {
		return last[1 : len(last)-1]
	}
	return ""
}

func (p *parser) selectItem() item {
	if p.take("*") {
		return item{sql: "*"}
	}
	if t := p.peek(); (t.kind == quoted || t.kind == word && !reserved[t.val]) && p.peekAt(1).val == "." && p.peekAt(2).val == "*" &&
		p.peekAt(2).kind == symbol {
		p.at += 3
		return item{sql: name(t.val) + ".*"}
	}
	it := item{sql: p.expression()}
	it.label = p.alias()
	return it
}

// alias reads an alias, if there is one. A reserved word is none, not even after AS.
func (p *parser) alias() string {
	if p.take("as") {
		return p.identifier()
	}
	if t := p.peek(); t.kind == quoted || t.kind == word && !reserved[t.val] && !clauses[t.val] {
		return p.identifier()
	}
	return ""
}

// orderItem: r_ORDER_BY_clause.
func (p *parser) orderItem() string {
	out := p.expression()
	if way := p.takeOne("asc", "desc"); way != "" {
		out += " " + way
	}
	if p.take("nulls") {
		which := p.takeOne("first", "last")
		if which == "" {
			p.unexpected()
		}
		out += " nulls " + which
	}
	return out
}

// tables reads tables with the joins between them (r_FROM_clause30). No LATERAL, no functions, no VALUES.
func (p *parser) tables() string {
	out := p.tableReference()
	for {
		natural := p.take("natural")
		kind, outer := "", false
		switch {
		case p.take("join"), p.take("inner", "join"):
			kind = " join "
		case !natural && p.take("cross", "join"):
			out += " cross join " + p.tableReference()
			continue
		default:
			if side := p.takeOne("left", "right", "full"); side != "" {
				p.take("outer")
				p.need("join")
				p.outer, outer = true, true
				kind = " " + side + " join "
			}
		}
		switch {
		case kind == "" && natural:
			p.unexpected()
		case kind == "":
			return out
		case natural:
			out += " natural" + kind + p.tableReference()
		default:
			out += kind + p.tableReference() + p.joinCondition(outer)
		}
	}
}

func (p *parser) joinCondition(outer bool) string {
	if p.take("using") {
		return " using (" + quotedNames(p.identifiers()) + ")"
	}
	p.need("on")
	if p.block == nil || !outer {
		return " on " + p.expression()
	}
	around := p.block.on
	p.block.on = true
	condition := p.expression()
	p.block.on = around
	return " on " + condition
}

func (p *parser) tableReference() string {
	if p.take("(") {
		if !p.is("select") && !p.is("with") && !p.is("(") {
			p.unexpected()
		}
		inner := p.query(false)
		p.need(")")
		alias := p.alias()
		if alias == "" {
			panic(refuseAt("42601", "subquery in FROM must have an alias", p.peek().pos))
		}
		p.callTable(alias)
		return "(" + inner + ") as " + name(alias) + p.columnAliases()
	}
	out := p.relation()
	last := p.all[p.at-1].val
	alias := p.alias()
	if p.callTable(cmp.Or(alias, last)); alias != "" {
		out += " as " + name(alias) + p.columnAliases()
	}
	return out
}

func (p *parser) columnAliases() string {
	if !p.is("(") {
		return ""
	}
	return " (" + quotedNames(p.identifiers()) + ")"
}

// relation reads the name of a table that is read: a WITH clause's, one of the catalogue, a user's.
func (p *parser) relation() string {
	at := p.peek().pos
	schema, table := p.qualifiedName()
	if schema == "" && slices.Contains(p.ctes, table) {
		if table == p.ctes[len(p.ctes)-1] {
			p.recursed = table
		}
		return name(table)
	}
	if schema == "" || schema == "pg_catalog" {
		if c, known := catalogue[table]; known {
			p.use.catalogue = p.use.catalogue || c.leader
			p.use.system = p.use.system || !c.leader
			return "redshift." + name(table)
		}
	}
	p.checkOwn(schema, table, at)
	p.use.user = true
	p.use.bare = p.use.bare || schema == ""
	return tableName(schema, table)
}

// table reads the name of a table that is written or defined: a user's, always.
func (p *parser) table() (schema, table string) {
	at := p.peek().pos
	schema, table = p.qualifiedName()
	p.checkOwn(schema, table, at)
	return schema, table
}

// checkOwn refuses the names of what the front and the server behind it keep for themselves.
func (p *parser) checkOwn(schema, table string, at int) {
	system := func(s string) bool {
		for _, prefix := range []string{"pg_", "stl_", "stv_", "svl_", "svv_", "svcs_", "sys_", "information_schema"} {
			if strings.HasPrefix(s, prefix) {
				return true
			}
		}
		return false
	}
	if system(schema) || system(table) || schema == "redshift" {
		panic(refuseAt("42P01", `relation "`+strings.TrimPrefix(schema+"."+table, ".")+`" does not exist`, at))
	}
}

func (p *parser) qualifiedName() (schema, table string) {
	table = p.identifier()
	if p.take(".") {
		schema, table = table, p.identifier()
	}
	return schema, table
}

func tableName(schema, table string) string {
	if schema == "" {
		return name(table)
	}
	return name(schema) + "." + name(table)
}

// relationOf is a table or view of the catalogue. leader tells that only the leader node has it.
type relationOf struct{ leader bool }

// catalogue are the tables and views of Redshift's own that can be read here (c_intro_catalog_views, c_intro_system_tables): those
// of PostgreSQL 8.0's catalogue and Redshift's own, as catalog.sql makes them.
var catalogue = map[string]relationOf{
	"pg_class": {true}, "pg_namespace": {true}, "pg_attribute": {true}, "pg_description": {true}, "pg_type": {true}, "pg_user": {true},
	"pg_database": {true}, "pg_views": {true}, "pg_tables": {true}, "pg_table_def": {true},
	"svv_columns": {}, "svv_tables": {}, "svv_table_info": {}, "svv_roles": {}, "svv_relation_privileges": {}, "stl_load_errors": {}, "sys_load_error_detail": {},
	"stv_db_isolation_level": {},
}
