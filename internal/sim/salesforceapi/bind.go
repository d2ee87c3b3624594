package salesforceapi

import (
	"fmt"
	"slices"
	"strings"

	"trunkline/internal/sfid"
)

// column is a field that was found to exist.
type column struct {
	path string // Name, Owner.Name
	kind string
}

// plan is a statement whose names were found to exist.
type plan struct {
	*statement
	of      object
	columns []column // of the SELECT list; of aggregates too
	groups  []column
	sorts   []column
}

// bind finds the names of a statement.
func (s *Server) bind(st *statement) (*plan, error) {
	of, ok := s.object(st.object.text)
	if !ok {
		return nil, &queryError{"INVALID_TYPE", st.object.at, fmt.Sprintf(
			"sObject type '%s' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the "+
				"entity name. Please reference your WSDL or the describe call for the appropriate names.", st.object.text)}
	}
	p := &plan{statement: st, of: of}
	for _, it := range st.items {
		if it.alias != "" && !st.aggregates() {
			return nil, malformed(it.field.at, "only aggregate expressions use field aliasing")
		}
		c, err := s.column(of, it.field)
		if err != nil {
			return nil, err
		}
		if it.function == "SUM" && !numeric(c.kind) {
			return nil, malformed(it.field.at, "field %s does not support aggregate operator SUM", it.field.text)
		}
		if st.aggregates() && it.function == "" && !st.grouped(it.field) {
			return nil, malformed(it.field.at, "Field must be grouped or aggregated: %s", it.field.text)
		}
		p.columns = append(p.columns, c)
	}
	for _, n := range st.groupBy {
		c, err := s.column(of, n)
		if err != nil {
			return nil, err
		}
		if c.kind == "datetime" || c.kind == "textarea" || numeric(c.kind) {
			return nil, malformed(n.at, "field '%s' can not be grouped in a query call", n.text)
		}
		p.groups = append(p.groups, c)
	}
	for _, o := range st.orderBy {
		c, err := s.column(of, o.field)
		if err != nil {
			return nil, err
		}
		p.sorts = append(p.sorts, c)
	}
	return p, s.bindCondition(of, st.where)
}

func (s *statement) grouped(field name) bool {
	return slices.ContainsFunc(s.groupBy, func(n name) bool { return strings.EqualFold(n.text, field.text) })
}

// column finds a field of an object, or of a parent one level up.
func (s *Server) column(of object, n name) (column, error) {
	if f, ok := of.field(n.text); ok {
		return column{f.name, f.kind}, nil
	}
	relation, name, dotted := strings.Cut(n.text, ".")
	if dotted {
		for _, f := range of.fields {
			if !strings.EqualFold(f.relationship, relation) {
				continue
			}
			parent, _ := s.object(f.parent)
			if pf, ok := parent.field(name); ok {
				return column{f.relationship + "." + pf.name, pf.kind}, nil
			}
		}
	}
	return column{}, &queryError{"INVALID_FIELD", n.at, fmt.Sprintf(
		"No such column '%s' on entity '%s'. If you are attempting to use a custom field, be sure to append the '__c' after the custom "+
			"field name. Please reference your WSDL or the describe call for the appropriate names.", n.text, of.name)}
}

// unfiltered tells whether fields of a kind take no part in conditions and orders.
func unfiltered(kind string) bool { return kind == "textarea" || kind == "anyType" }

func numeric(kind string) bool { return kind == "currency" || kind == "double" }

// bindCondition finds the fields of a condition and compares the kinds of its literals with theirs.
func (s *Server) bindCondition(of object, c *condition) error {
	if c == nil {
		return nil
	}
	for _, sub := range slices.Concat(c.all, c.any) {
		if err := s.bindCondition(of, sub); err != nil {
			return err
		}
	}
	if c.operator == "" {
		return nil
	}
	col, err := s.column(of, c.field)
	if err != nil {
		return err
	}
	c.field.text = col.path
	want := "string"
	switch {
	case col.kind == "datetime", col.kind == "boolean":
		want = col.kind
	case numeric(col.kind):
		want = "number"
	case unfiltered(col.kind):
		return &queryError{"INVALID_FIELD", c.field.at, fmt.Sprintf("field '%s' can not be filtered in a query call", col.path)}
	}
	for i := range c.literals {
		l := &c.literals[i]
		if l.kind != want && l.kind != "null" {
			return &queryError{"INVALID_FIELD", c.field.at, fmt.Sprintf(
				"value of filter criterion for field '%s' must be of type %s", col.path, want)}
		}
		if id, status := sfid.Normalize(l.text); (col.kind == "id" || col.kind == "reference") && status == sfid.OK {
			l.text = id
		}
	}
	return nil
}
