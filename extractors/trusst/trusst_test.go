package trusst_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/extractors/extractortest"
	"trunkline/extractors/trusst"
	"trunkline/internal/pgtest"
	"trunkline/pipeline"
)

// TestReader tries everything that needs no more than a server, each on a database of its own.
func TestReader(t *testing.T) {
	t.Parallel()
	s := pgtest.Start(t, pgtest.Options{Settings: map[string]string{"timezone": "Asia/Tokyo"}})
	for name, test := range map[string]func(*testing.T, *world){
		"conformance": conformance, "bodies": bodies, "unchanged": unchanged, "stages": stages, "null updated_at": nullUpdated,
		"re-inference": reInference, "s3 rows": s3Rows, "question flips": questionFlips, "answers deleted": answersDeleted,
		"contact deleted": contactDeleted, "ties": ties, "first load": firstLoad, "expiry": expiry, "time zone": timeZone,
		"future": future, "columns": columns, "statement timeout": statementTimeout, "emit fails": emitFails, "no inferences": noInferences,
		"infinity": infinity,
	} {
		t.Run(name, func(t *testing.T) { test(t, newWorld(t, s)) })
	}
}

func conformance(t *testing.T, w *world) {
	for _, id := range []string{"c1", "c2", "c3", "c4", "c5"} {
		w.contact(id, "10:00")
	}
	extractortest.Run(t, w.extractor(), extractortest.Case{Stream: "contacts", Want: 5})
	extractortest.Run(t, w.extractor(), extractortest.Case{Stream: "questions", Want: 3})
	since := pipeline.Window{From: time.Now().AddDate(0, 0, -8), To: time.Now()}
	extractortest.Run(t, w.extractor(), extractortest.Case{Stream: "contacts", Window: since, Want: 5})
}

func bodies(t *testing.T, w *world) {
	w.contact("c1", "10:00:00.5")
	w.answer("c1-2", "c1", "q2", "9", "10:02")
	w.answer("c1-3", "c1", "q3", "glad", "10:09") // not universal
	w.exec("insert into s3_conversations values ('x1', 'c1', 's1', 'conn', 'john.smith', '" + day() + " 09:59', 'a', 'm')")
	w.exec("insert into contacts values ('c2', 's2', null, null, null, 'INFERENCE', null, '" + day() + " 11:00')")
	w.follow()
	want := map[string]string{
		"c1": `{"contact_id":"c1","stream_id":"s1","stream_name":"Calls","stream_type":"GenesysOnPremise","external_id":"ext-c1",` +
			`"start_time":"DAYT10:00:00.500000Z","direction":"inbound","current_stage":"COMPLETED","agent_id":"agent_john",` +
			`"created_at":"DAYT10:00:00.500000Z","s3":{"conversation_id":"x1","conn_id":"conn","agent_id":"john.smith",` +
			`"call_time":"DAYT09:59:00.000000Z","rows":1},"answers":[` +
			`{"inference_id":"c1-1","question_id":"q1","key":"agent_identified","group":"opening","result_type":"Boolean","result":"true",` +
			`"created_at":"DAYT10:00:00.500000Z","updated_at":null},` +
			`{"inference_id":"c1-2","question_id":"q2","key":"quality_score","group":null,"result_type":"Rating","result":"9",` +
			`"created_at":"DAYT10:02:00.000000Z","updated_at":null}]}`,
		"c2": `{"contact_id":"c2","stream_id":"s2","stream_name":null,"stream_type":"BrightPattern","external_id":null,"start_time":null,` +
			`"direction":null,"current_stage":"INFERENCE","agent_id":null,"created_at":"DAYT11:00:00.000000Z","s3":null,"answers":[]}`,
	}
	for id := range want {
		want[id] = strings.ReplaceAll(want[id], "DAY", day())
	}
	if diff := cmp.Diff(want, w.state); diff != "" {
		t.Error(diff)
	}
	var got []string
	err := w.extractor().Extract(t.Context(), "questions", pipeline.Window{}, func(page []pipeline.Record) error {
		for _, r := range page {
			got = append(got, string(r.Body))
		}
		return nil
	})
	first := `{"question_id":"q1","key":"agent_identified","text":"Did the agent say who they are?","result_type":"Boolean",` +
		`"is_universal":true,"is_scored":true,"group":"opening","created_at":"2026-01-01T00:00:00.000000Z"}`
	if err != nil || len(got) != 3 || got[0] != first {
		t.Errorf("questions %q, %v", got, err)
	}
}

// given fails unless exactly these contacts were given out.
func given(t *testing.T, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		t.Errorf("given out (-want +got)\n%s", diff)
	}
}

func unchanged(t *testing.T, w *world) {
	w.contact("c1", "10:00")
	w.contact("c2", "10:01")
	given(t, w.follow(), "c1", "c2")
	given(t, w.follow())
	if w.usage[trusst.CountUnchanged] == 0 || w.usage[trusst.CountReconciled] != 0 {
		t.Errorf("usage %v", w.usage)
	}
	w.exec("update inferences set result = 'false', updated_at = '" + day() + " 10:05' where inference_id = 'c2-1'")
	given(t, w.follow(), "c2")
	w.expect()
}

// stages: a contact completes without any time that tells of it; once it is pending it is found without reconciling.
func stages(t *testing.T, w *world) {
	w.config.Reconcile = -1
	w.contact("c1", "10:00")
	w.exec("update contacts set current_stage = 'INFERENCE' where contact_id = 'c1'")
	given(t, w.follow(), "c1")
	w.contact("c2", "15:00") // moves the watermark on
	given(t, w.follow(), "c2")
	w.exec("update contacts set current_stage = 'COMPLETED' where contact_id = 'c1'")
	given(t, w.follow(), "c1", "c2") // c2 is in the overlap, and without reconciling nothing is known of it
	w.expect()
	// Back, without a new inference: only the fingerprint can tell.
	w.config.Reconcile = 0
	w.follow()
	w.exec("update contacts set current_stage = 'TRANSCRIPTION' where contact_id = 'c1'")
	given(t, w.follow(), "c1")
	w.expect()
}

func nullUpdated(t *testing.T, w *world) {
	w.config.Reconcile = -1
	w.contact("c1", "10:00")
	w.follow()
	w.contact("c2", "11:00")
	w.contact("c3", "11:00")
	w.exec("update inferences set updated_at = created_at where contact_id = 'c3'")
	w.contact("c4", "11:00")
	w.exec("update inferences set updated_at = created_at - interval '1 day' where contact_id = 'c4'")
	given(t, w.follow(), "c1", "c2", "c3", "c4")
	w.expect()
}

func reInference(t *testing.T, w *world) {
	w.contact("c1", "10:00")
	w.follow()
	w.answer("c1-0", "c1", "q1", "false", "12:00") // newer, with a smaller id and a smaller text
	given(t, w.follow(), "c1")
	w.expect()
	if !strings.Contains(w.state["c1"], `"result":"false"`) {
		t.Error(w.state["c1"])
	}
}

func s3Rows(t *testing.T, w *world) {
	w.contact("c1", "10:00")
	w.contact("c9", "18:00") // c1 is far before the overlap
	w.follow()
	w.exec("insert into s3_conversations values ('x2', 'c1', 's1', 'late', null, null)")
	given(t, w.follow(), "c1")
	w.exec("insert into s3_conversations values ('x3', 'c1', 's1', 'earlier', null, '" + day() + " 09:00'), ('x4', 'c1', 's1', 'tie', null, '" + day() + " 09:00')")
	given(t, w.follow(), "c1")
	if !strings.Contains(w.state["c1"], `"conn_id":"earlier"`) || !strings.Contains(w.state["c1"], `"rows":3`) || strings.Count(w.state["c1"], "c1-1") != 1 {
		t.Error(w.state["c1"])
	}
}

func questionFlips(t *testing.T, w *world) {
	w.config.Reconcile = -1 // the set of questions tells, also of contacts of long ago
	for _, id := range []string{"c1", "c2", "c3", "c4", "c5"} {
		w.contact(id, "10:00")
		w.answer(id+"-m", id, "q3", "glad", "10:00")
	}
	w.contact("c9", "18:00")
	w.follow()
	w.exec("update questions set is_universal = true where question_id = 'q3'")
	given(t, w.follow(), "c1", "c2", "c3", "c4", "c5", "c9") // c9 is in the overlap
	w.expect()
	given(t, w.follow(), "c9")
	w.exec("update questions set is_universal = false where question_id = 'q3'")
	w.follow()
	w.expect()
	w.exec("update questions set key = 'renamed' where question_id = 'q1'")
	given(t, w.follow(), "c1", "c2", "c3", "c4", "c5", "c9")
	if !strings.Contains(w.state["c4"], `"key":"renamed"`) {
		t.Error(w.state["c4"])
	}
}

func answersDeleted(t *testing.T, w *world) {
	w.contact("c1", "10:00")
	w.contact("c9", "18:00")
	w.follow()
	w.exec("delete from inferences where contact_id = 'c1'")
	given(t, w.follow(), "c1")
	w.expect()
	if w.usage[trusst.CountReconciled] != 1 || !strings.Contains(w.state["c1"], `"answers":[]`) {
		t.Errorf("%v %s", w.usage, w.state["c1"])
	}
}

func contactDeleted(t *testing.T, w *world) {
	w.contact("c1", "10:00")
	w.contact("c9", "18:00")
	w.follow()
	w.exec("delete from inferences where contact_id = 'c1'")
	w.exec("delete from contacts where contact_id = 'c1'")
	given(t, w.follow(), "c1")
	w.expect()
	given(t, w.follow())
}

// ties: a bulk transaction gives more inferences one time than a page holds.
func ties(t *testing.T, w *world) {
	w.config.Reconcile = -1
	w.contact("c0", "09:00")
	w.follow()
	w.exec("insert into contacts select 'b' || n, 's1', null, null, null, 'COMPLETED', null, '" + day() + " 10:00' from generate_series(1, 40) n")
	w.exec("insert into inferences select 'b' || n, 'b' || n, 'q1', 'true', '" + day() + " 10:00', null from generate_series(1, 40) n")
	if got := len(w.follow()); got < 40 {
		t.Errorf("%d of 40", got)
	}
	w.expect()
}

// firstLoad: contacts of years apart, of both streams, at one time, without a time.
func firstLoad(t *testing.T, w *world) {
	w.exec(`insert into contacts select 'c' || n, 's' || 1 + n % 2, null, '2023-05-01'::timestamp + n / 5 * interval '3 days', null,
		'COMPLETED', null, '2023-05-01' from generate_series(1, 100) n`)
	w.exec("insert into contacts select 'n' || n, 's1', null, null, null, 'COMPLETED', null, '2023-05-01' from generate_series(1, 10) n")
	w.exec("insert into inferences select 'i' || contact_id, contact_id, 'q1', 'true', created_at, null from contacts")
	given := w.follow()
	if len(given) != 110 {
		t.Errorf("%d records of 110 contacts", len(given))
	}
	w.expect()
}

func expiry(t *testing.T, w *world) {
	w.contact("c1", "10:00")
	w.exec("update contacts set current_stage = 'FAILED', created_at = '2020-01-01' where contact_id = 'c1'")
	w.config.PendingFor = time.Nanosecond
	w.config.Reconcile = -1
	log := logTo(w)
	given(t, w.follow(), "c1")
	if w.usage[trusst.CountExpired] != 1 || !strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), "c1") {
		t.Errorf("usage %v, log %s", w.usage, log)
	}
	if strings.Contains(string(w.note), "c1") {
		t.Errorf("it is still waited for: %s", w.note)
	}
}

func timeZone(t *testing.T, w *world) {
	var err error
	if w.config.Location, err = time.LoadLocation("Europe/Berlin"); err != nil {
		t.Fatal(err)
	}
	w.config.Reconcile = -1
	w.exec("insert into contacts values ('c1', 's1', null, '2025-10-26 01:30', null, 'COMPLETED', null, '2025-10-26 02:59')")
	w.answer("c1-1", "c1", "q1", "true", "00:00")
	w.exec("update inferences set created_at = '2025-10-26 02:59'")
	w.follow()
	if !strings.Contains(w.state["c1"], `"start_time":"2025-10-25T23:30:00.000000Z"`) {
		t.Error(w.state["c1"])
	}
	// The clock was set back: what comes next has an earlier time.
	w.exec("insert into contacts values ('c2', 's1', null, null, null, 'COMPLETED', null, '2025-10-26 02:01')")
	w.exec("insert into inferences values ('c2-1', 'c2', 'q1', 'true', '2025-10-26 02:01', null)")
	w.follow()
	w.expect()
}

// future: a wrong clock's time must not become the watermark.
func future(_ *testing.T, w *world) {
	w.config.Reconcile = -1
	w.contact("c1", "10:00")
	w.exec("insert into contacts values ('f', 's1', null, null, null, 'COMPLETED', null, '" + day() + " 10:00')")
	w.exec("insert into inferences values ('f-1', 'f', 'q1', 'true', '2099-01-01', null)")
	w.follow()
	w.contact("c2", "11:00")
	w.follow()
	w.expect()
}

func noInferences(t *testing.T, w *world) {
	w.exec("insert into contacts values ('c1', 's1', null, null, null, 'INFERENCE', null, '" + day() + " 10:00')")
	given(t, w.follow(), "c1")
	given(t, w.follow())
	w.answer("c1-1", "c1", "q1", "true", "11:00")
	w.exec("update contacts set current_stage = 'COMPLETED'")
	given(t, w.follow(), "c1")
	w.expect()
}

func infinity(t *testing.T, w *world) {
	w.contact("c1", "10:00")
	w.exec("update contacts set start_time = 'infinity'")
	w.exec("update inferences set updated_at = '-infinity'")
	given(t, w.follow(), "c1")
	if !strings.Contains(w.state["c1"], `"start_time":"infinity"`) || !strings.Contains(w.state["c1"], `"updated_at":"-infinity"`) {
		t.Error(w.state["c1"])
	}
}

func emitFails(t *testing.T, w *world) {
	w.contact("c1", "10:00")
	full := errors.New("disk full")
	next, err := w.extractor().Remember(t.Context(), "contacts", pipeline.Window{}, nil, func([]pipeline.Record) error { return full })
	if !errors.Is(err, full) || next != nil {
		t.Errorf("note %s, %v", next, err)
	}
}

// fails tries to follow and checks the code and words of the error.
func fails(t *testing.T, w *world, code string, words ...string) {
	t.Helper()
	_, err := w.tryFollow(w.extractor())
	known, ok := errors.AsType[*pipeline.Error](err)
	if !ok || known.Code != code {
		t.Errorf("got %v, want %s", err, code)
		return
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%v does not say %q", err, word)
		}
	}
}

func columns(t *testing.T, w *world) {
	w.contact("c1", "10:00")
	log := logTo(w)
	w.exec("alter table contacts add column mood varchar")
	given(t, w.follow(), "c1")
	if !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), "contacts.mood") {
		t.Errorf("log %s", log)
	}
	w.exec("alter table contacts rename column direction to way")
	fails(t, w, "TL3101", "table contacts has no column direction, expected character varying or text")
	w.exec("alter table contacts rename column way to direction")
	w.exec("alter table inferences alter column updated_at type timestamptz")
	fails(t, w, "TL3101", "table inferences, column updated_at: found timestamp with time zone, expected timestamp without time zone")
	w.exec("alter table inferences alter column updated_at type timestamp")
	w.exec("revoke select on questions from reader")
	fails(t, w, "TL3101", "table questions has no column key")
}

func statementTimeout(t *testing.T, w *world) {
	w.contact("c1", "10:00")
	w.config.StatementTimeout = 50 * time.Millisecond
	w.exec("begin")
	w.exec("lock table inferences in access exclusive mode")
	fails(t, w, "TL3202", "statement timeout")
	w.exec("rollback")
}
