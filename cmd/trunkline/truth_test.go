package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"trunkline/internal/evidence"
	"trunkline/internal/pgtest"
	"trunkline/internal/sim"
	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
	"trunkline/schema"
)

// Ten nights at 2,000 conversations a day, each run by the command as users have it: every row and every cell is what truly
// happened.
func TestTenNightsEqualTheLedger(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "DuckDB", evidence.Nights, evidence.Engine)
	binary := buildBinary(t)
	s := newStage(t, perDay(2000), 10)
	for day := range 10 {
		s.goTo(day)
		s.mustEnd(binary, day)
	}
	wantTruth(t, s, 9)
}

// A night whose steps are done twice is the night done once.
func TestNightsDoneTwiceEqualTheLedger(t *testing.T) {
	t.Parallel()
	binary := buildBinary(t)
	s := newStage(t, perDay(2000), 10)
	for day := range 10 {
		s.goTo(day)
		s.mustEnd(binary, day)
		s.mustEnd(binary, day, "--again")
	}
	wantTruth(t, s, 9)
}

// The same in this process, with fewer conversations: here the race detector watches.
func TestNightsInOneProcessEqualTheLedger(t *testing.T) {
	t.Parallel()
	s := newStage(t, 200, 4)
	f := s.flow()
	for day := range 4 {
		s.night(f, day, false)
		s.night(f, day, true)
	}
	wantTruth(t, s, 3)
}

// The same on PostgreSQL: equal tables and equal views, cell by cell.
func TestNightsOnPostgreSQLEqualTheLedger(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "PostgreSQL", evidence.Nights, evidence.Engine)
	s := newStage(t, perDay(1000), 4)
	s.moveToPostgres(pgtest.Start(t, pgtest.Options{Language: "en-US"}))
	f := s.flow()
	for day := range 4 {
		s.night(f, day, false)
		s.night(f, day, true)
	}
	wantTruth(t, s, 3)
}

// The same on a simulated Redshift, by its grammar, its types and what it copies from S3.
func TestNightsOnRedshiftEqualTheLedger(t *testing.T) {
	t.Parallel()
	evidence.Shows(t, "Redshift", evidence.Nights, evidence.Simulator)
	s := newStage(t, 40, 4) // the simulator is slow, and what it proves does not depend on how many they are
	s.moveToRedshift(newAmazon(t))
	f := s.flow()
	for day := range 4 {
		s.night(f, day, false)
		s.night(f, day, true)
	}
	wantTruth(t, s, 3)
}

// The comparison is worth something only if a wrong rule is caught by it.
func TestAWrongRuleIsCaught(t *testing.T) {
	t.Parallel()
	faults := map[string]func(*schema.GenesysInteraction){
		"the first agent is the agent": func(r *schema.GenesysInteraction) { r.AgentID = r.FirstAgentID },
		"nothing changes any more":     func(r *schema.GenesysInteraction) { r.Finality = "final" },
		"unknown is false":             func(r *schema.GenesysInteraction) { r.WasEscalated = orFalse(r.WasEscalated) },
		"after-call work is forgotten": func(r *schema.GenesysInteraction) {
			if r.HandleTimeMs != nil && r.AcwTimeMs != nil {
				without := *r.HandleTimeMs - *r.AcwTimeMs
				r.HandleTimeMs = &without
			}
		},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, 200, 1)
			f := s.flow()
			f.Transforms["genesys"] = faulty{f.Transforms["genesys"], fault}
			s.night(f, 0, false)
			if d := differences(t, s, 0); len(d) == 0 {
				t.Error("the wrong rule was not noticed")
			}
		})
	}
}

// So are rows of the tree that a transform forgets, and what was deleted and goes on being listed.
func TestRowsThatAreForgottenAreCaught(t *testing.T) {
	s := newStageWith(t, 200, 2, func(c *sim.Config) { c.Scenario.Shares.Resolution, c.Scenario.Reprocess = 0.2, [4]int{1} })
	f := s.flow()
	f.Transforms["genesys"] = forgetful{f.Transforms["genesys"], func(r schema.Row) bool {
		switch r := r.(type) {
		case *schema.Resolution, *schema.FlowOutcome:
			return true
		case *schema.SessionMetric:
			return slices.Contains(supervision, r.Name)
		case *schema.SourceAggregate:
			return r.Metric == "tAbandon"
		case *schema.Division:
			return !r.IsListed
		case *schema.Flow:
			return !r.IsListed
		}
		return false
	}}
	for day := range 2 {
		s.night(f, day, false)
	}
	wanted := []string{"resolutions lacks ", "flow_outcomes lacks ", "divisions has\n", "flows has\n", "source_aggregates lacks "}
	for _, name := range supervision {
		wanted = append(wanted, " name="+name+" ")
	}
	for _, d := range differences(t, s, 1) {
		wanted = slices.DeleteFunc(wanted, func(w string) bool { return strings.Contains(d, w) })
	}
	if len(wanted) > 0 {
		t.Errorf("%q were forgotten, and not noticed", wanted)
	}
}

// supervision are the metrics of those who listen in, coach or barge in.
var supervision = []string{"tMonitoring", "tMonitoringComplete", "tCoaching", "tCoachingComplete", "tBarging"}

// forgetful is a transform that loses rows.
type forgetful struct {
	pipeline.Transform
	loses func(schema.Row) bool
}

func (f forgetful) Apply(ctx context.Context, in *pipeline.Inputs, emit func(...schema.Row) error) error {
	return f.Transform.Apply(ctx, in, func(rows ...schema.Row) error { return emit(slices.DeleteFunc(slices.Clone(rows), f.loses)...) })
}

func orFalse(b *bool) *bool {
	if b == nil {
		b = new(bool)
	}
	return b
}

// faulty is a transform with a fault in one rule.
type faulty struct {
	pipeline.Transform
	fault func(*schema.GenesysInteraction)
}

func (f faulty) Apply(ctx context.Context, in *pipeline.Inputs, emit func(...schema.Row) error) error {
	return f.Transform.Apply(ctx, in, func(rows ...schema.Row) error {
		for _, r := range rows {
			if g, ok := r.(*schema.GenesysInteraction); ok {
				f.fault(g)
			}
		}
		return emit(rows...)
	})
}

func wantTruth(t *testing.T, s *stage, day int) {
	t.Helper()
	found := differences(t, s, day)
	for _, d := range found[:min(len(found), 40)] {
		t.Error(d)
	}
	if len(found) > 40 {
		t.Errorf("… and %d more differences", len(found)-40)
	}
}

// differences compares what is published with the ledger, row by row and cell by cell.
func differences(t *testing.T, s *stage, day int) []string {
	t.Helper()
	db := s.open(t)
	defer func() { _ = db.Close() }()
	ledger := s.truth(day)
	found := rowDifferences(t, db, ledger)
	for _, view := range slices.Sorted(maps.Keys(ledger.Views)) {
		found = append(found, viewDifferences(t, db, view, ledger.Views[view])...)
	}
	found = append(found, treeDifferences(t, db, s, day)...)
	found = append(found, dimensionDifferences(t, db, s)...)
	found = append(found, aggregateDifferences(t, db, s, day)...)
	found = append(found, freshnessDifferences(t, db, s, ledger, day)...)
	found = append(found, failedChecks(t, db)...)
	t.Logf("compared %d rows of unified_interactions and %d views with the ledger: %d differences", len(ledger.Interactions), len(ledger.Views), len(found))
	return found
}

// failedChecks gives what the audits found. How much there is of a day, how old it is, and how much of it Trusst knows, is a matter of
// the test's own making.
func failedChecks(t *testing.T, db *sql.DB) (found []string) {
	t.Helper()
	made := map[any]bool{}
	for _, row := range query(t, db, "select * from etl_checks where check_id not in ('volume', 'freshness') and check_id not like 'trusst%'") {
		made[row["check_id"]] = true
		if row["status"] == "fail" {
			found = append(found, fmt.Sprintf("check %v of %v: %v", row["check_id"], row["run_id"], row["message"]))
		}
	}
	for _, id := range []string{"unique_key", "agent_legs_add_up", "queue_visits_add_up", "offers_are_accounted_for"} {
		if !made[id] {
			found = append(found, "check "+id+" was not made")
		}
	}
	return found
}

func rowDifferences(t *testing.T, db *sql.DB, ledger *scenario.Ledger) []string {
	t.Helper()
	got := map[string]map[string]any{}
	doubled := 0
	for _, row := range query(t, db, "select * from unified_interactions") {
		id := row["conversation_id"].(string)
		if got[id] != nil {
			doubled++
		}
		got[id] = row
	}
	var found []string
	if doubled > 0 {
		found = append(found, fmt.Sprintf("%d rows are doubled", doubled))
	}
	rejected := map[string]bool{}
	for _, r := range ledger.Rejects {
		rejected[r.ConversationID] = true
	}
	columns := truthColumns()
	for _, want := range ledger.Interactions {
		row := got[want.ConversationID]
		if row == nil {
			if !rejected[want.ConversationID] {
				found = append(found, want.ConversationID+" is lost")
			}
			continue
		}
		delete(got, want.ConversationID)
		v := reflect.ValueOf(want)
		for field, column := range columns {
			if w, g := plain(v.FieldByName(field).Interface()), plain(row[column]); w != g {
				found = append(found, fmt.Sprintf("%s %s is %v, in truth %v", want.ConversationID, column, g, w))
			}
		}
		found = append(found, provenanceFaults(row)...)
	}
	for id := range got {
		found = append(found, id+" is in the warehouse and never was")
	}
	slices.Sort(found)
	return found
}

// truthColumns maps the ledger's fields to columns. A column of unified_interactions is either among them or one of those
// that tell of the run.
func truthColumns() map[string]string {
	told := reflect.TypeFor[scenario.TruthRow]()
	columns := map[string]string{}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[schema.Interaction]()) {
		name, _, _ := strings.Cut(f.Tag.Get("parquet"), ",")
		if _, ok := told.FieldByName(f.Name); ok {
			columns[f.Name] = name
		}
	}
	return columns
}

func TestTheLedgerTellsEveryColumnOfTheWorld(t *testing.T) {
	ours := map[string]bool{"finality": true} // told by the pipeline
	columns := truthColumns()
	for _, c := range schema.UnifiedInteractions.Columns {
		told := false
		for _, name := range columns {
			told = told || name == c.Name
		}
		if told == (c.Volatile || ours[c.Name]) {
			t.Errorf("%s: told by the ledger %v", c.Name, told)
		}
	}
}

// provenanceFaults checks the columns that no ledger can tell.
func provenanceFaults(row map[string]any) []string {
	var faults []string
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Sprint(row["conversation_id"], " ", fmt.Sprintf(format, args...)))
	}
	for _, c := range []string{"etl_loaded_at", "first_seen_at", "last_changed_at", "observed_at", "source_run", "row_hash"} {
		if row[c] == nil {
			fault("%s is NULL", c)
		}
	}
	first, _ := row["first_seen_at"].(time.Time)
	changed, _ := row["last_changed_at"].(time.Time)
	if changed.Before(first) {
		fault("last_changed_at %v is before first_seen_at %v", changed, first)
	}
	if open := row["is_open"] == true; open != (row["finality"] == "live") {
		fault("finality is %v, is_open %v", row["finality"], row["is_open"])
	}
	return faults
}

func viewDifferences(t *testing.T, db *sql.DB, view string, want []map[string]any) []string {
	t.Helper()
	if len(want) == 0 && view != "what_changed" { // of which there is nothing before the second week
		return []string{view + ": the ledger has no cells"}
	}
	missing := map[string]int{}
	for _, l := range lines(want) {
		missing[l]++
	}
	var found []string
	for _, l := range lines(query(t, db, "select * from "+view)) {
		if missing[l]--; missing[l] < 0 {
			found = append(found, view+" has   "+l)
		}
	}
	for _, l := range slices.Sorted(maps.Keys(missing)) {
		if missing[l] > 0 {
			found = append(found, view+" lacks "+l)
		}
	}
	return found
}

func lines(rows []map[string]any) []string {
	out := make([]string, len(rows))
	for i, row := range rows {
		for k, v := range row {
			row[k] = plain(v)
		}
		text, err := json.Marshal(row)
		if err != nil {
			panic(err)
		}
		out[i] = string(text)
	}
	slices.Sort(out)
	return out
}

// plain gives a value in the one form in which it can be compared: text, number, truth, or nil.
func plain(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.000000Z")
	case *big.Int:
		f, _ := new(big.Float).SetInt(v).Float64()
		return f
	case string, bool:
		return v
	case []byte:
		return string(v)
	}
	r := reflect.ValueOf(v)
	switch {
	case r.Kind() == reflect.Pointer && r.IsNil():
		return nil
	case r.Kind() == reflect.Pointer:
		return plain(r.Elem().Interface())
	case r.CanInt():
		return float64(r.Int())
	case r.CanFloat():
		return math.Round(r.Float()*1e6) / 1e6
	}
	return fmt.Sprint(v)
}

func query(t *testing.T, db *sql.DB, text string) []map[string]any {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		row := map[string]any{}
		for i, name := range names {
			row[name] = values[i]
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}
