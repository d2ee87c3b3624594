package salesforceapi

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"trunkline/internal/sfid"
)

// ring keeps the newest few of something by id.
type ring[T any] struct {
	size  int
	ids   []string
	items map[string]T
	count int // ever added
}

func (r *ring[T]) add(id string, item T) {
	if r.items == nil {
		r.items = map[string]T{}
	}
	if len(r.ids) == r.size {
		r.remove(r.ids[0])
	}
	r.ids = append(r.ids, id)
	r.items[id] = item
}

func (r *ring[T]) remove(id string) {
	delete(r.items, id)
	for i, known := range r.ids {
		if known == id {
			r.ids = append(r.ids[:i:i], r.ids[i+1:]...)
			return
		}
	}
}

// newID makes an id with the prefix of a kind of thing.
func (r *ring[T]) newID(prefix string) string {
	r.count++
	id, _ := sfid.Normalize(fmt.Sprintf("%s%012d", prefix, r.count))
	return id
}

// cursor is a query whose further pages can be asked for.
type cursor struct {
	plan  *plan
	path  string // where its pages are
	found []record
	made  time.Time
}

// refuseQuery is the answer to a query that is not understood.
func refuseQuery(err error, soql string) answer {
	var q *queryError
	if !errors.As(err, &q) {
		return refuse(http.StatusInternalServerError, "UNKNOWN_EXCEPTION", err.Error())
	}
	return refuse(http.StatusBadRequest, q.code, q.text(soql))
}

func (s *Server) plan(soql string) (*plan, error) {
	st, err := parse(soql)
	if err != nil {
		return nil, err
	}
	return s.bind(st)
}

func (s *Server) query(r *http.Request) answer    { return s.answerQuery(r, false) }
func (s *Server) queryAll(r *http.Request) answer { return s.answerQuery(r, true) }

// mostGroups is how many rows an aggregate query may have: it has no further pages.
const mostGroups = 2000

func (s *Server) answerQuery(r *http.Request, all bool) answer {
	soql := r.URL.Query().Get("q")
	p, err := s.plan(soql)
	if err != nil {
		return refuseQuery(err, soql)
	}
	s.mu.Lock()
	s.stats.Queries++
	s.mu.Unlock()
	found := s.run(p, all)
	switch {
	case p.countAll:
		return answer{status: http.StatusOK, body: fmt.Appendf(nil, `{"totalSize":%d,"done":true,"records":[]}`, len(found))}
	case p.aggregates():
		return answerAggregate(p, found)
	}
	c := &cursor{plan: p, path: r.URL.Path, found: found, made: s.options.Now()}
	return s.page(c, "", 0)
}

func answerAggregate(p *plan, found []record) answer {
	rows := p.aggregate(found)
	if len(rows) > mostGroups {
		return refuse(http.StatusBadRequest, "EXCEEDED_ID_LIMIT",
			"Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch")
	}
	body := fmt.Appendf(nil, `{"totalSize":%d,"done":true,"records":[`, len(rows))
	for i, row := range rows {
		if i > 0 {
			body = append(body, ',')
		}
		body = p.appendAggregate(body, row)
	}
	return answer{status: http.StatusOK, body: append(body, "]}"...)}
}

// page writes the page of a cursor that begins at a row. Some pages have a quarter fewer rows than they might,
// and some begin with the last row of the page before: a locator is no transaction.
func (s *Server) page(c *cursor, id string, from int) answer {
	size := s.options.PageSize
	number := from / size
	if number%3 == 1 {
		size -= size / 4
	}
	to := min(from+size, len(c.found))
	if number%4 == 3 {
		from--
	}
	version := strings.Split(c.path, "/")[3]
	body := fmt.Appendf(nil, `{"totalSize":%d,"done":%t`, len(c.found), to == len(c.found))
	if to < len(c.found) {
		s.mu.Lock()
		if id == "" {
			id = s.cursors.newID("0r8")
			s.cursors.add(id, c)
		}
		s.mu.Unlock()
		body = fmt.Appendf(body, `,"nextRecordsUrl":"%s/%s-%d"`, c.path, id, to)
	}
	body = append(body, `,"records":[`...)
	for i := from; i < to; i++ {
		if i > from {
			body = append(body, ',')
		}
		body = c.plan.appendRow(body, version, &c.found[i])
	}
	return answer{status: http.StatusOK, body: append(body, "]}"...)}
}

func (s *Server) queryMore(r *http.Request) answer {
	id, offset, _ := strings.Cut(r.PathValue("locator"), "-")
	s.mu.Lock()
	s.stats.Pages++
	c, ok := s.cursors.items[id]
	s.mu.Unlock()
	from, err := strconv.Atoi(offset)
	if !ok || err != nil || from < 0 || from > len(c.found) || s.options.Now().Sub(c.made) >= s.options.LocatorTTL {
		return refuse(http.StatusBadRequest, "INVALID_QUERY_LOCATOR", "invalid query locator")
	}
	return s.page(c, id, from)
}

func (s *Server) describe(r *http.Request) answer {
	of, ok := s.object(r.PathValue("object"))
	if !ok {
		return refuse(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	}
	type described struct {
		Name             string   `json:"name"`
		Type             string   `json:"type"`
		Groupable        bool     `json:"groupable"`
		Filterable       bool     `json:"filterable"`
		Sortable         bool     `json:"sortable"`
		RelationshipName *string  `json:"relationshipName"`
		ReferenceTo      []string `json:"referenceTo"`
	}
	fields := []described{}
	for _, f := range of.fields {
		d := described{
			Name: f.name, Type: f.kind, ReferenceTo: []string{},
			Groupable:  f.kind != "datetime" && !unfiltered(f.kind) && !numeric(f.kind),
			Filterable: !unfiltered(f.kind), Sortable: !unfiltered(f.kind),
		}
		if f.relationship != "" {
			d.RelationshipName, d.ReferenceTo = &f.relationship, []string{f.parent}
		}
		fields = append(fields, d)
	}
	return reply(map[string]any{
		"name": of.name, "label": of.name, "custom": false, "queryable": true, "retrieveable": true,
		"replicateable": true, "undeletable": of.deletable, "fields": fields,
	})
}

// keptDeleted is how long the list of deleted records goes back.
const keptDeleted = 30 * 24 * time.Hour

func (s *Server) deleted(r *http.Request) answer {
	of, ok := s.object(r.PathValue("object"))
	if !ok || !of.deletable {
		return refuse(http.StatusNotFound, "NOT_FOUND", "The requested resource does not exist")
	}
	now := s.options.Now().UTC()
	start, err := moment(r.URL.Query().Get("start"))
	if err != nil {
		return refuse(http.StatusBadRequest, "INVALID_REPLICATION_DATE", "malformed start date")
	}
	finish, err := moment(r.URL.Query().Get("end"))
	if err != nil {
		return refuse(http.StatusBadRequest, "INVALID_REPLICATION_DATE", "malformed end date")
	}
	earliest := now.Add(-keptDeleted).Truncate(time.Minute)
	switch {
	case start.Before(earliest):
		return refuse(http.StatusBadRequest, "INVALID_REPLICATION_DATE", "start date is before the earliest date available")
	case !finish.Add(-time.Minute).After(start):
		return refuse(http.StatusBadRequest, "INVALID_REPLICATION_DATE", "The end date must be more than one minute after the start date")
	}
	// Seconds are ignored.
	start, finish = start.Truncate(time.Minute), finish.Truncate(time.Minute)
	if covered := now.Truncate(time.Minute); finish.After(covered) {
		finish = covered
	}
	type deletion struct {
		ID          string `json:"id"`
		DeletedDate string `json:"deletedDate"`
	}
	list := []deletion{}
	for _, rec := range s.records(of.name, now) {
		if !rec.gone.IsZero() && !rec.gone.Before(start) && rec.gone.Before(finish) {
			list = append(list, deletion{rec.id, rec.gone.UTC().Format(timeFormat)})
		}
	}
	return reply(map[string]any{
		"deletedRecords": list, "earliestDateAvailable": earliest.Format(timeFormat), "latestDateCovered": finish.Format(timeFormat),
	})
}

// moment reads a time of a URL, in which a plus sign may have become a space.
func moment(text string) (time.Time, error) {
	text = strings.ReplaceAll(text, " ", "+")
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, err = time.Parse(timeFormat, text)
	}
	return at.UTC(), err
}
