package redshiftsim

import (
	"fmt"
	"strconv"
	"strings"
)

// call reads the call of a function. A name that is not on the list of functions.go does not exist.
func (p *parser) call() string {
	t := p.next()
	switch t.val {
	case "extract":
		return p.extract()
	case "trim":
		return p.trim()
	case "position":
		return p.position()
	case "convert": // r_CONVERT_function
		p.need("(")
		to := p.typeName(true)
		p.need(",")
		value := p.expression()
		p.need(")")
		return to.cast(value)
	case "dateadd", "date_add", "datediff", "date_diff":
		return p.dateCall(t)
	}
	f, known := functions[t.val]
	if !known {
		p.skipArguments()
		panic(refuseAt("42883", "function "+t.val+"() does not exist", t.pos))
	}
	args, distinct := p.arguments(f)
	if len(args) < f.least || len(args) > f.most {
		panic(refuseAt("42883", fmt.Sprintf("function %s with %d arguments does not exist", t.val, len(args)), t.pos))
	}
	if f.leader {
		p.use.leader = t.val
	}
	switch {
	case f.kind == sorting:
		return p.sorted(t.val, args, distinct)
	case f.kind == scalar:
		return f.write(p, args)
	}
	return f.write(p, []string{distinct + strings.Join(args, ", ")}) + p.over(t, f)
}

// skipArguments goes to the end of a call, so that the error is that of the function and not of what it is given.
func (p *parser) skipArguments() {
	for depth := 0; p.peek().kind != end; p.next() {
		if p.is("(") {
			depth++
		}
		if p.is(")") {
			if depth--; depth == 0 {
				return
			}
		}
	}
}

func (p *parser) arguments(f function) (args []string, distinct string) {
	p.need("(")
	if p.take(")") {
		return nil, ""
	}
	if f.star && p.take("*") {
		p.need(")")
		return []string{"*"}, ""
	}
	if f.kind == aggregate || f.kind == sorting {
		if p.take("distinct") {
			distinct = "distinct "
		} else {
			p.take("all")
		}
	}
	args = []string{p.expression()}
	for p.take(",") {
		args = append(args, p.expression())
	}
	p.need(")")
	return args, distinct
}

// sorted reads an aggregate that sorts its rows. All of those of a query must sort alike (r_LISTAGG, r_MEDIAN, r_PERCENTILE_CONT).
func (p *parser) sorted(called string, args []string, distinct string) string {
	order := ""
	if called == "median" {
		order = args[0]
	} else if p.take("within", "group") {
		p.need("(", "order", "by")
		order = p.list(p.orderItem)
		p.need(")")
	} else if called == "percentile_cont" {
		p.unexpected()
	}
	if p.is("over") {
		panic(refuseAt("0A000", called+" as a window function is not simulated", p.peek().pos))
	}
	if order != "" {
		if p.sorts == nil {
			p.sorts = map[string]bool{}
		}
		p.sorts[strings.TrimSuffix(order, " asc")] = true
		if len(p.sorts) > 1 {
			panic(refuse("0A000", "within group ORDER BY clauses for aggregate functions must be the same"))
		}
	}
	if distinct != "" && called != "listagg" {
		panic(refuse("0A000", "DISTINCT is not simulated with %s", called))
	}
	switch called {
	case "median":
		return "pg_catalog.percentile_cont(0.5) within group (order by " + order + ")"
	case "percentile_cont":
		return "pg_catalog.percentile_cont(" + args[0] + ") within group (order by " + order + ")"
	}
	delimiter := "''"
	if len(args) > 1 {
		delimiter = args[1]
	}
	if order != "" {
		order = " order by " + order
	}
	return "pg_catalog.string_agg(" + distinct + "cast(" + args[0] + " as varchar), " + delimiter + order + ")"
}

// over reads what makes a function one of a window (r_Window_function_synopsis). With an order, an aggregate needs a frame, and a
// ranking function must not have one.
func (p *parser) over(called token, f function) string {
	if !p.take("over") {
		if f.kind == window {
			p.unexpected()
		}
		return ""
	}
	if p.block != nil {
		p.block.window = true
	}
	p.need("(")
	out := " over ("
	if p.take("partition", "by") {
		out += "partition by " + p.list(p.notText) + " "
	}
	ordered := p.take("order", "by")
	if ordered {
		out += "order by " + p.list(p.orderItem) + " "
	}
	framed := p.is("rows")
	if framed {
		if !ordered || f.unframed {
			p.unexpected()
		}
		out += p.frame()
	}
	if ordered && !framed && !f.unframed {
		panic(refuseAt("42601", "Aggregate window functions with an ORDER BY clause require a frame clause", called.pos))
	}
	p.need(")")
	return out + ")"
}

// notText reads an expression that is no string: those are not supported in PARTITION BY.
func (p *parser) notText() string {
	if p.peek().kind == text {
		p.unexpected()
	}
	return p.expression()
}

// frame reads a frame: ROWS only, no RANGE and no GROUPS.
func (p *parser) frame() string {
	p.need("rows")
	if !p.take("between") {
		return "rows " + p.frameBound()
	}
	from := p.frameBound()
	p.need("and")
	return "rows between " + from + " and " + p.frameBound()
}

func (p *parser) frameBound() string {
	if p.take("current", "row") {
		return "current row"
	}
	n := "unbounded"
	if !p.take("unbounded") {
		n = p.integer()
	}
	to := p.takeOne("preceding", "following")
	if to == "" {
		p.unexpected()
	}
	return n + " " + to
}

// extract: r_EXTRACT_function.
func (p *parser) extract() string {
	p.need("(")
	part := p.datePart()
	p.need("from")
	value := p.expression()
	p.need(")")
	return "pg_catalog.date_part(" + literal(part) + ", " + value + ")"
}

// trim: r_TRIM.
func (p *parser) trim() string {
	p.need("(")
	where := p.takeOne("both", "leading", "trailing")
	what := p.expression()
	if p.take("from") {
		from := p.expression()
		p.need(")")
		return "trim(" + where + " " + what + " from " + from + ")"
	}
	if where != "" {
		p.unexpected()
	}
	if p.take(",") {
		chars := p.expression()
		p.need(")")
		return "pg_catalog.btrim(" + what + ", " + chars + ")"
	}
	p.need(")")
	return "pg_catalog.btrim(" + what + ")"
}

// position: r_POSITION.
func (p *parser) position() string {
	p.need("(")
	what := p.joined()
	p.need("in")
	within := p.expression()
	p.need(")")
	return "pg_catalog.strpos(" + within + ", " + what + ")"
}

// dateCall: r_DATEADD_function, r_DATEDIFF_function.
func (p *parser) dateCall(called token) string {
	p.need("(")
	part := p.datePart()
	p.need(",")
	a := p.expression()
	p.need(",")
	b := p.expression()
	p.need(")")
	if strings.HasSuffix(called.val, "add") {
		return "redshift.date_add(" + literal(part) + ", " + a + ", " + b + ")"
	}
	if part == "week" || part == "epoch" || part == "dow" || part == "doy" {
		panic(refuseAt("0A000", "datediff of "+part+" is not simulated", called.pos))
	}
	return "redshift.date_diff(" + literal(part) + ", " + a + ", " + b + ")"
}

// datePart reads the part of a date, as a word or a string (r_Dateparts_for_datetime_functions).
func (p *parser) datePart() string {
	t := p.peek()
	if t.kind != word && t.kind != text {
		p.unexpected()
	}
	part, known := dateParts[lower(t.val)]
	if !known {
		panic(refuseAt("22023", "unknown date part "+strconv.Quote(t.val), t.pos))
	}
	p.next()
	return part
}
