package trusst_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trunkline/internal/pgtest"
)

// TestStress: while 20 writers make contacts, commit late, complete them without a trace, correct them and infer again, a reader that
// polls a standby is cut off, and cancelled by the standby's catching up. In the end it has every contact as it is. Reconciling is off:
// what is tried is the reader that runs between. The plain reader beside it, by updated_at and stage, has to lose some.
func TestStress(t *testing.T) {
	lasts := 20 * time.Second
	if testing.Short() {
		lasts = 5 * time.Second
	}
	w := newWorld(t, pgtest.Start(t, pgtest.Options{}))
	w.exec("insert into questions (question_id, key, text, result_type, is_universal) values ('q4', 'done', 'Done?', 'Boolean', true)")
	standby := w.server.Standby(t, map[string]string{"max_standby_streaming_delay": "0"})
	w.config.Host, w.config.Port, w.config.Reconcile, w.config.Overlap = standby.Socket, standby.Port, -1, 3*time.Second
	w.config.PageSize, w.config.BatchSize = 200, 100

	ctx, stop := context.WithTimeout(t.Context(), lasts)
	defer stop()
	var writers, faults sync.WaitGroup
	for n := range 20 {
		writers.Go(func() { write(ctx, t, w, n) })
	}
	faulty, calm := context.WithCancel(t.Context())
	faults.Go(func() { disturb(faulty, t, w, standby) })

	plain := &plainReader{conn: w.connect(standby.DSN("postgres", w.config.Database)), seen: map[string]string{}}
	x := w.extractor()
	polls := 0
	for ; ctx.Err() == nil; polls++ {
		if _, err := w.tryFollow(x); err != nil {
			t.Errorf("poll %d: %v", polls, err)
		}
		plain.poll(t)
		time.Sleep(100 * time.Millisecond)
	}
	writers.Wait()
	calm()
	faults.Wait()
	w.catchUp(w.connect(standby.DSN("postgres", w.config.Database)))
	w.exec("insert into questions (question_id, key, text, result_type) values ('q9', 'end', 'End?', 'Boolean')") // a commit after all
	w.catchUp(w.connect(standby.DSN("postgres", w.config.Database)))
	if _, err := w.tryFollow(x); err != nil {
		t.Fatal(err)
	}
	plain.poll(t)

	missing, stale, phantom := w.faults()
	plainMissing, plainStale := plain.faults(t, w)
	t.Logf("%d polls, %d pages asked for again; %d contacts: missing %d, stale or partial %d, phantom %d; plain reader: missing %d, stale or partial %d",
		polls, x.Usage().Retries, len(w.state), len(missing), len(stale), len(phantom), plainMissing, plainStale)
	if len(missing)+len(stale)+len(phantom) > 0 {
		t.Errorf("missing %v, stale or partial %v, phantom %v", missing, stale, phantom)
	}
	if plainMissing == 0 || len(w.state) < 50 || x.Usage().Retries == 0 {
		t.Error("the test has lost its grip: too few contacts or faults, or the plain reader lost none")
	}
}

// write makes contacts one after the other until the time is over, and finishes the one under way.
func write(ctx context.Context, t *testing.T, w *world, writer int) {
	c, err := pgx.Connect(t.Context(), w.server.DSN("postgres", w.config.Database))
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = c.Close(context.Background()) }()
	exec := func(sql string, args ...any) {
		if _, err := c.Exec(t.Context(), sql, args...); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
	dice := rand.New(rand.NewPCG(7, uint64(writer)))
	pause := func(most int) { time.Sleep(time.Duration(dice.IntN(most)) * time.Millisecond) }
	const answer = "insert into inferences values ($1, $2, $3, $4, now() at time zone 'utc', case when $5::boolean then now() at time zone 'utc' end)"
	for n := 0; ctx.Err() == nil; n++ {
		id := fmt.Sprintf("c-%d-%d", writer, n)
		exec("insert into contacts (contact_id, stream_id, current_stage, start_time) values ($1, 's1', 'INFERENCE', now() at time zone 'utc')", id)
		exec("begin") // its answers have the time at which it begins
		for _, q := range []string{"q1", "q2", "q4"} {
			exec(answer, id+q, id, q, fmt.Sprint(dice.IntN(10)), dice.IntN(2) == 0)
		}
		pause(600)
		exec("commit")
		pause(400)
		exec("update contacts set current_stage = 'COMPLETED' where contact_id = $1", id)
		switch dice.IntN(4) {
		case 0: // corrected
			exec("begin")
			exec("update inferences set result = 'corrected', updated_at = now() at time zone 'utc' where inference_id = $1", id+"q2")
			pause(600)
			exec("commit")
		case 1: // inferred again
			exec("update contacts set current_stage = 'INFERENCE' where contact_id = $1", id)
			exec("begin")
			exec(answer, id+"again", id, "q1", "again", dice.IntN(2) == 0)
			pause(600)
			exec("commit")
			pause(400)
			exec("update contacts set current_stage = 'COMPLETED' where contact_id = $1", id)
		}
	}
}

// disturb cuts the reader's connection now and then, and lets the primary clean up what the standby may be reading.
func disturb(ctx context.Context, t *testing.T, w *world, standby *pgtest.Server) {
	replica, err := pgx.Connect(t.Context(), standby.DSN("postgres", w.config.Database))
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = replica.Close(context.Background()) }()
	primary, err := pgx.Connect(t.Context(), w.server.DSN("postgres", w.config.Database))
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = primary.Close(context.Background()) }()
	for n := 0; ctx.Err() == nil; n++ {
		if _, err := primary.Exec(t.Context(), "vacuum inferences, contacts"); err != nil {
			t.Error(err)
		}
		if n%8 == 7 {
			_, _ = replica.Exec(t.Context(), "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'trunkline'")
		}
		time.Sleep(60 * time.Millisecond)
	}
}

// plainReader reads what was updated since the newest update it saw, if its contact is completed: the control.
type plainReader struct {
	conn      *pgx.Conn
	watermark time.Time
	seen      map[string]string // inference → result
}

func (p *plainReader) poll(t *testing.T) {
	t.Helper()
	rows, err := p.conn.Query(t.Context(), `select i.inference_id, i.result, greatest(i.updated_at, i.created_at) from inferences i
		join contacts c on c.contact_id = i.contact_id and c.current_stage = 'COMPLETED' where greatest(i.updated_at, i.created_at) > $1`, p.watermark)
	if err != nil {
		return // its queries are cancelled too; it asks again
	}
	var id, result string
	var at time.Time
	newest := p.watermark
	found := map[string]string{}
	if _, err := pgx.ForEachRow(rows, []any{&id, &result, &at}, func() error {
		found[id] = result
		if at.After(newest) {
			newest = at
		}
		return nil
	}); err != nil {
		return
	}
	maps.Copy(p.seen, found)
	p.watermark = newest
}

// faults counts the contacts of which it has nothing, and those of which it has not everything as it is.
func (p *plainReader) faults(t *testing.T, w *world) (missing, stale int) {
	t.Helper()
	rows, err := w.admin.Query(t.Context(), "select contact_id, inference_id, result from inferences")
	if err != nil {
		t.Fatal(err)
	}
	all, good, some := map[string]int{}, map[string]int{}, map[string]bool{}
	var contact, id, result string
	if _, err := pgx.ForEachRow(rows, []any{&contact, &id, &result}, func() error {
		all[contact]++
		got, ok := p.seen[id]
		some[contact] = some[contact] || ok
		if ok && got == result {
			good[contact]++
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for contact, n := range all {
		if !some[contact] {
			missing++
		} else if good[contact] < n {
			stale++
		}
	}
	return missing, stale
}
