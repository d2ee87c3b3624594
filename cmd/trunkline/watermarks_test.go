package main

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
)

func TestMarks(t *testing.T) {
	const windowed, whole = "extract/genesys.conversations", "extract/genesys.users"
	steps := []pipeline.Step{{Name: windowed, Stage: pipeline.StageExtract}, {Name: whole, Stage: pipeline.StageExtract}}
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
	// night is a run of a day, done in the night after it unless told.
	night := func(day int, change func(*journey)) *journey {
		asked := at(day+1, 2)
		j := &journey{Run: "run of " + at(day, 0).Format(time.DateOnly), day: dateOf(at(day, 0)), Steps: []pipeline.Manifest{
			{Step: windowed, Window: pipeline.Window{From: at(day, 0).Add(-time.Hour), To: at(day+1, 0)}, Observed: asked, Finished: asked},
			{Step: whole, Observed: asked, Finished: asked},
			{Step: pipeline.LoadStep, Started: asked.Add(time.Hour)},
		}}
		for i := range j.Steps {
			j.Steps[i].Run = j.Run
		}
		change(j)
		return j
	}
	asIs := func(*journey) {}
	late := func(j *journey) { // done on the 20th
		j.Steps[0].Observed, j.Steps[1].Observed = at(20, 2), at(20, 2)
	}
	warned := func(j *journey) { j.Steps[0].Warnings = []pipeline.Note{{Code: "TL4140"}} }
	gone := func(j *journey) { j.Steps[0].Warnings = []pipeline.Note{{Code: "TL4140", Gone: true}} }
	notLoaded := func(j *journey) { j.Steps = j.Steps[:2] }
	readAgain := func(j *journey) { j.Steps[0].Finished = at(20, 1) }
	for _, test := range []struct {
		name  string
		runs  []*journey
		users string // run that moved the mark of users
		want  []string
	}{
		{"nothing yet", nil, "", nil},
		{"nights in a row", []*journey{night(10, asIs), night(11, asIs)}, "run of 2026-11-11", []string{"12", "12", "run of 2026-11-11"}},
		{"a day is missing", []*journey{night(10, asIs), night(12, asIs)}, "run of 2026-11-12", []string{"11", "13", "run of 2026-11-10", "2026-11-11"}},
		{"the day before was done later", []*journey{night(10, late), night(11, asIs)}, "run of 2026-11-10", []string{"12", "12", "run of 2026-11-11"}},
		{"the last night could not read all", []*journey{night(10, asIs), night(11, warned)}, "run of 2026-11-11", []string{"11", "11", "run of 2026-11-10", "2026-11-11 TL4140"}},
		{"a night between could not read all", []*journey{night(10, asIs), night(11, warned), night(12, asIs)}, "run of 2026-11-12", []string{"11", "13", "run of 2026-11-10", "2026-11-11 TL4140"}},
		{"a night between met what is gone", []*journey{night(10, asIs), night(11, gone), night(12, asIs)}, "run of 2026-11-12", []string{"13", "13", "run of 2026-11-12"}},
		{"the first night could not read all", []*journey{night(10, warned), night(11, asIs)}, "run of 2026-11-11", []string{"unknown", "unknown", "run of 2026-11-10", "2026-11-10 TL4140"}},
		{"the last night is not loaded", []*journey{night(10, asIs), night(11, notLoaded)}, "run of 2026-11-10", []string{"11", "11", "run of 2026-11-10"}},
		{"the last night was read again", []*journey{night(10, asIs), night(11, readAgain)}, "run of 2026-11-11", []string{"11", "11", "run of 2026-11-10"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			users := ""
			for _, m := range marks(steps, test.runs, at(20, 0)) {
				if m.Stream == "users" {
					users = m.Run
					continue
				}
				day := func(at *time.Time) string {
					if at == nil {
						return "unknown"
					}
					return at.Format("2")
				}
				got = []string{day(m.CompleteTo), day(m.LoadedTo), m.Run}
				if e := m.Ended; e != nil && e.Warning != nil {
					got = append(got, e.Day+" "+e.Warning.Code)
				} else if e != nil {
					got = append(got, e.Day)
				}
				if m.CompleteTo != nil && *m.LagSeconds != at(20, 0).Sub(*m.CompleteTo).Seconds() {
					t.Errorf("lag %v", *m.LagSeconds)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" || users != test.users {
				t.Errorf("users by %s, want %s; %s", users, test.users, diff)
			}
		})
	}
}

// What the warehouse says of a stream is what the command says.
func TestTheWarehouseHasTheSameWatermarks(t *testing.T) {
	t.Parallel()
	s := newStage(t, 40, 2)
	f := s.flow()
	s.night(f, 0, false)
	s.night(f, 1, false)
	c, err := loadConfig(s.config(), os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	journeys, err := c.readJourneys(t.Context(), s.store(), 0)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := c.steps(false)
	if err != nil {
		t.Fatal(err)
	}
	want, got := map[string]time.Time{}, map[string]time.Time{}
	for _, m := range marks(steps, journeys, s.now()) {
		want[m.Source+"."+m.Stream] = m.CompleteTo.Truncate(time.Microsecond)
	}
	db := s.open(t)
	defer func() { _ = db.Close() }()
	for _, row := range query(t, db, "select source, entity, watermark from etl_watermarks") {
		got[fmt.Sprint(row["source"], ".", row["entity"])] = row["watermark"].(time.Time)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
		t.Error(diff)
	}
}
