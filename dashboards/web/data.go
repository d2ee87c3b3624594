package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"trunkline/loaders/warehouse"
	"trunkline/pipeline"
	"trunkline/schema"
	statements "trunkline/sql"
)

// dataBody is what Data shows: a query and its answer, and what there is to ask.
type dataBody struct {
	SQL      string
	Answer   *answered
	Fault    string
	Examples []choice
	Views    []entry
	Tables   []entry
}

// answered is the answer to a query of a person.
type answered struct {
	Headings []heading
	Rows     [][]figure
	Cut      bool // there are more rows
	Took     figure
	N        figure
}

type heading struct {
	Name, Type string
	Number     bool
}

// entry is a table or view of the dictionary.
type entry struct {
	Name, Title, About, Period, State string
	Rows                              figure
	Columns                           []described
	Figures                           []figureEntry
	Downloads                         []choice
}

type described struct{ Name, Type, Meaning, Class string }

type figureEntry struct{ Title, Column, Formula, Better string }

const (
	shownRows = 200              // of an answer on the page; a download has all
	askTime   = 20 * time.Second // for a query on the page
	mostSQL   = 20_000           // bytes
)

// data fills the page of what there is, and answers a query.
func (s *Site) data(ctx context.Context, v *visit) (any, error) {
	body := &dataBody{SQL: v.query.Get("sql")}
	if !v.static {
		for _, e := range examples {
			if v.snap.columns[e.table] != nil {
				body.Examples = append(body.Examples, choice{Text: e.text, Link: v.link("data", map[string][]string{"sql": {e.sql}})})
			}
		}
		if body.SQL != "" {
			body.ask(ctx, v)
		}
	}
	body.dictionary(v)
	return body, nil
}

// examples are queries to begin with.
var examples = []struct{ text, table, sql string }{
	{"What changed, most certain first", "what_changed", "select finding, adjusted_p_value\nfrom what_changed\norder by adjusted_p_value nulls last\nlimit 20"},
	{"Queues of the newest day", "queue_performance_daily", "select queue_name, media_type, offered, abandon_rate_pct, service_level_pct\nfrom queue_performance_daily\nwhere business_date = (select max(business_date) from queue_performance_daily)\norder by offered desc"},
	{"The longest contacts", "unified_interactions", "select conversation_id, conversation_start, queue_name, media_type, duration_ms / 60000 as minutes\nfrom unified_interactions\norder by duration_ms desc nulls last\nlimit 20"},
}

// ask answers the query, or says why not.
func (b *dataBody) ask(ctx context.Context, v *visit) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	began := time.Now()
	a := &answered{}
	err := v.snap.source.asking.take(ctx, v.site.waiting, func() error { return v.snap.source.file.Select(ctx, tidy(b.SQL), a) })
	if err != nil && !errors.Is(err, errEnough) {
		v.status = statusOf(err)
		b.Fault = whyNot(ctx, err, askTime)
		return
	}
	took := float64(time.Since(began).Milliseconds())
	a.Took, a.N = number("ms", &took), amount(float64(len(a.Rows)))
	b.Answer = a
}

// tidy takes off what may end a query.
func tidy(query string) string { return strings.TrimRight(strings.TrimSpace(query), "; \n\t\r") }

// statusOf is the status of a query that got no answer: a wrong one is the asker's to mend, a busy server is not.
func statusOf(err error) int {
	if errors.Is(err, errBusy) {
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// whyNot is what a person is told of a query that got no answer in the time it may take.
func whyNot(ctx context.Context, err error, most time.Duration) string {
	if !errors.Is(err, errBusy) && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		cure := "Ask for fewer rows"
		if most < downloadTime {
			cure += ", or download the answer"
		}
		return fmt.Sprintf("The query took longer than %d seconds and was stopped. %s.", int(most.Seconds()), cure)
	}
	if known, ok := errors.AsType[*pipeline.Error](err); ok {
		text := known.What
		if known.Err != nil {
			text += ": " + known.Err.Error()
		}
		return text + ". " + known.Cure + "."
	}
	return strings.TrimPrefix(err.Error(), "query: ")
}

// errEnough ends an answer of which no more is shown.
var errEnough = errors.New("enough rows")

// Columns takes the columns of the answer.
func (a *answered) Columns(columns []warehouse.Heading) error {
	for _, c := range columns {
		a.Headings = append(a.Headings, heading{c.Name, strings.ToLower(c.Type), numeric(c.Type)})
	}
	return nil
}

// numeric tells of a type of DuckDB whether its values are numbers.
func numeric(kind string) bool {
	return strings.HasSuffix(kind, "INT") || strings.HasPrefix(kind, "DECIMAL") ||
		slices.Contains([]string{"INTEGER", "DOUBLE", "FLOAT", "UINTEGER"}, kind)
}

// Row takes a row of the answer.
func (a *answered) Row(values []any) error {
	if len(a.Rows) == shownRows {
		a.Cut = true
		return errEnough
	}
	row := make([]figure, len(values))
	for i, value := range values {
		row[i] = cell(value)
	}
	a.Rows = append(a.Rows, row)
	return nil
}

// cell writes a value as SQL has it: a person who asks in SQL wants to see what is there.
func cell(value any) figure {
	switch value := value.(type) {
	case nil:
		return figure{Text: "NULL", Why: "no value"}
	case string:
		return figure{Text: value, Raw: value}
	case float64:
		text := strconv.FormatFloat(value, 'f', -1, 64)
		return figure{Text: text, Raw: text}
	case json.Marshaler:
		text, err := value.MarshalJSON()
		if err != nil {
			return figure{Text: err.Error()}
		}
		return figure{Text: string(text), Raw: string(text)}
	default:
		text := fmt.Sprint(value)
		return figure{Text: text, Raw: text}
	}
}

// dictionary lists what is in the file.
func (b *dataBody) dictionary(v *visit) {
	for i := range v.site.views {
		if view := &v.site.views[i]; v.snap.columns[view.Name] != nil {
			b.Views = append(b.Views, v.viewEntry(view))
		}
	}
	for _, t := range schema.All() {
		columns := v.snap.columns[t.Name]
		if columns == nil {
			continue
		}
		e := entry{Name: t.Name, About: t.Doc, Rows: number("", v.snap.counts[t.Name]), Downloads: v.downloads(t.Name)}
		for _, c := range t.Columns {
			if slices.Contains(columns, c.Name) {
				e.Columns = append(e.Columns, described{c.Name, c.Type.String(), c.Doc, string(c.Class)})
			}
		}
		b.Tables = append(b.Tables, e)
	}
}

func (v *visit) viewEntry(view *statements.View) entry {
	columns := v.snap.columns[view.Name]
	e := entry{Name: view.Name, Title: view.Title, About: view.Question, Period: view.Period, Downloads: v.downloads(view.Name), State: v.gate[view.Name].state}
	for _, c := range view.Columns {
		if slices.Contains(columns, c.Name) {
			e.Columns = append(e.Columns, described{c.Name, c.Unit, c.Meaning, string(c.Class)})
		}
	}
	if c := v.snap.cubes[view.Name]; c != nil {
		for _, m := range c.measures {
			e.Figures = append(e.Figures, figureEntry{m.Title, m.Name, m.Formula(), string(m.Better)})
		}
	}
	return e
}

func (v *visit) downloads(name string) []choice {
	if v.static {
		return nil
	}
	var all []choice
	for _, f := range formats {
		all = append(all, choice{Text: f.title, Link: v.link("download", map[string][]string{"format": {f.name}, "table": {name}})})
	}
	return all
}
