package schema_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"trunkline/schema"
)

// guideColumns are the columns of the source guide's unified_interactions, in its order.
var guideColumns = []string{
	"conversation_id", "conversation_start", "conversation_end", "duration_ms", "queue_id", "queue_name", "media_type",
	"agent_id", "agent_name", "handle_time_ms", "acw_time_ms", "abandoned", "transferred", "qa_score", "csat_score",
	"crm_account_id", "crm_case_id", "customer_tier", "account_owner", "open_opportunity_count", "ltv_usd",
	"case_category", "was_escalated", "handled_by_bot_only", "etl_loaded_at", "data_source",
}

func TestUnifiedInteractionsBeginsWithTheGuidesColumns(t *testing.T) {
	var got []string
	for _, c := range schema.UnifiedInteractions.Columns[:len(guideColumns)] {
		got = append(got, c.Name)
	}
	if diff := cmp.Diff(guideColumns, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryTableIsDeclaredWhole(t *testing.T) {
	tables := append(schema.All(), schema.GenesysInteractions)
	seen := map[string]bool{}
	for _, table := range tables {
		if seen[table.Name] {
			t.Errorf("%s is declared twice", table.Name)
		}
		seen[table.Name] = true
		if table.Doc == "" || len(table.Keys()) == 0 || len(table.Sort) == 0 {
			t.Errorf("%s lacks a comment, a key or an order", table.Name)
		}
		if name := reflect.TypeOf(table.New()).Elem().Name(); strings.HasPrefix(table.Doc, name+" is ") || strings.HasPrefix(table.Doc, name+" are ") {
			t.Errorf("%s is described by the name of its struct: %s", table.Name, table.Doc)
		}
		if schema.Of(table.New()) != table {
			t.Errorf("%s: its rows belong to %s", table.Name, schema.Of(table.New()).Name)
		}
		if schema.Lookup(table.Name) != table {
			t.Errorf("%s is not found by its name", table.Name)
		}
		columns := map[string]bool{}
		for _, c := range table.Columns {
			if columns[c.Name] || c.Name != strings.ToLower(c.Name) {
				t.Errorf("%s.%s: doubled, or not lower case", table.Name, c.Name)
			}
			columns[c.Name] = true
		}
	}
}

// fill gives every column of a row a value that tells it from the others.
func fill(row schema.Row, salt int) {
	v := reflect.ValueOf(row).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		if v.Type().Field(i).Tag.Get("parquet") == "-" {
			continue
		}
		if f.Kind() == reflect.Pointer {
			f.Set(reflect.New(f.Type().Elem()))
			f = f.Elem()
		}
		n := int64(i + 100*salt)
		switch f.Kind() {
		case reflect.String:
			f.SetString(strings.Repeat("x", i%7) + string(rune('a'+n%26)))
		case reflect.Int64:
			f.SetInt(n)
		case reflect.Float64:
			f.SetFloat(float64(n) + 0.25)
		case reflect.Bool:
			f.SetBool(n%2 == 0)
		default:
			f.Set(reflect.ValueOf(time.Date(2026, 3, 1, 0, 0, int(n), 123456000, time.UTC)))
		}
	}
}

func roundTrip(t *testing.T, table *schema.Table, rows ...schema.Row) []schema.Row {
	t.Helper()
	var file bytes.Buffer
	w := table.NewWriter(&file, schema.WriterOptions{Version: "test"})
	if err := errors.Join(w.Write(rows), w.Close()); err != nil {
		t.Fatal(err)
	}
	r, err := table.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var all []schema.Row
	for {
		got := make([]schema.Row, 1000)
		n, err := r.Read(got)
		if all = append(all, got[:n]...); errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryTableSurvivesAFile(t *testing.T) {
	for _, table := range append(schema.All(), schema.GenesysInteractions) {
		t.Run(table.Name, func(t *testing.T) {
			full, empty := table.New(), table.New()
			fill(full, 1)
			got := roundTrip(t, table, full, empty)
			if len(got) != 2 {
				t.Fatalf("%d rows came back", len(got))
			}
			for _, c := range table.Columns {
				for i, want := range []schema.Row{full, empty} {
					if c.Type == schema.Timestamp && !c.Nullable && i == 1 {
						continue // the year 1 is not a time that a row may have
					}
					if diff := cmp.Diff(schema.Value(want, c), schema.Value(got[i], c)); diff != "" {
						t.Errorf("%s, row %d: %s", c.Name, i, diff)
					}
				}
			}
		})
	}
}

func TestFalseZeroAndEmptyAreNotNull(t *testing.T) {
	no, zero, nothing := false, int64(0), ""
	row := &schema.Interaction{
		ConversationID: "c", ConversationStart: time.Unix(1, 0), Abandoned: &no, DurationMs: &zero, QueueID: &nothing,
	}
	got := roundTrip(t, schema.UnifiedInteractions, row)[0].(*schema.Interaction)
	if got.Abandoned == nil || got.DurationMs == nil || got.QueueID == nil {
		t.Error("a false, a 0 or an empty text became NULL")
	}
	if got.Transferred != nil || got.HandleTimeMs != nil || got.AgentID != nil {
		t.Error("a NULL became a value")
	}
}

func TestHashTellsEveryColumnOfTheWorld(t *testing.T) {
	for _, table := range append(schema.All(), schema.GenesysInteractions) {
		row := table.New()
		fill(row, 1)
		was := schema.Hash(row)
		v := reflect.ValueOf(row).Elem()
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("parquet"), ",")
			c, ok := table.Column(name)
			if !ok {
				continue
			}
			old := reflect.New(v.Field(i).Type()).Elem()
			old.Set(v.Field(i))
			v.Field(i).SetZero()
			if changed := schema.Hash(row) != was; changed == c.Volatile && c.Type != schema.Boolean {
				t.Errorf("%s.%s: hash changed is %v, volatile is %v", table.Name, c.Name, changed, c.Volatile)
			}
			v.Field(i).Set(old)
		}
		if schema.Hash(row) != was {
			t.Fatalf("%s: the hash is not stable", table.Name)
		}
	}
}

func TestHashTellsNullFromEmpty(t *testing.T) {
	empty, no, zero := "", false, int64(0)
	rows := []*schema.Interaction{
		{}, {QueueID: &empty}, {QueueName: &empty}, {Abandoned: &no}, {DurationMs: &zero}, {Transferred: &no},
	}
	seen := map[string]int{}
	for i, r := range rows {
		h := schema.Hash(r)
		if j, again := seen[h]; again {
			t.Errorf("rows %d and %d have one hash", i, j)
		}
		seen[h] = i
	}
}

func TestCleanMakesARowFitEveryWarehouse(t *testing.T) {
	bad, long, nan := "a\xffb\x00c", strings.Repeat("é", 200), math.NaN()
	inf := math.Inf(-1)
	when := time.Date(2026, 11, 1, 10, 0, 0, 1999, time.FixedZone("", 3600))
	row := &schema.Interaction{
		ConversationID: bad, ConversationStart: when, ConversationEnd: &when, QueueName: &bad, AgentName: &long, QaScore: &nan, LtvUsd: &inf,
	}
	if n := schema.Clean(row); n != 5 {
		t.Errorf("%d values changed, want 5", n)
	}
	if row.ConversationID != "a\uFFFDbc" || *row.QueueName != "a\uFFFDbc" || bad != "a\xffb\x00c" {
		t.Errorf("text is %q and %q, the original %q", row.ConversationID, *row.QueueName, bad)
	}
	if len(*row.AgentName) > 255 || !utf8.ValidString(*row.AgentName) {
		t.Errorf("a long text is %d bytes, valid %v", len(*row.AgentName), utf8.ValidString(*row.AgentName))
	}
	if row.QaScore != nil || row.LtvUsd != nil {
		t.Error("NaN or an infinity is not NULL")
	}
	if want := time.Date(2026, 11, 1, 9, 0, 0, 1000, time.UTC); row.ConversationStart != want || *row.ConversationEnd != want {
		t.Errorf("times are %v and %v", row.ConversationStart, *row.ConversationEnd)
	}
	if n := schema.Clean(row); n != 0 {
		t.Errorf("cleaning again changed %d values", n)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("plain", 1.5)
	f.Add("\xff\x00\xf0\x9f\x98", math.Inf(1))
	f.Fuzz(func(t *testing.T, s string, x float64) {
		row := &schema.User{UserID: s, Name: &s}
		schema.Clean(row)
		if !utf8.ValidString(row.UserID) || strings.ContainsRune(*row.Name, 0) || len(*row.Name) > 255 {
			t.Errorf("%q became %q", s, row.UserID)
		}
		q := &schema.Queue{SlaShare: &x}
		schema.Clean(q)
		if q.SlaShare != nil && (math.IsNaN(*q.SlaShare) || math.IsInf(*q.SlaShare, 0)) {
			t.Error("not a number that warehouses take")
		}
	})
}

func TestCompareOrdersBySortColumnsThenKey(t *testing.T) {
	early, late := time.Unix(1, 0), time.Unix(2, 0)
	a := &schema.Interaction{ConversationID: "b", ConversationStart: early}
	b := &schema.Interaction{ConversationID: "a", ConversationStart: late}
	c := &schema.Interaction{ConversationID: "c", ConversationStart: early}
	if schema.Compare(a, b) >= 0 || schema.Compare(a, c) >= 0 || schema.Compare(a, a) != 0 {
		t.Error("wrong order")
	}
	if schema.CompareKey(a, b) <= 0 {
		t.Error("keys are not compared alone")
	}
}

func BenchmarkSealAndClean(b *testing.B) {
	row := &schema.Interaction{}
	fill(row, 1)
	for b.Loop() {
		schema.Clean(row)
		schema.Seal(row, "nightly/2026-11-01T00-00-00Z", row.ConversationStart)
	}
}
