package genesys_test

import (
	"context"
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
	"trunkline/transforms/genesys"
)

// TestRowsAreTheTruth lets the simulated centre live for some days and reads each of its conversations as it shows at several
// times: every fact column must be what really happened, which the centre tells without ever looking at what it shows.
func TestRowsAreTheTruth(t *testing.T) {
	config := scenario.Default()
	config.Days, config.PerDay = 3, 700
	config.Shares.Broken = 0.01
	world := scenario.New(config)
	for _, age := range []time.Duration{9 * time.Hour, 15*time.Hour + 7*time.Minute, 24 * time.Hour, 50 * time.Hour, 4 * 24 * time.Hour, 20 * 24 * time.Hour} {
		at := config.Start.Add(age)
		t.Run(age.String(), func(t *testing.T) {
			compareAt(t, world, at, func(c *scenario.Conversation) []byte { return c.AppendJSON(nil, at, true) })
		})
		t.Run(age.String()+", within the day", func(t *testing.T) {
			compareAt(t, world, at, func(c *scenario.Conversation) []byte {
				body := c.AppendJSON([]byte(`{"analytics":`), at, false)
				return append(c.AppendService(append(body, `,"conversation":`...), at), '}')
			})
		})
	}
}

func compareAt(t *testing.T, world *scenario.World, at time.Time, show func(*scenario.Conversation) []byte) {
	t.Helper()
	records, truths, broken := map[string][]pipeline.Record{}, map[string]scenario.Truth{}, map[string]string{}
	for c := range world.StartedOn(world.Config().Start, at, at) {
		records["genesys.conversations"] = append(records["genesys.conversations"], pipeline.Record{
			Key: c.ID, At: c.Start, Body: show(c),
		})
		if kind := c.Broken(); kind != "" {
			broken[c.ID] = kind
			continue
		}
		truths[c.ID] = c.Truth(at)
	}
	for _, u := range world.Users(at) {
		records["genesys.users"] = append(records["genesys.users"], entity(t, u.ID, u.Name))
	}
	for _, q := range world.Queues(world.Config().Start) { // before one is deleted: its name is kept
		records["genesys.queues"] = append(records["genesys.queues"], pipeline.Record{Key: q.ID, Body: fmt.Appendf(nil,
			`{"id":%q,"name":%q,"mediaSettings":{"call":{"serviceLevel":{"percentage":0.8,"durationMs":%d}}}}`, q.ID, q.Name, q.Target.Milliseconds())})
	}
	for _, w := range world.WrapupCodes(at) {
		records["genesys.wrapupcodes"] = append(records["genesys.wrapupcodes"], entity(t, w.ID, w.Name))
	}
	in := pipeline.InMemory(pipeline.Inputs{
		Run: "nightly/2026-11-16T05-00-00Z", Location: world.Config().Location, ObservedAt: at,
	}, records, nil)
	var fails int
	err := genesys.New(genesys.Config{}).Apply(context.Background(), in, func(rows ...schema.Row) error {
		for _, row := range rows {
			switch row := row.(type) {
			case *schema.Reject:
				if _, ok := broken[row.NaturalKey]; !ok {
					t.Errorf("rejected: %s: %s: %s", row.NaturalKey, row.ReasonCode, row.Message)
				}
				delete(broken, row.NaturalKey)
			case *schema.Conversation:
				if diff := treeDifference(world.Conversation(row.ConversationID).Tree(at), rows); diff != "" && fails < 10 {
					fails++
					t.Errorf("tree of %s (-truth +rows)\n%s\n%s", row.ConversationID, diff, show(world.Conversation(row.ConversationID)))
				}
			case *schema.GenesysInteraction:
				truth, ok := truths[row.ConversationID]
				if !ok {
					t.Errorf("row of %s, a conversation that is broken or comes twice", row.ConversationID)
					continue
				}
				delete(truths, row.ConversationID)
				if diff := difference(truth, row); diff != "" && fails < 10 {
					fails++
					t.Errorf("%s (-truth +row)\n%s\n%s", row.ConversationID, diff,
						show(world.Conversation(row.ConversationID)))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(truths) > 0 || len(broken) > 0 {
		t.Errorf("neither row nor reject: %d sound conversations, %v", len(truths), broken)
	}
}

func entity(t *testing.T, id, name string) pipeline.Record {
	t.Helper()
	body, err := json.Marshal(map[string]string{"id": id, "name": name})
	if err != nil {
		t.Fatal(err)
	}
	return pipeline.Record{Key: id, Body: body}
}

// difference compares the columns that a Truth has, by name.
func difference(truth scenario.Truth, row *schema.GenesysInteraction) string {
	want, got := map[string]any{}, map[string]any{}
	v, r := reflect.ValueOf(truth), reflect.ValueOf(row).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		want[name], got[name] = v.Field(i).Interface(), r.FieldByName(name).Interface()
	}
	return cmp.Diff(want, got)
}

// treeDifference compares the rows of a tree with what the centre tells, table by table, in whatever order.
func treeDifference(truth map[string][]map[string]any, rows []schema.Row) string {
	want, got := map[string][]string{}, map[string][]string{}
	for table, all := range truth {
		for _, row := range all {
			want[table] = append(want[table], line(row))
		}
		slices.Sort(want[table])
	}
	for _, row := range rows {
		cells := map[string]any{}
		for _, c := range schema.Of(row).Columns {
			if !c.Volatile && c.Name != "children_hash" {
				cells[c.Name] = schema.Value(row, c)
			}
		}
		table := schema.Of(row).Name
		got[table] = append(got[table], line(cells))
	}
	for table := range got {
		slices.Sort(got[table])
	}
	return cmp.Diff(want, got)
}

// line writes the cells of a row by name.
func line(row map[string]any) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(row)) {
		fmt.Fprintf(&b, "%s=%v ", name, row[name])
	}
	return b.String()
}
