package trusst_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
	"trunkline/schema"
)

// Over ten days, what the transform makes of Trusst's tables is what the ledger says, row by row and cell by cell.
func TestRowsEqualTheLedger(t *testing.T) {
	c := scenario.Default()
	c.PerDay, c.Days, c.Trusst = 60, 8, scenario.Trusst{Analysed: 0.6, OnPremise: 20}
	w := scenario.New(c)
	statuses := map[string]int{}
	for day := 1; day <= 10; day += 3 {
		at := c.Start.AddDate(0, 0, day).Add(150 * time.Minute)
		contacts, answers := w.TrusstTruth(at)
		var want, got []string
		for _, row := range contacts {
			if row["is_deleted"] != true { // the tables have nothing of it
				want = append(want, line("trusst_contacts", row))
			}
		}
		for _, row := range answers {
			want = append(want, line("trusst_answers", row))
			statuses[row["conversion_status"].(string)]++
		}
		for _, rows := range apply(t, map[string][]pipeline.Record{"trusst.contacts": hydrated(t, w.Trusst(at))}) {
			for _, r := range rows {
				row := map[string]any{}
				for _, col := range schema.Of(r).Columns {
					if !col.Volatile && col.Name != "children_hash" {
						row[col.Name] = schema.Value(r, col)
					}
				}
				got = append(got, line(schema.Of(r).Name, row))
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if len(want) == 0 {
			t.Fatal("the ledger has no rows")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("day %d: %s", day, diff)
		}
	}
	if len(statuses) != 7 {
		t.Errorf("not every status occurs: %v", statuses)
	}
}

// line writes a row as text; what is NULL is left out.
func line(table string, row map[string]any) string {
	var b strings.Builder
	b.WriteString(table)
	for _, name := range slices.Sorted(maps.Keys(row)) {
		v := reflect.ValueOf(row[name])
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if !v.IsValid() {
			continue
		}
		value := v.Interface()
		if at, ok := value.(time.Time); ok {
			value = at.UTC().Format(time.RFC3339Nano)
		}
		fmt.Fprintf(&b, " %s=%q", name, fmt.Sprint(value))
	}
	return b.String()
}

// hydrated makes the records that a reader of the tables gives out: of each question that is universal the latest answer, of
// the recordings the latest.
func hydrated(t *testing.T, db scenario.TrusstDatabase) []pipeline.Record {
	t.Helper()
	questions, streams := map[string]scenario.TrusstQuestion{}, map[string]scenario.TrusstStream{}
	for _, q := range db.Questions {
		questions[q.ID] = q
	}
	for _, s := range db.Streams {
		streams[s.ID] = s
	}
	var records []pipeline.Record
	for _, c := range db.Contacts {
		body := map[string]any{
			"contact_id": c.ID, "stream_id": c.StreamID, "stream_name": streams[c.StreamID].Name, "stream_type": streams[c.StreamID].Type,
			"external_id": c.ExternalID, "start_time": c.StartTime, "direction": c.Direction, "current_stage": c.Stage,
			"agent_id": c.AgentID, "created_at": c.CreatedAt, "s3": nil,
		}
		var last *scenario.TrusstRecording
		rows := 0
		for _, r := range db.Recordings {
			if r.ContactID == c.ID {
				if rows++; last == nil || r.CallTime.After(*last.CallTime) {
					last = &r
				}
			}
		}
		if last != nil {
			body["s3"] = map[string]any{"conversation_id": last.ID, "conn_id": last.ConnID, "agent_id": last.AgentID, "call_time": last.CallTime, "rows": rows}
		}
		answers := []map[string]any{}
		for _, i := range db.Inferences { // all of them: that the latest counts is the transform's business too
			if q := questions[i.QuestionID]; i.ContactID == c.ID && q.Universal {
				answers = append(answers, map[string]any{
					"inference_id": i.ID, "question_id": i.QuestionID, "key": q.Key, "group": q.Group, "result_type": q.ResultType,
					"result": i.Result, "created_at": i.CreatedAt, "updated_at": i.UpdatedAt,
				})
			}
		}
		body["answers"] = answers
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, pipeline.Record{Key: c.ID, Body: text})
	}
	return records
}
