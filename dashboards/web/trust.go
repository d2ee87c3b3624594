package web

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	statements "trunkline/sql"
)

// fresh says how new the data is.
type fresh struct {
	To       string // the newest business day that is over
	Read     string // when the contact centre was last asked
	Late     string // how long ago that is, if it is too long
	Complete bool
}

// banner says whether the figures may be trusted that need to know the customer.
type banner struct {
	State string // ok, waived, closed; counted: the share is known, and no limit to hold it against
	Head  string
	Text  string
	Share figure // contacts without a known customer, over 30 days
	Limit figure
}

// publication says what a view shows.
type publication struct {
	state, run, reason string
	at                 time.Time
}

// late is how old the newest answer of a source may be before a page says so.
const late = 36 * time.Hour

// about reads what every page says: how new the data is, and whether the gate is open.
func (v *visit) about(ctx context.Context) error {
	v.readFresh()
	if err := v.readGate(ctx); err != nil {
		return err
	}
	return v.readBanner(ctx)
}

func (v *visit) readFresh() {
	v.Fresh = fresh{To: day(v.snap.span.last), Complete: v.snap.span.any, Read: v.site.moment(v.snap.asked), Late: v.late()}
	if v.snap.asked.IsZero() {
		v.Fresh.Read = ""
	}
}

// late says how long ago the contact centre was last asked, if that is too long.
func (v *visit) late() string {
	age := v.site.config.Now().Sub(v.snap.asked)
	if v.snap.asked.IsZero() || age <= late {
		return ""
	}
	return counted(float64(int(age.Hours())), "hour", "hours")
}

func (v *visit) readGate(ctx context.Context) error {
	v.gate = map[string]publication{}
	if v.snap.columns["etl_publications"] == nil {
		return nil
	}
	rows, err := v.snap.rows(ctx, "select view_name, state, run_id, reason, published_at from published.main.etl_publications")
	if err != nil {
		return err
	}
	for _, r := range rows {
		v.gate[r.text("view_name")] = publication{r.text("state"), r.text("run_id"), r.text("reason"), r.at("published_at")}
	}
	return nil
}

// readBanner holds the share of contacts without a known customer against its limit. A role's file has no checks: there it is
// counted, and its limit is not known.
func (v *visit) readBanner(ctx context.Context) error {
	b, told := &banner{State: "ok"}, ""
	if v.snap.columns["etl_checks"] != nil {
		rows, err := v.snap.rows(ctx, `select status, observed, threshold, message
from published.main.etl_checks
where check_id = 'join_rate'
order by checked_at desc, run_id desc
limit 1`)
		if err != nil {
			return err
		}
		for _, r := range rows {
			b.Share, b.Limit, told = percentOf(r.number("observed")), percentOf(r.number("threshold")), r.text("message")
			if r.text("status") == "waived" {
				b.State, b.Text = "waived", r.text("message")
			}
		}
	}
	audit := v.snap.cubes["join_quality_daily"]
	if m := audit.measure("unidentified_pct"); m != nil && b.Share.Raw == "" && v.snap.span.any {
		b.Share = number("percent", audit.over(*m, "", v.snap.span.last.AddDate(0, 0, 1-splitDays), v.snap.span.last))
	}
	v.closed(b, told)
	if b.Share.Raw == "" && b.State == "ok" {
		return nil // nothing is known of it
	}
	if b.Limit.Raw == "" && b.State == "ok" {
		b.State = "counted"
	}
	b.say()
	v.Banner = b
	return nil
}

// closed finds out whether the gate holds views back. Of the reasons, the one that the banner's head says is left out.
func (v *visit) closed(b *banner, told string) {
	kept, withheld, reason, since := 0, 0, "", time.Time{}
	for _, p := range v.gate {
		switch p.state {
		case "kept":
			kept, reason, since = kept+1, p.reason, p.at
		case "withheld":
			withheld, reason = withheld+1, p.reason
		}
	}
	if kept+withheld == 0 {
		return
	}
	b.State = "closed"
	reasons := slices.DeleteFunc(strings.Split(reason, "; "), func(r string) bool { return r == told })
	b.Text = strings.TrimSpace(sentence(strings.Join(reasons, "; ")) + " " + kinds(kept, withheld, since, v.site))
}

func kinds(kept, withheld int, since time.Time, s *Site) string {
	var all []string
	if kept > 0 {
		all = append(all, fmt.Sprintf("%s that need the CRM go on showing what they did on %s.", counted(float64(kept), "view", "views"), s.moment(since)))
	}
	if withheld > 0 {
		all = append(all, fmt.Sprintf("%s that need the CRM are withheld: the gate was never open yet.", counted(float64(withheld), "view", "views")))
	}
	return strings.Join(all, " ")
}

func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// say puts the banner's state into a line.
func (b *banner) say() {
	limit := ""
	if b.Limit.Raw != "" {
		limit = "; the limit is " + b.Limit.Text
	}
	head := map[string]string{
		"ok":     "The join audit passes",
		"waived": "The join audit is waived",
		"closed": "The quality gate is closed",
	}[b.State]
	b.Head = head
	share := b.Share.Text + " of contacts have no known customer"
	switch {
	case b.State == "counted":
		b.Head = share
	case b.Share.Raw != "":
		b.Head += ": " + share + limit
	}
}

// percentOf makes a percentage of a share, to one decimal.
func percentOf(share *float64) figure {
	if share == nil {
		return number("percent", nil)
	}
	p := 100 * *share
	f := number("percent", &p)
	f.Raw = fmt.Sprintf("%.1f", p)
	return f
}

// spanOf gives the business days that a cube has whole. One that is kept from an earlier run ends before the file does: with the newest
// day that was over when it was kept.
func (v *visit) spanOf(c *cube) span {
	s, p := v.snap.span, v.gate[c.view.Name]
	rows := c.days[""]
	if p.state != "kept" || len(rows) == 0 {
		return s
	}
	at := p.at.In(v.site.config.Location)
	over := time.Date(at.Year(), at.Month(), at.Day()-1, 0, 0, 0, 0, time.UTC)
	s.first = rows[0].at("day")
	for _, end := range []time.Time{rows[len(rows)-1].at("day"), over} {
		if end.Before(s.last) {
			s.last = end
		}
	}
	if s.last.Before(s.first) {
		s.last = s.first
	}
	return s
}

// stamp says of figures of a view what has to be known before they are believed.
func (v *visit) stamp(view *statements.View) string {
	switch p := v.gate[view.Name]; p.state {
	case "kept":
		return "kept from " + day(p.at.In(v.site.config.Location)) + ", as the gate is closed"
	case "withheld":
		return "withheld: the quality gate was never open"
	default:
		return ""
	}
}
