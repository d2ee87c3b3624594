package redshiftsim

import (
	"slices"
	"strings"
)

// create reads one of the CREATE statements.
func (p *parser) create() statement {
	p.need("create")
	var s statement
	switch {
	case p.words("or", "replace", "view"), p.is("view"):
		s = p.createView()
	case p.take("schema"):
		s = p.createSchema()
	case p.take("role"): // r_CREATE_ROLE
		s = statement{sql: "create role " + name(p.identifier()) + " nologin"}
	case p.take("group"): // r_CREATE_GROUP
		s = statement{sql: "create role " + name(p.identifier()) + " nologin"}
	case p.take("user"):
		s = p.createUser()
	default:
		s = p.createTable()
	}
	s.verb = "create"
	return s
}

// createSchema: r_CREATE_SCHEMA.
func (p *parser) createSchema() statement {
	out := "create schema "
	if p.take("if", "not", "exists") {
		out += "if not exists "
	}
	at := p.peek().pos
	id := p.identifier()
	p.checkOwn(id, "", at)
	out += name(id)
	if p.take("authorization") {
		out += " authorization " + name(p.identifier())
	}
	return statement{sql: out}
}

// createUser: r_CREATE_USER; a password has 8 to 64 characters, an upper-case and a lower-case letter and a digit.
func (p *parser) createUser() statement {
	out := "create role " + name(p.identifier()) + " login"
	p.take("with")
	at := p.peek().pos
	p.need("password")
	if p.take("disable") {
		return statement{sql: out + " password null"}
	}
	password := p.text()
	if len(password) < 8 || len(password) > 64 || !strings.ContainsAny(password, "0123456789") ||
		strings.ToLower(password) == password || strings.ToUpper(password) == password {
		panic(refuseAt("22023", "password must be 8 to 64 characters with an upper-case letter, a lower-case letter and a number", at))
	}
	return statement{sql: out + " password " + literal(password)}
}

// createView: r_CREATE_VIEW. One without schema binding names its tables with their schemas.
func (p *parser) createView() statement {
	out := "create "
	if p.take("or", "replace") {
		out += "or replace "
	}
	p.need("view")
	schema, table := p.table()
	view := tableName(schema, table)
	out += "view " + view
	if p.is("(") {
		out += " (" + quotedNames(p.identifiers()) + ")"
	}
	p.need("as")
	query := p.query(true)
	late := p.take("with", "no", "schema", "binding")
	if late && p.use.bare {
		panic(refuse("42601", "All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING."))
	}
	check := "select redshift.keep_columns(" + literal(view) + ")" // may not change what a view gives
	return statement{
		sql: out + " as " + query, before: []string{"select redshift.view_columns(" + literal(view) + ")"},
		after: []string{check, "select redshift.design(" + literal(view) + ", late => " + boolean(late) + ")"},
	}
}

// design is how a table is laid out.
type design struct {
	style   string
	distkey string
	sortkey []string
	encode  [][2]string
	columns []string
	keys    []string
	like    string
	other   bool // any attribute was given
	// required and defaulted tell of the last column that was read.
	required, defaulted bool
}

// createTable: r_CREATE_TABLE_NEW, r_CREATE_TABLE_AS.
func (p *parser) createTable() statement {
	temporary := ""
	local := p.take("local")
	if p.takeOne("temp", "temporary") != "" {
		temporary = "temporary "
	} else if local {
		p.unexpected()
	}
	p.need("table")
	exists := p.take("if", "not", "exists")
	at := p.peek().pos
	schema, table := p.table()
	if schema != "" && temporary != "" {
		panic(refuseAt("42P16", "temporary tables may not specify a schema name", at))
	}
	id := tableName(schema, table)
	var d design
	if p.is("as") || p.is("(") && (p.peekAt(2).val == "," || p.peekAt(2).val == ")") || !p.is("(") {
		if exists {
			p.unexpected()
		}
		return p.createTableAs(temporary, id, &d)
	}
	p.need("(")
	columns := p.list(func() string { return p.tableElement(&d) })
	p.need(")")
	columns = strings.TrimSuffix(strings.ReplaceAll(columns, ", \x00", ""), "\x00")
	p.tableAttributes(&d, true)
	p.checkDesign(&d)
	for _, c := range d.keys { // declared, and not enforced
		if !slices.Contains(d.columns, c) {
			panic(refuse("42703", `column "%s" named in key does not exist`, c))
		}
	}
	out := "create " + temporary + "table "
	if exists {
		out += "if not exists "
	}
	return statement{sql: out + id + " (" + columns + ")", after: []string{p.settle(id, d)}}
}

// createTableAs goes on after the name.
func (p *parser) createTableAs(temporary, id string, d *design) statement {
	out := "create " + temporary + "table " + id
	if p.is("(") {
		out += " (" + quotedNames(p.identifiers()) + ")"
	}
	p.tableAttributes(d, false)
	p.use.user = true // its rows are written on the compute nodes
	p.need("as")
	var query string
	if p.take("(") {
		query = p.query(true)
		p.need(")")
	} else {
		query = p.query(true)
	}
	// What is made so is analysed at once (t_Analyzing_tables), or PostgreSQL would plan joins of it for a handful of rows.
	return statement{sql: out + " as " + query, after: []string{p.settle(id, *d), "analyze " + id}}
}

// tableElement reads a column, a constraint or LIKE. Constraints give nothing, which is marked by a NUL.
func (p *parser) tableElement(d *design) string {
	switch {
	case p.is("constraint"), p.words("primary", "key"), p.words("unique", "("), p.words("foreign", "key"):
		p.tableConstraint(d)
		return "\x00"
	case p.take("like"):
		schema, table := p.table()
		d.like = tableName(schema, table)
		out := "like " + d.like + " including constraints including comments"
		switch {
		case p.take("including", "defaults"):
			out += " including defaults"
		case p.take("excluding", "defaults"):
		}
		return out
	}
	return p.columnDefinition(d, true)
}

// tableConstraint reads a key; it returns the columns of a primary one.
func (p *parser) tableConstraint(d *design) {
	if p.take("constraint") {
		p.identifier()
	}
	switch {
	case p.take("primary", "key"):
		d.keys = append(d.keys, p.identifiers()...)
	case p.take("unique"):
		d.keys = append(d.keys, p.identifiers()...)
	default:
		p.need("foreign", "key")
		d.keys = append(d.keys, p.identifiers()...)
		p.references()
	}
}

func (p *parser) references() {
	p.need("references")
	p.table()
	if p.is("(") {
		p.identifiers()
	}
}

// columnDefinition reads a column with its attributes and constraints. create tells whether the table is being made.
func (p *parser) columnDefinition(d *design, create bool) string {
	id := p.identifier()
	if d.columns = append(d.columns, id); len(d.columns) > 1600 {
		panic(refuse("54011", "tables can have at most 1600 columns"))
	}
	var out strings.Builder
	out.WriteString(name(id) + " " + p.typeName(false).pg)
	for {
		switch {
		case p.take("default"):
			d.defaulted = true
			out.WriteString(" default " + p.expression())
		case p.take("encode"):
			d.encode = append(d.encode, [2]string{id, p.encoding()})
		case create && p.take("distkey"):
			p.distkey(d, id)
		case create && p.take("sortkey"):
			d.sortkey, d.other = append(d.sortkey, id), true
		case create && p.take("collate"):
			p.need("case_sensitive")
		case p.take("not", "null"):
			d.required = true
			out.WriteString(" not null")
		case p.take("null"):
		case create && p.take("primary", "key"), create && p.take("unique"):
			d.keys = append(d.keys, id)
		case create && p.is("references"):
			p.references()
		default:
			return out.String()
		}
	}
}

var encodings = set("az64 bytedict delta delta32k lzo mostly8 mostly16 mostly32 raw runlength text255 text32k zstd")

func (p *parser) encoding() string {
	t := p.peek()
	if t.kind != word || !encodings[t.val] {
		p.unexpected()
	}
	return p.next().val
}

func (p *parser) distkey(d *design, column string) {
	if d.distkey != "" {
		panic(refuse("42P16", "multiple DISTKEY columns are not allowed"))
	}
	d.distkey, d.other = column, true
}

// tableAttributes reads what follows the columns.
func (p *parser) tableAttributes(d *design, create bool) {
	for {
		switch {
		case p.take("backup"):
			if p.takeOne("yes", "no") == "" {
				p.unexpected()
			}
			d.other = true
		case p.take("diststyle"):
			d.style, d.other = p.takeOne("auto", "even", "key", "all"), true
			if d.style == "" {
				p.unexpected()
			}
		case p.take("distkey"):
			p.need("(")
			p.distkey(d, p.identifier())
			p.need(")")
		case p.take("sortkey", "auto"), create && p.take("encode", "auto"):
			d.other = true
		case p.is("compound"), p.is("interleaved"), p.is("sortkey"):
			p.takeOne("compound", "interleaved")
			p.need("sortkey")
			d.sortkey, d.other = append(d.sortkey, p.identifiers()...), true
		default:
			return
		}
	}
}

// checkDesign holds the attributes against each other and against the columns.
func (p *parser) checkDesign(d *design) {
	switch {
	case d.like != "" && d.other:
		panic(refuse("42601", "CREATE TABLE LIKE does not allow DISTSTYLE, DISTKEY, SORTKEY or BACKUP"))
	case d.style == "key" && d.distkey == "":
		panic(refuse("42P16", "No DISTKEY column specified for DISTSTYLE KEY"))
	case d.distkey != "" && d.style != "" && d.style != "key":
		panic(refuse("42P16", "Cannot specify DISTKEY if DISTSTYLE is not KEY"))
	case len(d.sortkey) > 400:
		panic(refuse("54011", "tables can have at most 400 sort key columns"))
	}
	for i, c := range d.columns {
		if slices.Contains(d.columns[:i], c) {
			panic(refuse("42701", `column "%s" duplicated`, c))
		}
	}
	for _, c := range append(slices.Clone(d.sortkey), d.distkey) {
		if c != "" && !slices.Contains(d.columns, c) {
			panic(refuse("42703", `column "%s" named in DISTKEY or SORTKEY does not exist`, c))
		}
	}
}

// settle gives the call that records a table's design and makes its texts count bytes.
func (p *parser) settle(id string, d design) string {
	if d.distkey != "" {
		d.style = "key"
	}
	encodes := make([]string, len(d.encode))
	for i, e := range d.encode {
		encodes[i] = e[0] + "=" + e[1]
	}
	return "select redshift.settle(" + literal(id) + ", " + literal(strings.ToUpper(d.style)) + ", " + literal(d.distkey) + ", " +
		textArray(d.sortkey) + ", " + textArray(encodes) + ", " + literal(d.like) + ")"
}

func textArray(all []string) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = literal(s)
	}
	return "array[" + strings.Join(out, ", ") + "]::text[]"
}

func boolean(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
