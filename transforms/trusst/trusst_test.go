package trusst_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
	"trunkline/schema"
	"trunkline/transforms/trusst"
)

var update = flag.Bool("update", false, "write the golden files anew")

func record(key, body string) pipeline.Record { return pipeline.Record{Key: key, Body: []byte(body)} }

// apply gives the rows in the order in which they are emitted, a call at a time.
func apply(t testing.TB, records map[string][]pipeline.Record, earlier ...schema.Row) [][]schema.Row {
	t.Helper()
	var calls [][]schema.Row
	in := pipeline.InMemory(pipeline.Inputs{}, records, map[string][]schema.Row{"trusst_questions": earlier})
	err := trusst.New().Apply(context.Background(), in, func(rows ...schema.Row) error {
		calls = append(calls, rows)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return calls
}

func contacts(records ...pipeline.Record) map[string][]pipeline.Record {
	return map[string][]pipeline.Record{"trusst.contacts": records}
}

const full = `{"contact_id":"c1","stream_id":"s1","stream_name":"Voice","stream_type":"GenesysCloud",
 "external_id":" 0B6C3A7E-1111-4222-8333-ABCDEFABCDEF ","start_time":"2026-11-10T09:00:00Z","direction":"inbound",
 "current_stage":"COMPLETED","agent_id":"agent_john","created_at":"2026-11-10T10:00:00Z","s3":null,"answers":[
 {"inference_id":"i1","question_id":"q1","key":"agent_identified","group":"compliance","result_type":"Boolean","result":" TRUE ","created_at":"2026-11-10T10:01:00Z","updated_at":null},
 {"inference_id":"i2","question_id":"q2","key":"quality_score","group":null,"result_type":"Rating","result":"8.0","created_at":"2026-11-10T10:01:00Z","updated_at":"2026-11-12T10:00:00.5Z"},
 {"inference_id":"i3","question_id":"q3","key":"quality_score","group":"quality","result_type":"Rating","result":"8/10","created_at":"2026-11-10T10:01:00Z","updated_at":"2026-11-10T10:01:00Z"},
 {"inference_id":"i4","question_id":"q4","key":"sentiment","group":"mood","result_type":"Sentiment","result":"{\"score\":-1}","created_at":"2026-11-10T10:01:00Z","updated_at":null},
 {"inference_id":"i5","question_id":"q5","key":"summary","group":"mood","result_type":"Summary","result":null,"created_at":"2026-11-10T10:01:00Z","updated_at":null},
 {"inference_id":"i6","question_id":"q6","key":"topic","group":"mood","result_type":"Label","result":"billing","created_at":"2026-11-10T10:01:00Z","updated_at":null}]}`

const onPremise = `{"contact_id":"c2","stream_id":"s2","stream_name":"Old PBX","stream_type":"GenesysOnPremise","external_id":null,
 "start_time":"2026-11-10T09:00:00Z","direction":"OUTBOUND","current_stage":"INFERENCE","agent_id":null,"created_at":"2026-11-10T10:00:00Z",
 "s3":{"conversation_id":"s3-9","conn_id":"006702dd","agent_id":"john.smith","call_time":"2026-11-10T08:59:58Z","rows":2},"answers":[]}`

const question = `{"question_id":"%s","key":"%s","text":"Was it?","result_type":"Boolean","is_universal":%s,"is_scored":false,"group":null,"created_at":"2026-01-01T00:00:00Z"}`

func TestGolden(t *testing.T) {
	records := contacts(record("c1", full), record("c2", onPremise), pipeline.Record{Key: "c3", Gone: true})
	for _, q := range [][3]string{{"q2", "quality_score", "true"}, {"q3", "quality_score", "true"}, {"q1", "agent_identified", "true"}, {"q9", "agent_identified", "false"}} {
		records["trusst.questions"] = append(records["trusst.questions"], record(q[0], fmt.Sprintf(question, q[0], q[1], q[2])))
	}
	earlier := &schema.TrusstQuestion{QuestionID: "q0", QuestionKey: new("quality_score"), IsUniversal: new(true), IsListed: true}
	got := strings.Join(lines(apply(t, records, earlier)), "\n") + "\n"
	const file = "testdata/rows.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// lines writes every row as text, in an order of their own.
func lines(calls [][]schema.Row) []string {
	var all []string
	for _, rows := range calls {
		for _, r := range rows {
			var b strings.Builder
			b.WriteString(schema.Of(r).Name)
			for _, c := range schema.Of(r).Columns {
				if v := schema.Value(r, c); v != nil && v != "" && !c.Volatile {
					fmt.Fprintf(&b, "\n  %-24s %v", c.Name, v)
				}
			}
			all = append(all, b.String())
		}
	}
	slices.Sort(all)
	return all
}

func TestConversionIsStrictAndLosesNothing(t *testing.T) {
	for _, c := range []struct{ kind, result, status, value string }{
		{"Boolean", "true", "ok", "true"},
		{"Boolean", " False\n", "ok", "false"},
		{"Boolean", "yes", "not_boolean", ""},
		{"Boolean", "1", "not_boolean", ""},
		{"Boolean", " ", "empty", ""},
		{"Rating", "1", "ok", "1"},
		{"Rating", "10.0", "ok", "10"},
		{"Rating", "+7", "ok", "7"},
		{"Rating", "7.5", "not_whole", ""},
		{"Rating", "0", "out_of_range", ""},
		{"Rating", "11", "out_of_range", ""},
		{"Rating", "-3", "out_of_range", ""},
		{"Rating", "8/10", "not_a_number", ""},
		{"Rating", "N/A", "not_a_number", ""},
		{"Rating", "NaN", "not_a_number", ""},
		{"Rating", "0x8", "not_a_number", ""},
		{"Rating", "1e0", "not_a_number", ""},
		{"Rating", "8.", "ok", "8"},
		{"Rating", "", "empty", ""},
		{"Paragraph", "11", "ok", ""},
		{"Summary", "true", "ok", ""},
		{"Label", "N/A", "ok", ""},
		{"rating", "8", "unknown_type", ""},
		{"Emotion", "glad", "unknown_type", ""},
		{"Emotion", "", "empty", ""},
	} {
		body := fmt.Sprintf(`{"contact_id":"c","answers":[{"question_id":"q","result_type":%q,"result":%q}]}`, c.kind, c.result)
		a := apply(t, contacts(record("c", body)))[0][1].(*schema.TrusstAnswer)
		value := ""
		if a.Truth != nil {
			value = fmt.Sprint(*a.Truth)
		}
		if a.Number != nil {
			value = fmt.Sprint(*a.Number)
		}
		if a.ConversionStatus != c.status || value != c.value || *a.Result != c.result {
			t.Errorf("%s %q: %s %q, kept %q; want %s %q", c.kind, c.result, a.ConversionStatus, value, *a.Result, c.status, c.value)
		}
	}
}

func TestARecordThatCannotBeARowIsAReject(t *testing.T) {
	for _, c := range []struct{ key, body, reason, says string }{
		{"c", `{`, "bad_json", ""},
		{"c", `[]`, "wrong_type", "the record"},
		{"c", `null`, "missing_id", "contact_id"},
		{"c", `{"answers":[]}`, "missing_id", "contact_id"},
		{"c", `{"contact_id":"d"}`, "wrong_id", `"d"`},
		{"c", `{"contact_id":7}`, "wrong_type", "/contact_id is 7"},
		{"c", `{"contact_id":"c","created_at":"yesterday"}`, "bad_date", `/created_at is "yesterday"`},
		{"c", `{"contact_id":"c","answers":[{"result":"x"}]}`, "missing_id", "answer 1"},
		{"c", `{"contact_id":"c","answers":[{"question_id":"q","result":8}]}`, "wrong_type", "/answers/0/result is 8"},
		{"c", `{"contact_id":"c","s3":{"rows":0}}`, "bad_count", "s3.rows"},
	} {
		rows := apply(t, contacts(record(c.key, c.body)))[0]
		r, ok := rows[0].(*schema.Reject)
		if len(rows) != 1 || !ok {
			t.Errorf("%s: no reject", c.body)
			continue
		}
		if r.ReasonCode != c.reason || !strings.Contains(r.Message, c.says) || r.NaturalKey != "c" || string(r.Payload) != c.body {
			t.Errorf("%s: %s %q", c.body, r.ReasonCode, r.Message)
		}
	}
}

func TestAConversationIsToldByStream(t *testing.T) {
	const cloud, conn = `"external_id":"0B6C3A7E-1111-4222-8333-ABCDEFABCDEF"`, `"s3":{"conn_id":" 77 ","rows":1}`
	for _, c := range []struct{ body, want string }{
		{`"stream_type":"GenesysCloud",` + cloud, "0b6c3a7e-1111-4222-8333-abcdefabcdef"},
		{cloud, "0b6c3a7e-1111-4222-8333-abcdefabcdef"},
		{`"stream_type":"GenesysCloud","external_id":"12345"`, ""},
		{`"stream_type":"GenesysOnPremise","stream_id":"s",` + cloud, ""},
		{`"stream_type":"GenesysOnPremise","stream_id":"s",` + conn + "," + cloud, "onprem:s:77"},
		{`"stream_type":"PremierContactPoint","stream_id":"s",` + conn, "onprem:s:77"},
		{`"stream_type":"PremierContactPoint","stream_id":"s","s3":{"conn_id":" ","rows":1}`, ""},
		{`"stream_type":"BrightPattern","stream_id":"s",` + conn, ""},
	} {
		got := apply(t, contacts(record("c", `{"contact_id":"c",`+c.body+`}`)))[0][0].(*schema.TrusstContact).ConversationID
		if (got == nil) != (c.want == "") || got != nil && *got != c.want {
			t.Errorf("%s: %v, want %q", c.body, got, c.want)
		}
	}
	long := apply(t, contacts(record("c", `{"contact_id":"c","stream_type":"GenesysOnPremise","stream_id":"`+strings.Repeat("s", 200)+`",`+conn+`}`)))
	if id := long[0][0].(*schema.TrusstContact).ConversationID; len(*id) > 100 {
		t.Errorf("%s is longer than its column", *id)
	}
}

// Answers have no order, and neither have records: of two answers to one question the newer is the answer.
func TestShuffledRecordsGiveTheSameRows(t *testing.T) {
	var answers []string
	for i := range 12 {
		answers = append(answers, fmt.Sprintf(`{"inference_id":"i%02d","question_id":"q%d","result":"%d","created_at":"2026-11-10T10:%02d:00Z","updated_at":null}`, i, i%4, i, i/2))
	}
	var want []string
	for n := range 20 {
		body := `{"contact_id":"c","answers":[` + strings.Join(answers, ",") + `]}`
		records := []pipeline.Record{record("c", body), record("c2", onPremise), record("c1", full)}
		rand.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		rand.Shuffle(len(answers), func(i, j int) { answers[i], answers[j] = answers[j], answers[i] })
		got := lines(apply(t, contacts(records...)))
		if n == 0 {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
	if !slices.ContainsFunc(want, func(l string) bool { return strings.Contains(l, "i11") }) {
		t.Error("the newest answer is not the answer")
	}
}

// A run that asked for no questions forgets none; one that did marks those that are not listed any more.
func TestQuestionsAreKept(t *testing.T) {
	earlier := func() *schema.TrusstQuestion {
		return &schema.TrusstQuestion{QuestionID: "old", QuestionKey: new("k"), IsUniversal: new(true), IsListed: true}
	}
	got := apply(t, nil, earlier())
	if q := got[0][0].(*schema.TrusstQuestion); !q.IsListed {
		t.Error("a question is forgotten although nobody asked")
	}
	got = apply(t, map[string][]pipeline.Record{"trusst.questions": {record("new", fmt.Sprintf(question, "new", "k", "true"))}}, earlier())
	for _, rows := range got {
		q := rows[0].(*schema.TrusstQuestion)
		if q.IsListed != (q.QuestionID == "new") || q.SharesKey {
			t.Errorf("%s: listed %v, shares its key %v", q.QuestionID, q.IsListed, q.SharesKey)
		}
	}
}

// Whatever a record holds, it is rows or a reject, and the children are the contact's own.
func FuzzContact(f *testing.F) {
	f.Add(full)
	f.Add(onPremise)
	f.Add(`{"contact_id":"c","answers":[{"question_id":"q","result_type":"Rating","result":"9999999999999999999999"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		rows := apply(t, contacts(record("c1", body)))[0]
		if _, rejected := rows[0].(*schema.Reject); rejected {
			return
		}
		c := rows[0].(*schema.TrusstContact)
		if c.ContactID != "c1" || int(*c.QuestionCount) != len(rows)-1 || *c.AnsweredQuestionCount > *c.QuestionCount || *c.UnconvertedCount > *c.AnsweredQuestionCount {
			t.Errorf("%s: %d rows, counts %d %d %d", c.ContactID, len(rows), *c.QuestionCount, *c.AnsweredQuestionCount, *c.UnconvertedCount)
		}
		for _, r := range rows[1:] {
			a := r.(*schema.TrusstAnswer)
			if a.ContactID != "c1" || a.Number != nil && (*a.Number < 1 || *a.Number > 10) || (a.Number != nil || a.Truth != nil) && a.ConversionStatus != "ok" {
				t.Errorf("%+v", a)
			}
		}
	})
}
