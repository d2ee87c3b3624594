package redshiftsim

import (
	"slices"
	"strings"
)

// expression reads a condition or a value (r_logical_condition, r_comparison_condition, r_expressions). How operators bind is the
// parser's own business: it writes parentheses around everything that it has put together.
func (p *parser) expression() string { return p.deeper(p.disjunction) }

func (p *parser) disjunction() string {
	left := p.conjunction()
	for p.take("or") {
		left = "(" + left + " or " + p.conjunction() + ")"
	}
	return left
}

func (p *parser) conjunction() string {
	left := p.negation()
	for p.take("and") {
		left = "(" + left + " and " + p.negation() + ")"
	}
	return left
}

func (p *parser) negation() string {
	if p.take("not") {
		return p.deeper(func() string { return "(not " + p.negation() + ")" })
	}
	return p.comparison()
}

// comparison reads one comparison. They do not chain: what `a = b is null` means depends on the release, and is refused.
func (p *parser) comparison() string {
	left := p.joined()
	if op := p.takeOne("=", "<>", "!=", "<=", ">=", "<", ">", "~", "!~"); op != "" {
		return "(" + left + " " + op + " " + p.joined() + ")"
	}
	if p.take("is") {
		not := ""
		if p.take("not") {
			not = "not "
		}
		what := p.takeOne("null", "true", "false", "unknown") // no DISTINCT FROM
		if what == "" {
			p.unexpected()
		}
		return "(" + left + " is " + not + what + ")"
	}
	not := ""
	if p.is("not") && slices.Contains([]string{"like", "ilike", "similar", "between", "in"}, p.peekAt(1).val) {
		p.next()
		not = "not "
	}
	if op := p.takeOne("like", "ilike", "similar"); op != "" {
		if op == "similar" {
			p.need("to")
			op = "similar to"
		}
		return "(" + left + " " + not + op + " " + p.joined() + p.escape() + ")"
	}
	switch {
	case p.take("between"):
		from := p.joined()
		p.need("and")
		return "(" + left + " " + not + "between " + from + " and " + p.joined() + ")"
	case p.take("in"):
		p.need("(")
		var within string
		if p.is("select") || p.is("with") {
			within = p.query(false)
		} else {
			within = p.list(p.expression)
		}
		p.need(")")
		return "(" + left + " " + not + "in (" + within + "))"
	}
	return left
}

// escape reads the escape character of a pattern. Without one it is the backslash, in PostgreSQL too.
func (p *parser) escape() string {
	if p.take("escape") {
		return " escape " + literal(p.text())
	}
	return ""
}

func (p *parser) joined() string { return p.chain(p.sum, "||") }

func (p *parser) sum() string { return p.chain(p.product, "+", "-") }

func (p *parser) product() string { return p.chain(p.power, "*", "/", "%") }

func (p *parser) power() string { return p.chain(p.signed, "^") }

// chain reads operands with operators of one rank between, from the left.
func (p *parser) chain(operand func() string, operators ...string) string {
	left := operand()
	for {
		op := p.takeOne(operators...)
		if op == "" {
			return left
		}
		left = "(" + left + " " + op + " " + operand() + ")"
	}
}

func (p *parser) signed() string {
	if sign := p.takeOne("-", "+"); sign != "" {
		return p.deeper(func() string { return "(" + sign + " " + p.signed() + ")" })
	}
	return p.converted()
}

// converted reads a value with what follows it: ::type, at time zone.
func (p *parser) converted() string {
	value := p.primary()
	for {
		switch {
		case p.take("::"):
			value = p.typeName(true).cast(value)
		case p.take("at", "time", "zone"):
			value = "(" + value + " at time zone " + literal(p.text()) + ")"
		case p.take("collate"): // only Redshift's own (c_collation_sequences)
			p.need("case_sensitive")
		default:
			return value
		}
	}
}

func (p *parser) primary() string {
	t := p.peek()
	switch t.kind {
	case number:
		return p.next().val
	case text:
		return literal(p.next().val)
	case parameter:
		return p.next().val
	case quoted:
		return p.column()
	case word:
		return p.wordPrimary(t)
	}
	if !p.take("(") {
		p.unexpected()
	}
	var inner string
	if p.is("select") || p.is("with") {
		inner = p.query(false)
	} else {
		inner = p.expression()
	}
	p.need(")")
	return "(" + inner + ")"
}

func (p *parser) wordPrimary(t token) string {
	switch t.val {
	case "null", "true", "false":
		return p.next().val
	case "case":
		return p.caseExpression()
	case "cast":
		return p.castExpression()
	case "exists":
		p.next()
		p.need("(")
		inner := p.query(false)
		p.need(")")
		return "exists (" + inner + ")"
	case "current_date", "current_user", "session_user", "user": // r_CURRENT_DATE_function …
		return p.next().val
	case "current_user_id":
		p.next()
		return "(select usesysid from pg_catalog.pg_user where usename = current_user)"
	case "sysdate": // r_SYSDATE: begin of the transaction, with microseconds
		p.next()
		return "cast(pg_catalog.transaction_timestamp() as timestamp)"
	case "current_timestamp":
		p.next()
		p.use.leader = "now"
		return "current_timestamp"
	case "interval": // r_interval_literals
		p.next()
		return "interval " + literal(p.text())
	}
	if next := p.peekAt(1); next.kind == text && slices.Contains([]string{"date", "timestamp", "timestamptz", "time"}, t.val) {
		p.next()
		return t.val + " " + literal(p.text())
	}
	if next := p.peekAt(1); next.kind == symbol && next.val == "(" && (!reserved[t.val] || t.val == "left" || t.val == "right") {
		return p.call()
	}
	if p.words("pg_catalog", ".") && p.peekAt(3).val == "(" {
		p.at += 2
		return p.call()
	}
	return p.column()
}

// column reads the name of a column, of a table's, or of a schema's table's.
func (p *parser) column() string {
	parts := []string{name(p.identifier())}
	if p.is(".") {
		p.refer(p.all[p.at-1].val)
	}
	for len(parts) < 3 && p.take(".") {
		if p.take("oid") { // of the catalogue, as AWS's own queries write it
			parts = append(parts, name("oid"))
			continue
		}
		parts = append(parts, name(p.identifier()))
	}
	return strings.Join(parts, ".")
}

// caseExpression: r_CASE_function.
func (p *parser) caseExpression() string {
	p.need("case")
	var out strings.Builder
	out.WriteString("case")
	if !p.is("when") {
		out.WriteString(" " + p.expression())
	}
	for first := true; first || p.is("when"); first = false {
		p.need("when")
		out.WriteString(" when " + p.expression())
		p.need("then")
		out.WriteString(" then " + p.expression())
	}
	if p.take("else") {
		out.WriteString(" else " + p.expression())
	}
	p.need("end")
	return "(" + out.String() + " end)"
}

// castExpression: r_CAST_function.
func (p *parser) castExpression() string {
	p.need("cast", "(")
	value := p.expression()
	p.need("as")
	to := p.typeName(true)
	p.need(")")
	return to.cast(value)
}

// typeOf is a type of Redshift's.
type typeOf struct {
	pg string
	// bytes is the greatest length of a varchar, and scale the digits of a numeric behind the point; empty for another type.
	bytes, scale string
}

// cast converts a value. A text is cut to its bytes, without a word (r_CAST_function). A boolean becomes no text, and a text no
// boolean unless it is a literal. What a numeric has no room for behind the point is cut off, not rounded (r_Numeric_types201).
func (t typeOf) cast(value string) string {
	switch {
	case t.bytes != "":
		value = "redshift.cut(redshift.as_text(" + value + "), " + t.bytes + ")"
	case t.scale != "":
		value = "redshift.cut_digits(" + value + ", " + t.scale + ")"
	case t.pg == "boolean" && value != "null" && !strings.HasPrefix(value, "'") && !strings.HasPrefix(value, "$"):
		value = "redshift.as_boolean(" + value + ")"
	}
	return "cast(" + value + " as " + t.pg + ")"
}

// plainTypes are the types without arguments, by each of their names (c_Supported_data_types).
var plainTypes = map[string]string{
	"smallint": "smallint", "int2": "smallint", "integer": "integer", "int": "integer", "int4": "integer", "bigint": "bigint",
	"int8": "bigint", "real": "real", "float4": "real", "float8": "double precision", "float": "double precision",
	"boolean": "boolean", "bool": "boolean", "date": "date", "timestamptz": "timestamp with time zone",
}

// typeName reads a type. A varchar without a length has 256 bytes (r_Character_types).
func (p *parser) typeName(inExpression bool) typeOf {
	t := p.peek()
	if t.kind != word {
		p.unexpected()
	}
	switch p.next(); t.val {
	case "double":
		p.need("precision")
		return typeOf{pg: "double precision"}
	case "timestamp", "time":
		switch {
		case p.take("with", "time", "zone"):
			return typeOf{pg: t.val + " with time zone"}
		case p.take("without", "time", "zone"):
			return typeOf{pg: t.val}
		}
		return typeOf{pg: t.val}
	case "decimal", "numeric":
		n, scale := p.precision()
		return typeOf{pg: "numeric(" + n + ", " + scale + ")", scale: scale}
	case "char", "nchar":
		return typeOf{pg: "char(" + p.length("1", "4096") + ")"}
	case "bpchar":
		return typeOf{pg: "char(256)"}
	case "text":
		return typeOf{pg: "varchar(256)", bytes: "256"}
	case "varchar", "nvarchar", "character":
		if t.val == "character" && !p.take("varying") {
			return typeOf{pg: "char(" + p.length("1", "4096") + ")"}
		}
		n := p.length("256", "65535")
		return typeOf{pg: "varchar(" + n + ")", bytes: n}
	}
	pg, known := plainTypes[t.val]
	if !known {
		if inExpression || !reserved[t.val] {
			panic(refuseAt("42704", `type "`+t.val+`" does not exist`, t.pos))
		}
		p.at--
		p.unexpected()
	}
	return typeOf{pg: pg}
}

// length reads the length of a text type: a number of bytes, or max.
func (p *parser) length(otherwise, greatest string) string {
	if !p.take("(") {
		return otherwise
	}
	n := greatest
	if !p.take("max") {
		at := p.peek().pos
		n = p.integer()
		if n = strings.TrimLeft(n, "0"); n == "" || len(n) > len(greatest) || len(n) == len(greatest) && n > greatest {
			panic(refuseAt("22023", "length for type character varying cannot exceed "+greatest, at))
		}
	}
	p.need(")")
	return n
}

// precision reads that of a decimal; it is 18,0 by default (r_Numeric_types201).
func (p *parser) precision() (n, scale string) {
	if !p.take("(") {
		return "18", "0"
	}
	n, scale = p.integer(), "0"
	if p.take(",") {
		scale = p.integer()
	}
	p.need(")")
	return n, scale
}
