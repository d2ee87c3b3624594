package main

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
	statements "trunkline/sql"
)

// freshness is what data_freshness has to say of one source: the cells that are told to the letter, and the times between which it was asked
// and written, where anybody was.
type freshness struct {
	cells            map[string]any
	observed, loaded *between
}

// between is the time from one moment to another, both included.
type between struct{ from, to time.Time }

// freshnessDifferences compares the view with the ledger, where it tells of the world, and with the manifests of the runs, where it tells
// of them.
func freshnessDifferences(t *testing.T, db *sql.DB, s *stage, ledger *scenario.Ledger, day int) (found []string) {
	t.Helper()
	nights := s.nights(t, day)
	told := interactionFreshness(s, ledger, nights)
	maps.Copy(told, mirrorFreshness(s, nights))
	maps.Copy(told, viewFreshness(t, nights[day]))
	t.Logf("compared %d rows of data_freshness", len(told))
	for _, row := range query(t, db, "select * from data_freshness") {
		source := row["source"].(string)
		want, ok := told[source]
		delete(told, source)
		if !ok {
			found = append(found, "data_freshness has "+source+", of which nothing is told, or twice")
			continue
		}
		found = append(found, want.faults(source, row)...)
	}
	for source := range told {
		found = append(found, "data_freshness lacks "+source)
	}
	return found
}

func (f freshness) faults(source string, row map[string]any) (found []string) {
	for _, name := range []string{"newest_business_date", "newest_conversation_start", "row_count", "open_rows", "provisional_rows", "last_run"} {
		if is, want := plain(row[name]), plain(f.cells[name]); is != want {
			found = append(found, fmt.Sprintf("data_freshness of %s: %s is %v, in truth %v", source, name, is, want))
		}
	}
	for name, want := range map[string]*between{"last_observed_at": f.observed, "last_loaded_at": f.loaded} {
		is, known := row[name].(time.Time)
		switch {
		case known != (want != nil):
			found = append(found, fmt.Sprintf("data_freshness of %s: %s is %v, in truth it is known: %v", source, name, row[name], want != nil))
		case known && (is.Before(want.from) || is.After(want.to)):
			found = append(found, fmt.Sprintf("data_freshness of %s: %s is %v, in truth between %v and %v", source, name, is, want.from, want.to))
		}
	}
	return found
}

// night is what is known of a night's run without asking the warehouse.
type night struct {
	id                 string
	at                 time.Time // by the clock of the centre
	publish            pipeline.Manifest
	observed, mirrored *between // when Genesys Cloud and the CRM were asked, by the clock of the run
	loaded             *between // when rows may have been written, by this machine's clock
}

// nights reads the manifests of the nights up to a day.
func (s *stage) nights(t *testing.T, day int) []night {
	t.Helper()
	f, store := s.flow(), s.store()
	manifest := func(run, step string) pipeline.Manifest {
		m, err := pipeline.ReadManifest(store, run, step)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	all := make([]night, day+1)
	for d := range all {
		id := f.RunID(s.window(d))
		n := night{id: id, at: s.nightOf(d), publish: manifest(id, "publish"), loaded: &between{s.gone[d].Truncate(time.Microsecond), time.Now()}}
		if d < day {
			n.loaded.to = s.gone[d+1]
		}
		asked := func(transform string) *between {
			switch at := manifest(id, "transform/"+transform).Observed; {
			case at.Equal(n.at):
				return &between{n.at, n.at}
			case at.After(n.at) && at.Before(n.at.Add(time.Hour)): // the clock of the centre, which each process sets again and which goes on
				return &between{n.at, n.at.Add(time.Hour)}
			default: // this machine's clock: done again, rows keep the time of the first reading
				return &between{n.loaded.from, at}
			}
		}
		n.observed, n.mirrored = asked("unify"), asked("salesforce")
		all[d] = n
	}
	return all
}

// interactionFreshness tells of the conversations of each system. Every night brings some of each.
func interactionFreshness(s *stage, ledger *scenario.Ledger, nights []night) map[string]freshness {
	last := nights[len(nights)-1]
	told := map[string]freshness{}
	for _, r := range ledger.Interactions {
		source := r.DataSource + "/unified_interactions"
		f, ok := told[source]
		if !ok {
			f = freshness{
				map[string]any{
					"newest_business_date": "", "newest_conversation_start": time.Time{}, "row_count": 0, "open_rows": 0, "provisional_rows": 0,
					"last_run": last.id,
				},
				last.observed, last.loaded,
			}
			told[source] = f
		}
		f.cells["newest_business_date"] = max(f.cells["newest_business_date"].(string), r.BusinessDate)
		if r.ConversationStart.After(f.cells["newest_conversation_start"].(time.Time)) {
			f.cells["newest_conversation_start"] = r.ConversationStart
		}
		count := func(name string, holds bool) {
			if holds {
				f.cells[name] = f.cells[name].(int) + 1
			}
		}
		count("row_count", true)
		count("open_rows", r.IsOpen)
		count("provisional_rows", !s.settled(r, last.observed.to))
	}
	return told
}

// settled tells whether a conversation is not read again as a matter of course after it was read at a moment: a conversation of Genesys
// Cloud on the last of the nights that read the day of its end again, a call of another system a month after its begin.
func (s *stage) settled(r scenario.TruthRow, observed time.Time) bool {
	if r.DataSource != "genesys_cloud" {
		return r.ConversationStart.Before(observed.AddDate(0, 0, -30))
	}
	local := observed.In(s.world.Location)
	oldest := time.Date(local.Year(), local.Month(), local.Day()-31, 0, 0, 0, 0, s.world.Location)
	return r.ConversationEnd != nil && r.ConversationEnd.Before(oldest)
}

// mirrorFreshness tells of the mirrored CRM: what was there when the mirror began, the recycle bin included, and what came after; and the
// last night before which anything changed.
func mirrorFreshness(s *stage, nights []night) map[string]freshness {
	told := map[string]freshness{}
	for object, table := range map[string]string{
		"Account": "crm_accounts", "Case": "crm_cases", "Opportunity": "crm_opportunities", "User": "crm_users",
	} {
		rows, newest := 0, 0
		for _, o := range s.centre.World().Objects(object) {
			if first, existed := o.At(s.began); existed && first.Purged {
				continue
			}
			if _, exists := o.At(s.now()); !exists {
				continue
			}
			rows++
			for i, v := range o.Versions {
				if v.Purged && i > 0 && o.Versions[i-1].Deleted { // it was gone before
					continue
				}
				newest = max(newest, slices.IndexFunc(nights, func(n night) bool { return !v.At.After(n.at) }))
			}
		}
		n := nights[newest]
		told["crm/"+table] = freshness{map[string]any{"row_count": rows, "last_run": n.id}, n.mirrored, n.loaded}
	}
	return told
}

// viewFreshness tells of the views: all of them were published with the tables of the last night.
func viewFreshness(t *testing.T, last night) map[string]freshness {
	t.Helper()
	views, err := statements.Views()
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]freshness{}
	for _, v := range views {
		at := last.publish.Started.Truncate(time.Microsecond)
		told["view/"+v.Name] = freshness{map[string]any{"last_run": last.id}, nil, &between{at, at}}
	}
	return told
}

// A wrong cell of the view, of the world's or of the runs', and a wrong row of what the source counts are caught, each by itself.
func TestWrongCountsAndWrongFreshnessAreCaught(t *testing.T) {
	t.Parallel()
	const day = 1
	s := newStage(t, 60, day+1)
	for d := range day + 1 {
		s.night(s.flow(), d, false)
	}
	db := openDatabase(t, "duckdb", s.published())
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	exec := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	ledger := s.truth(day)
	compare := func() string {
		return strings.Join(append(freshnessDifferences(t, db, s, ledger, day), aggregateDifferences(t, db, s, day)...), "\n")
	}
	if found := compare(); found != "" {
		t.Fatal(found)
	}
	const conversations, accounts, view = "genesys_cloud/unified_interactions: ", "crm/crm_accounts: ", "view/what_changed: "
	for fault, want := range map[string]string{
		"update unified_interactions set business_date = '2026-10-20'":                              conversations + "newest_business_date",
		"update unified_interactions set conversation_start = conversation_start - interval 1 hour": conversations + "newest_conversation_start",
		"delete from unified_interactions where is_open is false":                                   conversations + "row_count",
		"update unified_interactions set is_open = not is_open":                                     conversations + "open_rows",
		"update unified_interactions set finality = 'final'":                                        conversations + "provisional_rows",
		"update unified_interactions set observed_at = observed_at - interval 1 day":                conversations + "last_observed_at",
		"update unified_interactions set etl_loaded_at = etl_loaded_at - interval 1 hour":           conversations + "last_loaded_at",
		"update unified_interactions set source_run = 'nightly/another'":                            conversations + "last_run",
		"delete from crm_accounts where account_id = (select min(account_id) from crm_accounts)":    accounts + "row_count",
		"update crm_accounts set observed_at = observed_at - interval 1 day":                        accounts + "last_observed_at",
		"update crm_accounts set etl_loaded_at = etl_loaded_at + interval 1 hour":                   accounts + "last_loaded_at",
		"update crm_accounts set source_run = 'nightly/another'":                                    accounts + "last_run",
		"delete from crm_users": "data_freshness lacks crm/crm_users",
		"update etl_publications set published_at = published_at + interval 1 second":     view + "last_loaded_at",
		"update etl_publications set run_id = 'nightly/another'":                          view + "last_run",
		"delete from etl_publications where view_name = 'what_changed'":                   "data_freshness lacks view/what_changed",
		"update etl_publications set view_name = view_name || '_'":                        "data_freshness has view/what_changed_",
		"update source_aggregates set sum = sum + 1 where metric = 'tHandle'":             "source_aggregates has\n",
		"update source_aggregates set count = count + 1 where metric = 'nOffered'":        "source_aggregates has\n",
		"update source_aggregates set sum = 0 where metric = 'nOffered'":                  "source_aggregates has\n",
		"delete from source_aggregates where metric = 'tAcw'":                             "source_aggregates lacks ",
		"update source_aggregates set metric = 'tAlert' where metric = 'tHandle'":         "source_aggregates has what never was",
		"update source_aggregates set interval_end = interval_end + interval 30 minutes":  "source_aggregates has what never was",
		"update source_aggregates set queue_id = '' where metric = 'tAnswered'":           "source_aggregates has what never was",
		"update source_aggregates set media_type = 'email' where media_type = 'callback'": "source_aggregates has what never was",
	} {
		exec("begin transaction")
		exec(fault)
		if found := compare(); !strings.Contains(found, want) {
			t.Errorf("%s: no %q in %q", fault, want, found)
		}
		exec("rollback")
	}
}
