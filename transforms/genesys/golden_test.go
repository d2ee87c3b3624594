package genesys_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
	"trunkline/schema"
	"trunkline/transforms/genesys"
)

var update = flag.Bool("update", false, "write the golden files anew")

// payload gives the records of a file of testdata: a conversation, or a page of them.
func payload(t testing.TB, name string) []pipeline.Record {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var page struct {
		ID            string            `json:"conversationId"`
		Conversations []json.RawMessage `json:"conversations"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		t.Fatal(err)
	}
	if page.ID != "" {
		return []pipeline.Record{{Key: page.ID, Body: body}}
	}
	var records []pipeline.Record
	for i, c := range page.Conversations {
		records = append(records, pipeline.Record{Key: fmt.Sprint(i), Body: c})
	}
	return records
}

var payloads = []string{"details_query_response_25.json", "conversation_chat_hold.json", "conversation_open_bad_dates.json"}

func TestGoldenRowsOfRealRecords(t *testing.T) {
	for _, name := range payloads {
		t.Run(name, func(t *testing.T) {
			rows, trees := applyAll(t, genesys.Config{}, pipeline.Inputs{}, map[string][]pipeline.Record{"genesys.conversations": payload(t, name)}, nil)
			var got, below strings.Builder
			for _, row := range rows {
				show(&got, row)
			}
			for _, tree := range trees {
				for _, row := range tree {
					fmt.Fprintf(&below, "[%s]\n", schema.Of(row).Name)
					show(&below, row)
				}
			}
			base := strings.TrimSuffix(name, ".json")
			golden(t, base+".txt", got.String())
			golden(t, base+".tree.txt", below.String())
		})
	}
}

// golden compares a text with a golden file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

// show writes the columns of a row that are not NULL.
func show(b *strings.Builder, row schema.Row) {
	for _, c := range schema.Of(row).Columns {
		if c.Volatile && !c.State {
			continue
		}
		switch v := schema.Value(row, c).(type) {
		case nil:
		case time.Time:
			fmt.Fprintf(b, "%s = %s\n", c.Name, v.Format(time.RFC3339Nano))
		default:
			if v != "" {
				fmt.Fprintf(b, "%s = %v\n", c.Name, v)
			}
		}
	}
	b.WriteByte('\n')
}

// TestAnOpenConversationWithBadDatesIsARow holds that a day of one digit neither loses a record nor becomes year 1.
func TestAnOpenConversationWithBadDatesIsARow(t *testing.T) {
	row := rowOf(t, string(payload(t, "conversation_open_bad_dates.json")[0].Body))
	check(t, row, m{
		"IsOpen": true, "ConversationEnd": nil, "DurationMs": nil, "Finality": "live", "HandleTimeMs": nil, "TimeSource": "none",
		"ConversationStart": time.Date(2021, 4, 2, 15, 30, 51, 418e6, time.UTC), "BusinessDate": "2021-04-02", "DisconnectType": "timeout",
		"TalkTimeMs": 923_484, "AnswerTimeMs": 6384, "AgentID": "9f3b4669-8593-4c95-bd7d-ef92c50f5a86",
	})
}
