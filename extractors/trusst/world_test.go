package trusst_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trunkline/extractors/trusst"
	"trunkline/internal/pgtest"
	"trunkline/pipeline"
)

// world is a Trusst database and one who follows it.
type world struct {
	t      testing.TB
	server *pgtest.Server
	admin  *pgx.Conn
	config trusst.Config
	note   []byte
	state  map[string]string // contact → body, as somebody has it who got every record
	usage  map[string]int64
}

// newWorld makes a database on a server, or takes the server's own.
func newWorld(t testing.TB, s *pgtest.Server) *world {
	t.Helper()
	w := &world{t: t, server: s, state: map[string]string{}}
	w.admin = w.connect(s.DSN("postgres", "postgres"))
	name := "w" + strings.ToLower(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, t.Name()))
	name = name[max(0, len(name)-50):]
	w.exec("drop role if exists reader") // of this cluster's databases the first keeps it
	w.exec("create database " + pgx.Identifier{name}.Sanitize())
	w.admin = w.connect(s.DSN("postgres", name))
	schema, err := os.ReadFile("testdata/schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	w.exec(string(schema))
	w.config = trusst.Config{Host: s.Socket, Port: s.Port, Database: name, User: "reader", PageSize: 7, BatchSize: 3}
	t.Cleanup(func() { w.exec("drop owned by reader") })
	return w
}

func (w *world) connect(dsn string) *pgx.Conn {
	w.t.Helper()
	c, err := pgx.Connect(w.t.Context(), dsn)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.admin.Exec(context.Background(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

// day is the day on which everything happens: in the past, and within the days that are reconciled.
func day() string { return time.Now().UTC().AddDate(0, 0, -6).Format(time.DateOnly) }

// contact makes a completed contact with an answer to q1, at a time of the day.
func (w *world) contact(id, clock string) {
	w.t.Helper()
	at := day() + " " + clock
	w.exec("insert into contacts values ($1::text, 's1', 'ext-' || $1::text, $2::text::timestamp, 'inbound', 'COMPLETED', 'agent_john', $2::text::timestamp)", id, at)
	w.answer(id+"-1", id, "q1", "true", clock)
}

func (w *world) answer(id, contact, question, result, clock string) {
	w.t.Helper()
	w.exec("insert into inferences values ($1, $2, $3, $4, $5::text::timestamp, null)", id, contact, question, result, day()+" "+clock)
}

func (w *world) extractor() *trusst.Extractor {
	w.t.Helper()
	x, err := trusst.New(w.config)
	if err != nil {
		w.t.Fatal(err)
	}
	return x
}

// follow reads what changed, and gives the keys of what was given out.
func (w *world) follow() []string {
	w.t.Helper()
	keys, err := w.tryFollow(w.extractor())
	if err != nil {
		w.t.Fatal(err)
	}
	return keys
}

func (w *world) tryFollow(x *trusst.Extractor) ([]string, error) {
	keys := []string{}
	next, err := x.Remember(w.t.Context(), "contacts", pipeline.Window{}, w.note, func(page []pipeline.Record) error {
		for _, r := range page {
			keys = append(keys, r.Key)
			w.state[r.Key] = string(r.Body)
			if r.Gone {
				delete(w.state, r.Key)
			}
		}
		return nil
	})
	if err == nil {
		w.note, w.usage = next, x.Usage().Counts
	}
	return keys, err
}

// expect holds what the follower has against what a simple query of all says.
func (w *world) expect() {
	w.t.Helper()
	missing, stale, phantom := w.faults()
	if len(missing)+len(stale)+len(phantom) > 0 {
		w.t.Errorf("missing %v, stale or partial %v, phantom %v", missing, stale, phantom)
	}
}

// truthSQL says what there is, in its own words.
const truthSQL = `
select c.contact_id, c.current_stage, coalesce(string_agg(l.question_id || '=' || coalesce(l.result, '-'), ' ' order by l.question_id), '')
from contacts c
left join (
  select i.contact_id, i.question_id, i.result,
    row_number() over (partition by i.contact_id, i.question_id order by coalesce(greatest(i.updated_at, i.created_at)) desc, i.inference_id desc) as n
  from inferences i
  where i.question_id in (select question_id from questions where is_universal)
) l on l.contact_id = c.contact_id and l.n = 1
group by c.contact_id`

func (w *world) faults() (missing, stale, phantom []string) {
	w.t.Helper()
	rows, err := w.admin.Query(w.t.Context(), truthSQL)
	if err != nil {
		w.t.Fatal(err)
	}
	truth := map[string]string{}
	var id, stage, answers string
	if _, err := pgx.ForEachRow(rows, []any{&id, &stage, &answers}, func() error {
		truth[id] = stage + " " + answers
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
	for id, want := range truth {
		body, ok := w.state[id]
		if got := said(w.t, body); !ok {
			missing = append(missing, id)
		} else if got != want {
			stale = append(stale, fmt.Sprintf("%s (is %q, have %q)", id, want, got))
		}
	}
	for id := range w.state {
		if _, ok := truth[id]; !ok {
			phantom = append(phantom, id)
		}
	}
	return missing, stale, phantom
}

// said is what a body says, in the words of truthSQL.
func said(t testing.TB, body string) string {
	t.Helper()
	if body == "" {
		return ""
	}
	var c struct {
		Stage   string `json:"current_stage"`
		Answers []struct {
			Question string  `json:"question_id"`
			Result   *string `json:"result"`
		}
	}
	if err := json.Unmarshal([]byte(body), &c); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	var answers []string
	for _, a := range c.Answers {
		result := "-"
		if a.Result != nil {
			result = *a.Result
		}
		answers = append(answers, a.Question+"="+result)
	}
	return c.Stage + " " + strings.Join(answers, " ")
}
