package genesysapi

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"
)

const (
	queryPage    = 100                 // the largest page of a synchronous query
	queryLimit   = 100_000             // the most hits that one can have
	queryMaximum = 31 * aDay           // the longest interval of one
	unsettledFor = 5 * time.Minute     // how long a change of a conversation makes it drift
	typicalSize  = 16 << 10            // of a conversation, in bytes
	orderedBy    = "conversationStart" // unless a request says otherwise
)

// detailsQuery is the request of a synchronous query.
type detailsQuery struct {
	filters
	Interval     string `json:"interval"`
	Order        string `json:"order"`
	OrderBy      string `json:"orderBy"`
	Aggregations []any  `json:"aggregations"`
	Paging       *struct {
		PageSize   int `json:"pageSize"`
		PageNumber int `json:"pageNumber"`
	} `json:"paging"`
}

func (q *detailsQuery) check() (interval, error) {
	span, err := parseInterval(q.Interval)
	if err != nil {
		return span, err
	}
	if span.to.Sub(span.from) > queryMaximum {
		return span, refuse("bad.request", "The interval may not be longer than 31 days")
	}
	if len(q.Aggregations) > 0 {
		return span, beyond("aggregations are not supported here")
	}
	q.Order, q.OrderBy = cmp.Or(q.Order, "asc"), cmp.Or(q.OrderBy, orderedBy)
	if !slices.Contains([]string{"asc", "desc", "unordered"}, q.Order) {
		return span, beyond("order must be asc, desc or unordered, not %q", q.Order)
	}
	if q.OrderBy != orderedBy && q.OrderBy != "conversationEnd" {
		return span, beyond("orderBy %q is not supported here", q.OrderBy)
	}
	return span, cmp.Or(q.checkPaging(), q.filters.check())
}

func (q *detailsQuery) checkPaging() error {
	if q.Paging == nil {
		q.Paging = &struct {
			PageSize   int `json:"pageSize"`
			PageNumber int `json:"pageNumber"`
		}{25, 1}
	}
	switch p := q.Paging; {
	case p.PageSize < 1 || p.PageSize > queryPage:
		return beyond("paging.pageSize must be between 1 and %d", queryPage)
	case p.PageNumber < 1:
		return beyond("paging.pageNumber must be at least 1")
	case p.PageSize*p.PageNumber > queryLimit:
		return overLimit()
	}
	return nil
}

func overLimit() error {
	return refuse("bad.request", "The query exceeds the result limit of %d; narrow the interval or the filters", queryLimit)
}

// queryDetails is POST …/details/query: what is known now of the conversations that began on the UTC days that the interval
// touches, without participant attributes. While conversations change, a page is no promise about the next one.
func (a *API) queryDetails(w http.ResponseWriter, r *http.Request) error {
	var q detailsQuery
	if err := decode(w, r, &q); err != nil {
		return err
	}
	span, err := q.check()
	if err != nil {
		return err
	}
	now := a.opts.Now()
	hits := a.hits(q, span.days(), now)
	if len(hits) > queryLimit {
		return overLimit()
	}
	arrange(hits, q)
	drifted := drift(hits, q, now)
	total := len(hits)
	if drifted {
		total = max(1, total+(q.Paging.PageNumber+1)%3-1)
	}
	first := min((q.Paging.PageNumber-1)*q.Paging.PageSize, len(hits))
	last := min(first+q.Paging.PageSize, len(hits))

	page := newPage(w)
	for _, h := range hits[first:last] {
		page.add(func(b []byte) []byte { return h.AppendJSON(b, now, false) })
	}
	return page.close(`"totalHits":` + strconv.Itoa(total))
}

// hit is a conversation that a query found.
type hit struct {
	Conversation
	end time.Time // zero while open
}

// settled tells whether the index has stopped moving the conversation.
func (h hit) settled(now time.Time) bool {
	return !h.end.IsZero() && now.Sub(h.end) >= unsettledFor
}

func (a *API) hits(q detailsQuery, span interval, now time.Time) []hit {
	var hits []hit
	for c := range a.source.StartedOn(span.from, span.to, now) {
		if !a.visible(c.Division) || !q.hold(c, now) {
			continue
		}
		end, _ := c.End(now)
		hits = append(hits, hit{c, end})
		if len(hits) > queryLimit {
			break
		}
	}
	return hits
}

// arrange puts hits, given by start, in the order that a query wants. The open ones have the latest end.
func arrange(hits []hit, q detailsQuery) {
	if q.OrderBy == "conversationEnd" {
		slices.SortStableFunc(hits, func(x, y hit) int {
			if x.end.IsZero() != y.end.IsZero() {
				return cmp.Compare(btoi(x.end.IsZero()), btoi(y.end.IsZero()))
			}
			return x.end.Compare(y.end)
		})
	}
	if q.Order == "desc" {
		slices.Reverse(hits)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// drift moves the conversations that still change among the places they hold, a place further with each page: so one that
// was the last of its kind on a page comes again on the next, and another is never seen. Those that are settled stay where
// they are, except that without an order there are none.
func drift(hits []hit, q detailsQuery, now time.Time) bool {
	var places []int
	for i, h := range hits {
		if q.Order == "unordered" || !h.settled(now) {
			places = append(places, i)
		}
	}
	moving := make([]hit, len(places))
	for i, at := range places {
		moving[i] = hits[at]
	}
	for i, at := range places {
		hits[at] = moving[(i+len(moving)-(q.Paging.PageNumber-1)%len(moving))%len(moving)]
	}
	return len(moving) > 0
}
