package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// demoStory is what came of a demo's nights.
type demoStory struct {
	nights  []*outcome
	changes []changes // found by each night after the first days
}

// tell prints the summary.
func (s *demoStory) tell(ctx context.Context, d *demo) error {
	a := d.app
	last := s.nights[len(s.nights)-1]
	a.print("A simulated contact centre in %s, two weeks, the last %d nights one by one, in %.1f s, no credential, no network.\n",
		demoZone, demoNights, time.Since(d.began).Seconds())
	err := errors.Join(
		s.tellNights(a),
		s.tellSteps(a, last),
	)
	if err != nil {
		return err
	}
	for _, q := range []struct{ title, query string }{
		{"Join quality: which conversations can be tied to a customer", `
			select business_date, sum(total_contacts) as total_contacts, sum(no_id) as no_id, sum(malformed) as malformed,
				sum(orphan) as orphan, sum(merged) as merged, sum(matched) as matched,
				round(100.0 * sum(matched + merged) / sum(total_contacts), 1) as identified_pct
			from join_quality_daily group by business_date order by business_date`},
		{"Escalation by tier", `
			select * replace (coalesce(customer_tier, '(tier not known)') as customer_tier)
			from escalation_by_tier order by total_contacts desc`},
		{"What changed between the last two weeks, more than chance can do", `
			select finding from what_changed where is_significant and level <> 'all'
			order by adjusted_p_value, p_value limit 5`},
	} {
		if err := d.show(ctx, q.title, q.query); err != nil {
			return err
		}
	}
	if err := d.prove(ctx); err != nil {
		return err
	}
	c := duckdbConfig(d.config)
	a.heading("Where it is")
	a.print("  database  %s  (any DuckDB client; read-only copy, replaced whole by each night)\n", c.Published)
	a.print("  runs      %s  (every record as received, every table as Parquet, a manifest for each step)\n",
		filepath.Join(d.dir, "runs"))
	a.heading("Try next")
	for _, next := range []string{
		`query "select * from what_changed order by adjusted_p_value"`,
		`query "select * from queue_performance_daily order by offered desc limit 10"`,
		"rejects list", "status", "runs " + last.Run,
	} {
		a.print("  %s\n", a.verbatim(next))
	}
	a.print("  %s init   to set it up for a real centre\n", shellWord(os.Args[0]))
	return nil
}

// heading prints a title, bold where a person looks.
func (a *app) heading(title string) {
	if a.colours(a.stdout) {
		title = "\x1b[1m" + title + "\x1b[0m"
	}
	a.print("\n%s\n", title)
}

func (s *demoStory) tellNights(a *app) error {
	a.heading("Nights")
	g := grid{columns: []string{"night of", "records", "calls", "rejected", "rows new", "changed", "as before", "took", "state"}}
	for _, o := range s.nights {
		var ms int64
		for _, step := range o.Steps {
			ms += step.TookMs
		}
		u := o.Loaded["unified_interactions"]
		g.add(span(o), o.Records, o.Calls, o.Rejected, u.Inserted, u.Updated, u.Unchanged, took(ms), o.Status)
	}
	if err := g.writeTable(a.stdout); err != nil {
		return err
	}
	a.heading("What a night found out about earlier days")
	g = grid{columns: []string{"night of", "late surveys", "late evaluations", "ended", "re-opened", "tier changed", "account merged"}}
	for i, c := range s.changes {
		g.add(s.nights[i+1].Day, c.surveys, c.evaluations, c.ended, c.reopened, c.tiers, c.merges)
	}
	return g.writeTable(a.stdout)
}

// span is what a run read.
func span(o *outcome) string {
	if o.Window.To.Sub(o.Window.From) > 26*time.Hour {
		return fmt.Sprintf("%s + %d days", o.Day, demoDays-2)
	}
	return o.Day
}

func (s *demoStory) tellSteps(a *app, o *outcome) error {
	a.heading("Steps of the last night")
	g := grid{columns: []string{"step", "rows", "rejected", "calls", "took"}}
	for _, step := range o.Steps {
		g.add(step.Step, step.Rows, step.Rejected, step.Calls, took(step.TookMs))
	}
	return g.writeTable(a.stdout)
}

// show prints the answer to a query.
func (d *demo) show(ctx context.Context, title, query string) error {
	g, err := ask(ctx, duckdbConfig(d.config), query)
	if err != nil {
		return err
	}
	d.app.heading(title)
	return g.writeTable(d.app.stdout)
}
