package salesforceapi

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// timeFormat is how REST writes times; Bulk writes them with Z.
const timeFormat = "2006-01-02T15:04:05.000-0700"

func appendText(b []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil { // a string always has JSON
		return append(b, "null"...)
	}
	return append(b, quoted...)
}

func appendValue(b []byte, v any, kind string) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case float64:
		return appendNumber(b, v, kind)
	case time.Time:
		return append(v.UTC().Truncate(time.Second).AppendFormat(append(b, '"'), timeFormat), '"')
	default:
		return appendText(b, fmt.Sprint(v))
	}
}

func appendNumber(b []byte, v float64, kind string) []byte {
	if kind == "currency" {
		return strconv.AppendFloat(b, v, 'f', 2, 64)
	}
	if v == math.Trunc(v) {
		return strconv.AppendFloat(b, v, 'f', 1, 64)
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}

func appendAttributes(b []byte, version, object, id string) []byte {
	b = append(b, `"attributes":{"type":`...)
	b = appendText(b, object)
	b = append(b, `,"url":`...)
	b = appendText(b, "/services/data/"+version+"/sobjects/"+object+"/"+id)
	return append(b, '}')
}

// appendRow writes a record as REST does: fields of a parent in an object of its own, which is null if there is none.
func (p *plan) appendRow(b []byte, version string, r *record) []byte {
	b = appendAttributes(append(b, '{'), version, p.of.name, r.id)
	var written []string
	for _, c := range p.columns {
		relation, _, dotted := strings.Cut(c.path, ".")
		if slices.Contains(written, relation) {
			continue
		}
		written = append(written, relation)
		b = append(appendText(append(b, ','), relation), ':')
		if dotted {
			b = p.appendParent(b, version, relation, r)
		} else {
			b = appendValue(b, r.value(c.path), c.kind)
		}
	}
	return append(b, '}')
}

func (p *plan) appendParent(b []byte, version, relation string, r *record) []byte {
	at := slices.IndexFunc(p.of.fields, func(f field) bool { return f.relationship == relation })
	f := p.of.fields[at]
	id, _ := r.value(f.name).(string)
	if id == "" {
		return append(b, "null"...)
	}
	b = appendAttributes(append(b, '{'), version, f.parent, id)
	for _, c := range p.columns {
		if own, name, _ := strings.Cut(c.path, "."); own == relation {
			b = append(appendText(append(b, ','), name), ':')
			b = appendValue(b, r.value(c.path), c.kind)
		}
	}
	return append(b, '}')
}

// appendAggregate writes a row of an aggregate query.
func (p *plan) appendAggregate(b []byte, row []any) []byte {
	b = append(b, `{"attributes":{"type":"AggregateResult"}`...)
	unnamed := 0
	for i, it := range p.items {
		label := it.alias
		if label == "" {
			if label = it.field.text; it.function != "" {
				label = fmt.Sprintf("expr%d", unnamed)
				unnamed++
			}
		}
		b = append(appendText(append(b, ','), label), ':')
		b = appendValue(b, row[i], "")
	}
	return append(b, '}')
}

// appendCSV writes records as Bulk does: a header, every value in quotes, nothing for null.
func (p *plan) appendCSV(b []byte, found []record) []byte {
	for i, c := range p.columns {
		b = appendCell(b, i, c.path)
	}
	b = append(b, '\n')
	for j := range found {
		for i, c := range p.columns {
			b = appendCell(b, i, cell(found[j].value(c.path), c.kind))
		}
		b = append(b, '\n')
	}
	return b
}

func appendCell(b []byte, i int, text string) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return append(append(append(b, '"'), strings.ReplaceAll(text, `"`, `""`)...), '"')
}

func cell(v any, kind string) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return string(appendNumber(nil, v, kind))
	case time.Time:
		return v.UTC().Truncate(time.Second).Format("2006-01-02T15:04:05.000Z")
	default:
		return fmt.Sprint(v)
	}
}
