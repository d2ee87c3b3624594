package trusst

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"trunkline/pipeline"
)

// The types that a column may have.
const (
	text      = "character varying or text"
	timestamp = "timestamp without time zone"
	boolean   = "boolean"
)

// expected is the columns that are read, by table.
var expected = map[string]map[string]string{
	"streams": {"stream_id": text, "name": text, "stream_type": text},
	"questions": {
		"question_id": text, "key": text, "text": text, "result_type": text, "is_universal": boolean, "is_scored": boolean,
		"group": text, "created_at": timestamp,
	},
	"contacts": {
		"contact_id": text, "stream_id": text, "external_id": text, "start_time": timestamp, "direction": text, "current_stage": text,
		"agent_id": text, "created_at": timestamp,
	},
	"inferences": {
		"inference_id": text, "contact_id": text, "question_id": text, "result": text, "created_at": timestamp, "updated_at": timestamp,
	},
	"s3_conversations": {
		"conversation_id": text, "contact_id": text, "stream_id": text, "conn_id": text, "agent_id": text, "call_time": timestamp,
		"audio_s3_key": text, "metadata_s3_key": text,
	},
}

// unread are columns that are known and not read: that they are absent does no harm.
var unread = map[string]bool{
	"s3_conversations.stream_id": true, "s3_conversations.audio_s3_key": true, "s3_conversations.metadata_s3_key": true,
}

// column is a column as it is found.
type column struct{ table, name, kind string }

func (c column) String() string { return c.table + "." + c.name }

// fits tells whether a type is as expected.
func fits(want, kind string) bool { return slices.Contains(strings.Split(want, " or "), kind) }

// compare gives what is wrong with the columns found, one sentence each, and the columns that are new.
func compare(found []column) (faults, added []string) {
	kinds := map[string]string{}
	for _, c := range found {
		kinds[c.String()] = c.kind
		if _, ok := expected[c.table][c.name]; !ok {
			added = append(added, c.String())
		}
	}
	for _, table := range slices.Sorted(maps.Keys(expected)) {
		for _, name := range slices.Sorted(maps.Keys(expected[table])) {
			want := expected[table][name]
			kind, ok := kinds[table+"."+name]
			switch {
			case unread[table+"."+name]:
			case !ok:
				faults = append(faults, fmt.Sprintf("table %s has no column %s, expected %s", table, name, want))
			case !fits(want, kind):
				faults = append(faults, fmt.Sprintf("table %s, column %s: found %s, expected %s", table, name, kind, want))
			}
		}
	}
	return faults, added
}

// columns asks for the columns there are. A user sees only those that it may read.
func columns(ctx context.Context, s *session) ([]column, error) {
	return query(ctx, s, ask{"compare the tables", columnsSQL, nil}, func(row pgx.CollectableRow) (column, error) {
		var c column
		err := row.Scan(&c.table, &c.name, &c.kind)
		return c, err
	})
}

// checkColumns refuses to read tables that are not as expected. New columns are no fault: somebody should know of them, once.
func (x *Extractor) checkColumns(ctx context.Context, s *session) error {
	found, err := columns(ctx, s)
	if err != nil {
		return err
	}
	faults, added := compare(found)
	if len(faults) > 0 {
		return &pipeline.Error{
			Code: "TL3101", Kind: pipeline.Misuse, What: "trusst: the tables are not as expected: " + strings.Join(faults, "; "),
			Cure: "Ask Trusst what changed, or for the right to read the column, and see whether a newer trunkline knows of it",
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(added) > 0 && !x.warned {
		x.warned = true
		x.config.Log.WarnContext(ctx, "trusst has columns that are not read", "columns", added)
	}
	return nil
}
