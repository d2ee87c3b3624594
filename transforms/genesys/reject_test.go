package genesys_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
	"trunkline/schema"
	"trunkline/transforms/genesys"
)

// TestARecordThatCannotBeARowIsARejectThatSaysWhy holds reason and message: field, value, what would be right.
func TestARecordThatCannotBeARowIsARejectThatSaysWhy(t *testing.T) {
	const head = `{"conversationId":"c1","conversationStart":"2026-11-16T12:00:00Z",`
	for name, c := range map[string]struct{ body, reason, message string }{
		"a page of HTML":     {`<html>Bad gateway</html>`, "bad_json", "invalid character '<'"},
		"cut off":            {head + `"participants":[{"purp`, "bad_json", "unexpected EOF"},
		"two values":         {head + `"participants":[]}{}`, "bad_json", "after top-level value"},
		"a list":             {`[]`, "wrong_type", "the record is []; right would be an object"},
		"nothing":            {``, "bad_json", "EOF"},
		"null":               {`null`, "missing_id", "conversationId is missing"},
		"no id":              {`{"conversationStart":"2026-11-16T12:00:00Z"}`, "missing_id", "conversationId is missing"},
		"an empty id":        {`{"conversationId":"","conversationStart":"2026-11-16T12:00:00Z"}`, "missing_id", "conversationId is missing"},
		"a long id":          {`{"conversationId":"` + strings.Repeat("x", 101) + `","conversationStart":"2026-11-16T12:00:00Z"}`, "bad_id", "of 101 bytes; right would be at most 100"},
		"an id of digits":    {`{"conversationId":17}`, "wrong_type", "conversationId is 17; right would be a text"},
		"no start":           {`{"conversationId":"c1"}`, "missing_start", "conversationStart is missing"},
		"a null start":       {`{"conversationId":"c1","conversationStart":null}`, "missing_start", "conversationStart is missing"},
		"no date":            {`{"conversationId":"c1","conversationStart":"2021-04-2xT15:30:51.418Z"}`, "bad_date", `conversationStart is "2021-04-2xT15:30:51.418Z"; right would be a date like`},
		"year 1":             {`{"conversationId":"c1","conversationStart":"0001-01-01T00:00:00Z"}`, "bad_date", `conversationStart is "0001-01-01T00:00:00Z"`},
		"the far future":     {`{"conversationId":"c1","conversationStart":"2962-11-03T00:00:00Z"}`, "future_start", `conversationStart is "2962-11-03T00:00:00Z", more than a day after it was read`},
		"epoch milliseconds": {`{"conversationId":"c1","conversationStart":1763294400000}`, "wrong_type", "conversationStart is 1763294400000; right would be a text with a date like"},
		"within the day":     {`{"analytics":{"conversationId":"c1","conversationStart":"soon"}}`, "bad_date", `analytics/conversationStart is "soon"`},
		"an end of no date":  {head + `"conversationEnd":"later"}`, "bad_date", `conversationEnd is "later"`},
		"participants":       {head + `"participants":"redacted"}`, "wrong_type", `participants is "redacted"; right would be a list`},
		"a metric's value":   {head + `"participants":[{"sessions":[{"metrics":[{"name":"tAcw","value":"5"}]}]}]}`, "wrong_type", `participants/0/sessions/0/metrics/0/value is "5"; right would be a whole number`},
		"a metric's half":    {head + `"participants":[{"sessions":[{"metrics":[{"name":"tAcw","value":5.5}]}]}]}`, "wrong_type", "value is 5.5; right would be a whole number"},
		"attributes":         {head + `"participants":[{"attributes":["a"]}]}`, "wrong_type", `participants/0/attributes is ["a"]; right would be an object`},
		"a flag":             {head + `"selfServed":"yes"}`, "wrong_type", `selfServed is "yes"; right would be true or false`},
		"a score":            {head + `"evaluations":[{"oTotalScore":"A"}]}`, "wrong_type", `evaluations/0/oTotalScore is "A"; right would be a number`},
	} {
		t.Run(name, func(t *testing.T) {
			records := map[string][]pipeline.Record{"genesys.conversations": {
				{Key: "the key", Body: json.RawMessage(c.body)}, record(t, ended()),
			}}
			rows := apply(t, genesys.Config{}, pipeline.Inputs{Run: "nightly/2026-11-16T00-00-00Z", ObservedAt: began}, records, nil)
			if len(rows) != 2 {
				t.Fatalf("%d rows", len(rows))
			}
			got, ok := rows[0].(*schema.Reject)
			if !ok {
				t.Fatalf("no reject: %+v", rows[0])
			}
			if !strings.Contains(got.Message, c.message) {
				t.Errorf("message %q, want %q", got.Message, c.message)
			}
			want := &schema.Reject{
				RunID: "nightly/2026-11-16T00-00-00Z", Source: "genesys", Entity: "conversations", NaturalKey: "the key", ReasonCode: c.reason,
				Message: got.Message, PayloadRef: "genesys.conversations#1", SeenAt: began, Payload: []byte(c.body),
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("reject (-want +got)\n%s", diff)
			}
			if row, ok := rows[1].(*schema.GenesysInteraction); !ok || row.ConversationID != "c1" {
				t.Errorf("the next record: %+v", rows[1])
			}
		})
	}
}

// TestARecordWithoutAKeyIsKnownByItsHash keeps two nameless rejects apart.
func TestARecordWithoutAKeyIsKnownByItsHash(t *testing.T) {
	rows := apply(t, genesys.Config{}, pipeline.Inputs{}, map[string][]pipeline.Record{"genesys.conversations": {{Body: []byte("1")}, {Body: []byte("2")}}}, nil)
	a, b := rows[0].(*schema.Reject).NaturalKey, rows[1].(*schema.Reject).NaturalKey
	if a == b || !strings.HasPrefix(a, "sha256:") {
		t.Errorf("%s and %s", a, b)
	}
}

// TestBadDatesOfSegmentsAreNullAndTheConversationLives holds that what can be known without a date is known.
func TestBadDatesOfSegmentsAreNullAndTheConversationLives(t *testing.T) {
	bad := segment{"segmentType": "interact", "segmentStart": "yesterday", "segmentEnd": 17, "queueId": "q1"}
	row := rowOf(t, ended(customer(bad), agent("a1", bad, emits("tAnswered", 5))))
	check(t, row, m{
		"AgentID": "a1", "QueueID": "q1", "HandleTimeMs": nil, "TimeSource": "none", "CustomerDurationMs": nil, "MediaType": "voice",
		"DurationMs": 600_000,
	})
}

// TestBrokenTextIsNoReasonToLoseAConversation holds for invalid UTF-8 and for members said twice.
func TestBrokenTextIsNoReasonToLoseAConversation(t *testing.T) {
	row := rowOf(t, "{\"conversationId\":\"c1\",\"conversationStart\":\"2026-11-16T12:00:00Z\",\"externalTag\":\"\xff\",\"participants\":[{\"purpose\":\"customer\","+
		"\"purpose\":\"customer\",\"attributes\":{\"sfAccountId\":\"\xff\",\"x\":1,\"x\":2}}]}")
	check(t, row, m{"CrmIDStatus": "malformed", "CrmAccountIDGiven": "\uFFFD"})
}
