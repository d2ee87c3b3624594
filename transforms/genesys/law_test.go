package genesys_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"trunkline/internal/sim/scenario"
	"trunkline/pipeline"
	"trunkline/schema"
	"trunkline/transforms/genesys"
)

// simulated gives the records of n conversations of a simulated day, broken ones among them.
func simulated(n int) []pipeline.Record {
	config := scenario.Default()
	config.PerDay, config.Shares.Broken = n, 0.02
	at := config.Start.AddDate(0, 0, 9)
	var records []pipeline.Record
	for c := range scenario.New(config).StartedOn(config.Start, config.Start.AddDate(0, 0, 1), at) {
		records = append(records, pipeline.Record{Key: c.ID, At: c.Start, Body: c.AppendJSON(nil, at, true)})
	}
	return records
}

// TestTheOrderOfRecordsDoesNotMatter holds that a record becomes the same row whatever was read before it: the transform uses
// its memory again, and no row may show what another was made of.
func TestTheOrderOfRecordsDoesNotMatter(t *testing.T) {
	records := simulated(400)
	shuffled := slices.Clone(records)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	rows, again := byKey(t, records), byKey(t, shuffled)
	if len(rows) != len(records) {
		t.Errorf("%d rows and rejects of %d records", len(rows), len(records))
	}
	for key, row := range rows {
		if diff := cmp.Diff(row, again[key], cmp.Comparer(sameRow)); diff != "" {
			t.Errorf("%s\n%s", key, diff)
		}
	}
	for _, r := range records[:50] {
		if diff := cmp.Diff(rows[r.Key], byKey(t, []pipeline.Record{r})[r.Key], cmp.Comparer(sameRow)); diff != "" {
			t.Errorf("%s alone\n%s", r.Key, diff)
		}
	}
}

// sameRow compares all columns; that of the payload's place says where the record stood.
func sameRow(a, b schema.Row) bool {
	return schema.Of(a) == schema.Of(b) && !slices.ContainsFunc(schema.Of(a).Columns, func(c schema.Column) bool {
		return c.Name != "payload_ref" && schema.Value(a, c) != schema.Value(b, c)
	})
}

func byKey(t *testing.T, records []pipeline.Record) map[string]schema.Row {
	t.Helper()
	found := map[string]schema.Row{}
	for _, row := range apply(t, genesys.Config{}, pipeline.Inputs{}, map[string][]pipeline.Record{"genesys.conversations": records}, nil) {
		switch row := row.(type) {
		case *schema.GenesysInteraction:
			found[row.ConversationID] = row
		case *schema.Reject:
			found[row.NaturalKey] = row
		}
	}
	return found
}

// FuzzApply feeds anything: every record is one row or one reject, and no row claims what cannot be.
func FuzzApply(f *testing.F) {
	for _, name := range payloads {
		for _, r := range payload(f, name) {
			f.Add([]byte(r.Body))
		}
	}
	for _, r := range simulated(40) {
		f.Add([]byte(r.Body))
	}
	f.Add([]byte(`{"analytics":{"conversationId":"c","conversationStart":"2026-11-16T12:00:00Z","participants":[{"participantId":"p"}]},
		"conversation":{"participants":[{"id":"p","attributes":{"sfAccountId":"001000000000002AAA"}}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, kind := range []string{"genesys.conversations", "genesys.users", "genesys.queues", "genesys.wrapupcodes", "genesys.flows", "genesys.aggregates"} {
			rows, trees := applyAll(t, genesys.Config{}, pipeline.Inputs{}, map[string][]pipeline.Record{kind: {{Key: "k", Body: body}}}, nil)
			for _, tree := range trees {
				sound(t, tree)
			}
			if kind != "genesys.aggregates" && len(rows) != 1 {
				t.Fatalf("%d rows of a record of %s", len(rows), kind)
			}
			for _, row := range rows {
				schema.Clean(row)
				if schema.Hash(row) == "" {
					t.Error("a row without a hash")
				}
				if c, ok := row.(*schema.GenesysInteraction); ok {
					plausible(t, c)
				}
			}
		}
	})
}

// sound holds that a tree is a family: one row of conversations, below it rows of its key, none of them twice.
func sound(t *testing.T, tree []schema.Row) {
	t.Helper()
	seen := map[string]bool{}
	for _, row := range tree {
		schema.Clean(row)
		key := schema.Of(row).Name
		for _, k := range schema.Of(row).Keys() {
			c, _ := schema.Of(row).Column(k)
			key += fmt.Sprint("\x00", schema.Value(row, c))
		}
		if seen[key] {
			t.Errorf("%q comes twice", key)
		}
		seen[key] = true
	}
	if err := schema.SealFamily(tree[0], tree[1:], "run", began); err != nil {
		t.Error(err)
	}
}

func plausible(t *testing.T, row *schema.GenesysInteraction) {
	t.Helper()
	if row.ConversationID == "" || row.ConversationStart.Year() < 1969 || row.BusinessDate == "" {
		t.Errorf("%q, %s, %q", row.ConversationID, row.ConversationStart, row.BusinessDate)
	}
	if row.IsOpen != (row.ConversationEnd == nil) || row.IsOpen && (row.DurationMs != nil || row.HandledByBotOnly != nil || row.Finality != "live") {
		t.Errorf("open %t, end %v, duration %v, finality %s", row.IsOpen, row.ConversationEnd, row.DurationMs, row.Finality)
	}
	if (row.HandleTimeMs == nil) != (row.TimeSource == "none") || (row.CrmIDStatus == "ok") != (row.CrmAccountID != nil) {
		t.Errorf("handle time %v of %s, account %v of %s", row.HandleTimeMs, row.TimeSource, row.CrmAccountID, row.CrmIDStatus)
	}
}

const benchmarked = 1000

func load(b *testing.B) []pipeline.Record {
	records := simulated(benchmarked)
	bytes := 0
	for _, r := range records {
		bytes += len(r.Body)
	}
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	return records
}

// BenchmarkDecodeOnly parses the records with the library, into plain structs of everything that a rule uses, and does nothing
// else: what BenchmarkTransform is held against.
func BenchmarkDecodeOnly(b *testing.B) {
	records := load(b)
	options := genesys.Lenient
	for b.Loop() {
		for _, r := range records {
			c := genesys.NewDecoded()
			_ = json.Unmarshal(r.Body, c, options) // some are broken on purpose
		}
	}
}

// BenchmarkTransform makes rows of the records: decoding and rules, without files.
func BenchmarkTransform(b *testing.B) {
	records := load(b)
	transform := genesys.New(genesys.Config{})
	in := pipeline.InMemory(pipeline.Inputs{Window: pipeline.Window{To: time.Now()}}, map[string][]pipeline.Record{"genesys.conversations": records}, nil)
	for b.Loop() {
		err := transform.Apply(context.Background(), in, func(...schema.Row) error { return nil })
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRows does to the rows what a run does with them besides: it cleans, seals and writes them.
func BenchmarkRows(b *testing.B) {
	records := load(b)
	transform := genesys.New(genesys.Config{})
	in := pipeline.InMemory(pipeline.Inputs{}, map[string][]pipeline.Record{"genesys.conversations": records}, nil)
	for b.Loop() {
		var file bytes.Buffer
		w := schema.GenesysInteractions.NewWriter(&file, schema.WriterOptions{})
		err := transform.Apply(context.Background(), in, func(rows ...schema.Row) error {
			for _, row := range rows {
				if _, ok := row.(*schema.GenesysInteraction); !ok {
					continue
				}
				schema.Clean(row)
				schema.Seal(row, "nightly/2026-11-16T00-00-00Z", time.Unix(0, 0))
				if err := w.Write([]schema.Row{row}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
