package redshiftsim

import (
	"strings"
)

// writeWith goes on after a WITH clause that precedes UPDATE or DELETE (r_UPDATE, r_DELETE); before INSERT there is none.
func (p *parser) writeWith(with string) statement {
	var s statement
	switch {
	case p.is("update"):
		s = p.update()
		s.verb = "update"
	case p.is("delete"):
		s = p.delete()
		s.verb = "delete"
	default:
		p.unexpected()
	}
	s.sql = with + s.sql
	return s
}

// insert: r_INSERT_30. A query, or rows of values or DEFAULT. No ON CONFLICT, no RETURNING.
func (p *parser) insert() statement {
	p.need("insert", "into")
	out := "insert into " + tableName(p.target())
	if p.is("(") && !p.words("(", "select") && !p.words("(", "with") {
		out += " (" + quotedNames(p.identifiers()) + ")"
	}
	switch {
	case p.take("default", "values"):
		return statement{sql: out + " default values"}
	case p.take("values"):
		return statement{sql: out + " values " + p.list(func() string {
			p.need("(")
			row := p.list(p.valueOrDefault)
			p.need(")")
			return "(" + row + ")"
		})}
	case p.is("select"), p.is("with"), p.is("("):
		return statement{sql: out + " " + p.query(true)}
	}
	p.unexpected()
	return statement{}
}

func (p *parser) valueOrDefault() string {
	if p.take("default") {
		return "default"
	}
	return p.expression()
}

// target reads a table that is written.
func (p *parser) target() (schema, table string) {
	p.use.user = true
	return p.table()
}

// update: r_UPDATE. The target may have an alias; there are no outer joins in FROM.
func (p *parser) update() statement {
	p.need("update")
	out := "update " + tableName(p.target())
	if !p.is("set") {
		if alias := p.alias(); alias != "" {
			out += " as " + name(alias)
		}
	}
	p.need("set")
	out += " set " + p.list(p.assignment)
	if p.take("from") {
		p.outer = false
		out += " from " + p.list(p.tables)
		if p.outer {
			panic(refuse("0A000", "Target table must be part of an equijoin predicate"))
		}
	}
	if p.take("where") {
		out += " where " + p.expression()
	}
	return statement{sql: out}
}

func (p *parser) assignment() string {
	column := name(p.identifier())
	p.need("=")
	return column + " = " + p.valueOrDefault()
}

// delete: r_DELETE. Neither the target nor the tables of USING have an alias, and FROM is optional without USING only.
func (p *parser) delete() statement {
	p.need("delete")
	from := p.take("from")
	out := "delete from " + tableName(p.target())
	if from && p.take("using") {
		out += " using " + p.list(p.relation)
	}
	if p.take("where") {
		out += " where " + p.expression()
	}
	return statement{sql: out}
}

// merge: r_MERGE, its restricted form: no alias of the target, a plain table as the source, equalities as the condition, exactly the
// two clauses without a condition of their own.
func (p *parser) merge() statement {
	p.need("merge", "into")
	schema, table := p.target()
	p.need("using")
	at := p.peek().pos
	sourceSchema, source := p.table()
	if source == table && sourceSchema == schema {
		panic(refuseAt("42601", "Source and target tables of MERGE must be different", at))
	}
	out := "merge into " + tableName(schema, table) + " using " + tableName(sourceSchema, source)
	if !p.is("on") {
		if alias := p.alias(); alias != "" {
			out += " as " + name(alias)
		}
	}
	p.need("on")
	if p.take("(") {
		out += " on (" + p.equalities() + ")"
		p.need(")")
	} else {
		out += " on " + p.equalities()
	}
	p.need("when", "matched", "then")
	out += " when matched then "
	if p.take("delete") {
		out += "delete"
	} else {
		p.need("update", "set")
		out += "update set " + p.list(func() string {
			column := name(p.identifier())
			p.need("=")
			return column + " = " + p.expression()
		})
	}
	p.need("when", "not", "matched", "then", "insert")
	out += " when not matched then insert"
	if p.is("(") {
		out += " (" + quotedNames(p.identifiers()) + ")"
	}
	p.need("values", "(")
	out += " values (" + p.list(p.expression) + ")"
	p.need(")")
	check := "select redshift.check_merge(" + literal(tableName(sourceSchema, source)) + ")"
	return statement{sql: out, before: []string{check}}
}

// equalities reads a = b and c = d.
func (p *parser) equalities() string {
	one := func() string {
		left := p.joined()
		p.need("=")
		return left + " = " + p.joined()
	}
	var out strings.Builder
	out.WriteString(one())
	for p.take("and") {
		out.WriteString(" and " + one())
	}
	return out.String()
}

// truncate: r_TRUNCATE, which commits the transaction that it stands in.
func (p *parser) truncate() statement {
	p.need("truncate")
	p.take("table")
	return statement{sql: "truncate table " + tableName(p.target())}
}

// lock: r_LOCK, in access exclusive mode always.
func (p *parser) lock() statement {
	p.need("lock")
	p.take("table")
	return statement{sql: "lock table " + p.list(func() string { return tableName(p.target()) }) + " in access exclusive mode"}
}

// analyze: r_ANALYZE.
func (p *parser) analyze() statement {
	p.need("analyze")
	p.take("verbose")
	out := "analyze"
	if p.peek().kind == word && !p.is("predicate") && !p.is("all") || p.peek().kind == quoted {
		out += " " + tableName(p.table())
		if p.is("(") {
			out += " (" + quotedNames(p.identifiers()) + ")"
		}
	}
	if p.take("predicate") || p.take("all") {
		p.need("columns")
	}
	return statement{sql: out}
}

// begin: r_BEGIN. Whatever level is asked for, a transaction is serializable.
func (p *parser) begin() statement {
	if p.take("start") {
		p.need("transaction")
	} else {
		p.need("begin")
		p.takeOne("work", "transaction")
	}
	out := "begin"
	if p.take("isolation", "level") {
		switch {
		case p.take("serializable"), p.take("repeatable", "read"), p.take("read", "committed"), p.take("read", "uncommitted"), p.take("snapshot"):
		default:
			p.unexpected()
		}
	}
	if p.take("read") {
		how := p.takeOne("only", "write")
		if how == "" {
			p.unexpected()
		}
		out += " read " + how
	}
	return statement{verb: "begin", sql: out}
}

// commit: r_COMMIT, r_END.
func (p *parser) commit() statement {
	p.next()
	p.takeOne("work", "transaction")
	return statement{verb: "commit", sql: "commit"}
}

// rollback: r_ROLLBACK, r_ABORT. There are no savepoints.
func (p *parser) rollback() statement {
	p.next()
	p.takeOne("work", "transaction")
	return statement{verb: "rollback", sql: "rollback"}
}

// kept are the settings that the front keeps by itself, with what they are at first (cm_chap_ConfigurationRef).
var kept = map[string]string{
	"query_group": "", "enable_result_cache_for_session": "on", "enable_case_sensitive_identifier": "off",
	"wlm_query_slot_count": "1", "analyze_threshold_percent": "10", "error_on_nondeterministic_update": "off",
	"max_concurrency_scaling_clusters": "1", "extra_float_digits": "0", "datestyle": "ISO, MDY",
}

// passed are the settings that PostgreSQL has too.
var passed = map[string]string{"search_path": "search_path", "timezone": "timezone", "statement_timeout": "statement_timeout"}

// set: r_SET. The settings are few, and none of one's own making.
func (p *parser) set() statement {
	p.need("set")
	if p.take("session", "authorization") {
		if p.take("default") {
			return statement{sql: "set session authorization default"}
		}
		if p.peek().kind == text {
			return statement{sql: "set session authorization " + literal(p.text())}
		}
		return statement{sql: "set session authorization " + name(p.identifier())}
	}
	p.take("session")
	t := p.peek()
	id := p.settingName()
	if p.takeOne("to", "=") == "" {
		p.unexpected()
	}
	value, isDefault := p.settingValue()
	if pg, ok := passed[id]; ok {
		if isDefault {
			value = "default"
		}
		return statement{sql: "set " + pg + " to " + value}
	}
	if _, ok := kept[id]; !ok {
		panic(refuseAt("42704", `unrecognized configuration parameter "`+id+`"`, t.pos))
	}
	if isDefault {
		value = kept[id]
	} else if value = strings.ReplaceAll(strings.Trim(value, `'"`), "''", "'"); id == "enable_case_sensitive_identifier" && value != "off" && value != "false" {
		panic(refuseAt("0A000", id+" is not simulated", t.pos))
	}
	return statement{tag: "SET", sets: &setting{id, value}}
}

// settingName reads the name of a setting; Redshift has none with a dot.
func (p *parser) settingName() string {
	if p.peek().kind != word {
		p.unexpected()
	}
	return p.next().val
}

// settingValue reads values, with commas between.
func (p *parser) settingValue() (value string, isDefault bool) {
	if p.take("default") {
		return "", true
	}
	return p.list(func() string {
		t := p.peek()
		switch {
		case t.kind == text:
			return literal(p.next().val)
		case t.kind == number:
			return p.next().val
		case t.kind == quoted, t.kind == word && (!reserved[t.val] || t.val == "off" || t.val == "on" || t.val == "true" || t.val == "false"):
			return name(p.next().val)
		}
		p.unexpected()
		return ""
	}), false
}

// knownSetting reads the name of a setting, and gives what PostgreSQL calls it; empty if the session itself keeps it.
func (p *parser) knownSetting() (id, pg string) {
	t := p.peek()
	id = p.settingName()
	if pg, ok := passed[id]; ok {
		return id, pg
	}
	if _, ok := kept[id]; !ok {
		panic(refuseAt("42704", `unrecognized configuration parameter "`+id+`"`, t.pos))
	}
	return id, ""
}

// show: r_SHOW.
func (p *parser) show() statement {
	p.need("show")
	id, pg := p.knownSetting()
	if pg != "" {
		return statement{sql: "show " + pg}
	}
	return statement{tag: "SHOW", shows: id}
}

// reset: r_RESET.
func (p *parser) reset() statement {
	p.need("reset")
	id, pg := p.knownSetting()
	if pg != "" {
		return statement{sql: "reset " + pg}
	}
	return statement{tag: "RESET", sets: &setting{id, kept[id]}}
}
