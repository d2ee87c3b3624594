package genesys_test

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trunkline/pipeline"
	"trunkline/schema"
	"trunkline/transforms/genesys"
)

const (
	someID  = "0015f00000AbCdE"
	someID8 = "0015f00000AbCdEAAV"
	otherID = "001000000000002AAA"
)

func TestQAScoreIsTheNewestThatCounts(t *testing.T) {
	scored := func(id string, hour float64, score any, more m) m {
		return with(m{"evaluationId": id, "evaluationStatus": "Finished", "eventTime": stamp(3600 * hour), "oTotalScore": score}, more)
	}
	for name, c := range map[string]struct {
		evaluations []m
		score, id   any
	}{
		"newest, not last":   {[]m{scored("e2", 5, 80, m{}), scored("e1", 1, 40, m{})}, 80.0, "e2"},
		"deleted":            {[]m{scored("e1", 1, 40, m{}), scored("e2", 5, 80, m{"deleted": true})}, 40.0, "e1"},
		"a calibration":      {[]m{scored("e1", 1, 40, m{}), scored("e2", 5, 80, m{"calibrationId": "k"})}, 40.0, "e1"},
		"retracted":          {[]m{scored("e1", 1, 40, m{}), scored("e2", 5, 80, m{"evaluationStatus": "Retracted"})}, 40.0, "e1"},
		"pending":            {[]m{scored("e1", 1, nil, m{"evaluationStatus": "Pending"})}, nil, nil},
		"zero is a score":    {[]m{scored("e1", 1, 0, m{})}, 0.0, "e1"},
		"another surface's":  {[]m{scored("e1", 1, 7.5, m{"evaluationStatus": "FINISHED"})}, 7.5, "e1"},
		"not released":       {[]m{scored("e1", 1, 40, m{"released": false})}, 40.0, "e1"},
		"a date beyond help": {[]m{scored("e1", 1, 40, m{}), scored("e2", 5, 80, m{"eventTime": "soon"})}, 40.0, "e1"},
		"none":               {nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, rowOf(t, with(ended(), m{"evaluations": c.evaluations})), m{"QaScore": c.score, "EvaluationID": c.id})
		})
	}
	c := with(ended(), m{"evaluations": []m{scored("e1", 1, 40, m{"released": true}), scored("e2", 5, 80, m{"released": false})}})
	check(t, rowWith(t, genesys.Config{ReleasedOnly: true}, pipeline.Inputs{}, c), m{"QaScore": 40.0, "EvaluationID": "e1"})
}

func TestCSATIsTheNewestFinishedSurveys(t *testing.T) {
	row := rowOf(t, with(ended(), m{"surveys": []m{
		{"surveyId": "s3", "surveyStatus": "Expired", "surveyCompletedDate": stamp(9000)},
		{"surveyId": "s2", "surveyStatus": "Finished", "surveyCompletedDate": stamp(8000), "oSurveyTotalScore": 0, "surveyPartialResponse": true},
		{"surveyId": "s1", "surveyStatus": "Finished", "surveyCompletedDate": stamp(7000), "oSurveyTotalScore": 90, "surveyPromoterScore": 9},
	}}))
	check(t, row, m{"CsatScore": 0.0, "SurveyID": "s2", "SurveyPartial": true, "Nps": nil})
	row = rowOf(t, with(ended(), m{"surveys": []m{{"surveyId": "s1", "surveyStatus": "Sent", "oSurveyTotalScore": 90}}}))
	check(t, row, m{"CsatScore": nil, "SurveyID": nil, "SurveyPartial": nil, "Nps": nil})
}

func TestAttributesAreLookedUpAndNeverMerged(t *testing.T) {
	has := func(purpose string, from float64, attributes m) m {
		return with(party(purpose, "", seg("interact", from, from+5)), m{"attributes": attributes})
	}
	for name, c := range map[string]struct {
		parts []m
		want  any
	}{
		"as it is":                         {[]m{has("customer", 0, m{"sfAccountId": someID8})}, someID8},
		"from the chat widget":             {[]m{has("customer", 0, m{"context.sfAccountId": someID8})}, someID8},
		"in other letters":                 {[]m{has("customer", 0, m{"SFACCOUNTID": someID8})}, someID8},
		"of the widget, in other letters":  {[]m{has("customer", 0, m{"Context.SfAccountID": someID8})}, someID8},
		"exactly before roughly":           {[]m{has("customer", 0, m{"SFACCOUNTID": otherID, "sfAccountId": someID8, "context.sfAccountId": otherID})}, someID8},
		"the customer's before an agent's": {[]m{has("customer", 0, m{"sfaccountid": someID8}), has("agent", 9, m{"sfAccountId": otherID})}, someID8},
		"an empty one of the customer":     {[]m{has("customer", 0, m{"sfAccountId": ""}), has("acd", 9, m{"sfAccountId": someID8})}, someID8},
		"a later empty one":                {[]m{has("acd", 0, m{"sfAccountId": someID8}), has("agent", 9, m{"sfAccountId": "  "})}, someID8},
		"the latest of others":             {[]m{has("agent", 9, m{"sfAccountId": someID8}), has("acd", 0, m{"sfAccountId": otherID})}, someID8},
		"an earlier key first":             {[]m{has("customer", 0, m{"acct": otherID}), has("agent", 5, m{"sfAccountId": someID8})}, someID8},
		"a later key, where it alone is":   {[]m{has("customer", 0, m{"acct": otherID, "sfAccountId": ""})}, otherID},
		"escaped":                          {[]m{has("customer", 0, m{"sfAccountId": "<" + someID8 + ">"})}, "<" + someID8 + ">"},
		"another key":                      {[]m{has("customer", 0, m{"xsfAccountId": otherID, "sfAccountIds": otherID, "tfAccountId": otherID})}, nil},
		"another key from the chat widget": {[]m{has("customer", 0, m{"context.tfAccountId": otherID, "xontext.sfAccountId": otherID})}, nil},
		"null":                             {[]m{has("customer", 0, m{"sfAccountId": nil})}, nil},
		"an object":                        {[]m{has("customer", 0, m{"sfAccountId": m{"id": otherID}})}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			row := rowWith(t, genesys.Config{AccountKeys: []string{"sfAccountId", "acct"}}, pipeline.Inputs{}, ended(c.parts...))
			check(t, row, m{"CrmAccountIDGiven": c.want})
		})
	}
}

func TestAnEscapedKeyIsThatKey(t *testing.T) {
	row := rowOf(t, `{"conversationId":"c1","conversationStart":"2026-11-16T12:00:00Z","participants":[{"purpose":"customer",
		"attributes":{"sfAc\u0063ountId":"001\u003000000000002AAA"}}]}`)
	check(t, row, m{"CrmAccountID": otherID})
}

func TestTheCRMIDsAreNormalised(t *testing.T) {
	for given, c := range map[string]struct{ id, status any }{
		someID:                {someID8, "ok"},
		"0015f00000abcdeaav":  {someID8, "ok"},
		" " + someID8 + "\t":  {someID8, "ok"},
		"5005f00000AbCdE":     {nil, "malformed"},
		"N/A":                 {nil, "malformed"},
		"0015f00000AbCdE-AAX": {nil, "malformed"},
	} {
		t.Run(given, func(t *testing.T) {
			check(t, rowOf(t, ended(says("sfAccountId", given))), m{
				"CrmAccountID": c.id, "CrmIDStatus": c.status, "CrmAccountIDGiven": given, "CrmMatchMethod": "attribute",
			})
		})
	}
	for _, missing := range []any{"", "  ", nil} {
		check(t, rowOf(t, ended(says("sfAccountId", missing))), m{
			"CrmAccountID": nil, "CrmIDStatus": "missing", "CrmAccountIDGiven": nil, "CrmMatchMethod": nil,
		})
	}
	check(t, rowOf(t, ended(says("sfCaseId", "500000000000001"))), m{"CrmCaseID": "500000000000001AAA", "CrmIDStatus": "missing"})
	check(t, rowOf(t, ended(says("sfCaseId", otherID))), m{"CrmCaseID": nil})
}

func TestDivisionIsTheFirstAndTheContactIsTheCustomers(t *testing.T) {
	c := ended(with(agent("a1"), m{"externalContactId": "x0"}), with(customer(), m{"externalContactId": nil}), with(customer(), m{"externalContactId": "x1"}))
	check(t, rowOf(t, with(c, m{"divisionIds": []string{"d1", "d2"}})), m{"DivisionID": "d1", "ExternalContactID": "x1"})
	c = ended(with(customer(), m{"externalContactId": "x1"}), with(customer(), m{"externalContactId": "x2"}), with(agent("a1"), m{"externalContactId": "x3"}))
	check(t, rowOf(t, c), m{"DivisionID": nil, "ExternalContactID": "x1"})
}

func TestADayReadWithinTheDayHasTheServicesAttributes(t *testing.T) {
	analytics := ended(with(customer(seg("interact", 0, 60)), m{"participantId": "p1"}), with(agent("a1"), m{"participantId": "p2"}))
	body := m{"analytics": analytics, "conversation": m{"id": "c1", "participants": []m{
		{"id": "p2", "attributes": m{"sfAccountId": otherID}},
		{"id": "p1", "attributes": m{"sfAccountId": someID8}},
		{"attributes": m{"sfAccountId": "nobody's"}},
	}}}
	check(t, rowOf(t, body), m{"ConversationID": "c1", "CrmAccountID": someID8, "Finality": "live", "IsOpen": false, "DurationMs": 600_000})
	check(t, rowOf(t, m{"analytics": analytics}), m{"CrmIDStatus": "missing", "Finality": "live"})
}

func TestFinality(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	endingAt := func(at string) m { return with(open(), m{"conversationEnd": at}) }
	// The night of the 23rd reads the 16th at its last age: on the 24th, at half past two, nothing comes of the 16th any more.
	night := time.Date(2026, 11, 24, 2, 30, 0, 0, time.UTC)
	weekly := []int{1, 3, 7}
	for name, c := range map[string]struct {
		conversation m
		again        []int
		at           time.Time
		zone         *time.Location
		want         string
	}{
		"open":                              {open(), weekly, night, time.UTC, "live"},
		"ended on a day that comes no more": {endingAt("2026-11-16T23:59:59.999Z"), weekly, night, time.UTC, "final"},
		"ended on a day that will be read":  {endingAt("2026-11-17T00:00:00Z"), weekly, night, time.UTC, "provisional"},
		"seen the night before":             {endingAt("2026-11-16T23:59:59.999Z"), weekly, night.AddDate(0, 0, -1), time.UTC, "provisional"},
		"filled in years later":             {endingAt("2026-11-17T00:00:00Z"), weekly, night.AddDate(2, 0, 0), time.UTC, "final"},
		"ended on a local day that is over": {endingAt("2026-11-16T22:59:59.999Z"), weekly, night, berlin, "final"},
		"ended on the next local day":       {endingAt("2026-11-16T23:00:00Z"), weekly, night, berlin, "provisional"},
		"a month, unless told otherwise":    {endingAt("2026-10-24T00:00:00Z"), nil, night, time.UTC, "provisional"},
		"a month is over":                   {endingAt("2026-10-23T23:59:59Z"), nil, night, time.UTC, "final"},
		"nothing is read again":             {endingAt("2026-11-23T23:59:59Z"), []int{}, night, time.UTC, "final"},
		"nobody knows when it was asked":    {endingAt("2026-11-16T23:59:59Z"), weekly, time.Time{}, time.UTC, "provisional"},
	} {
		t.Run(name, func(t *testing.T) {
			in := pipeline.Inputs{ObservedAt: c.at, Location: c.zone}
			check(t, rowWith(t, genesys.Config{Again: c.again}, in, c.conversation), m{"Finality": c.want})
		})
	}
}

func TestBusinessDateIsTheOrganisationsDay(t *testing.T) {
	c := with(ended(), m{"conversationStart": "2026-11-16T03:30:00Z"})
	check(t, rowOf(t, c), m{"BusinessDate": "2026-11-16"})
	check(t, rowWith(t, genesys.Config{}, pipeline.Inputs{Location: time.FixedZone("", -5*3600)}, c), m{
		"BusinessDate": "2026-11-15", "ConversationStart": time.Date(2026, 11, 16, 3, 30, 0, 0, time.UTC),
	})
}

func TestNamesOfWhatHasVanishedAreKept(t *testing.T) {
	code := seg("wrapup", 20, 30, "q1")
	code["wrapUpCode"] = "w1"
	rows := apply(t, genesys.Config{}, pipeline.Inputs{}, map[string][]pipeline.Record{
		"genesys.conversations": {record(t, ended(agent("a1", seg("interact", 0, 20, "q1"), code)))},
		"genesys.users":         {record(t, m{"id": "a2", "name": "Bo", "email": nil, "state": "inactive", "division": m{"id": "d1"}}), record(t, m{"name": "nobody"})},
		"genesys.queues": {record(t, m{"id": "q1", "name": "New name", "mediaSettings": m{
			"call": m{"serviceLevel": m{"percentage": 0.8, "durationMs": 20_000}},
		}})},
	}, map[string][]schema.Row{
		"users":        {&schema.User{UserID: "a1", Name: new("Ann"), IsListed: true}, &schema.User{UserID: "a2", Name: new("Old"), IsListed: true}},
		"queues":       {&schema.Queue{QueueID: "q1", Name: new("Old name"), IsListed: true}},
		"wrapup_codes": {&schema.WrapupCode{WrapupCodeID: "w1", Name: new("Refund"), IsListed: true}},
	})
	counts := map[string]int{}
	for _, row := range rows {
		counts[schema.Of(row).Name]++
		switch row := row.(type) {
		case *schema.GenesysInteraction:
			check(t, row, m{"AgentName": "Ann", "QueueName": "New name", "WrapupName": "Refund"})
		case *schema.User:
			if row.IsListed != (row.UserID == "a2") {
				t.Errorf("user %s listed: %t", row.UserID, row.IsListed)
			}
			if row.UserID == "a2" && (*row.Name != "Bo" || *row.State != "inactive" || *row.DivisionID != "d1" || row.Email != nil) {
				t.Errorf("user a2: %+v", row)
			}
		case *schema.Queue:
			if *row.SlaShare != 0.8 || *row.SlaTargetMs != 20_000 || !row.IsListed {
				t.Errorf("queue: %+v", row)
			}
		case *schema.WrapupCode:
			if !row.IsListed { // the list was empty: it was not read
				t.Error("a wrap-up code vanished though no list was read")
			}
		case *schema.Reject:
			if row.Source != "genesys" || row.Entity != "users" || row.ReasonCode != "missing_id" {
				t.Errorf("reject: %+v", row)
			}
		}
	}
	want := map[string]int{"genesys_interactions": 1, "users": 2, "queues": 1, "wrapup_codes": 1, "etl_rejects": 1}
	for table, n := range want {
		if counts[table] != n {
			t.Errorf("%d rows of %s, want %d", counts[table], table, n)
		}
	}
}

func TestAggregatesAreARowAMetric(t *testing.T) {
	rows := apply(t, genesys.Config{}, pipeline.Inputs{}, map[string][]pipeline.Record{"genesys.aggregates": {
		record(t, m{
			"interval": "2026-11-16T12:00:00.000Z/2026-11-16T13:00:00.000Z", "group": m{"queueId": "q1", "mediaType": "voice"},
			"metrics": []m{
				{"metric": "nOffered", "stats": m{"count": 7, "sum": 99}},
				{"metric": "tHandle", "stats": m{"count": 3, "sum": 131580101.0, "min": 1}},
			},
		}),
		record(t, m{"interval": "yesterday", "group": m{}, "metrics": []m{}}),
		record(t, m{"interval": 5}),
	}}, nil)
	if len(rows) != 4 {
		t.Fatalf("%d rows", len(rows))
	}
	offered, handle := rows[0].(*schema.SourceAggregate), rows[1].(*schema.SourceAggregate)
	if *offered.Count != 7 || offered.Sum != nil || *handle.Count != 3 || *handle.Sum != 131_580_101 || handle.QueueID != "q1" ||
		handle.MediaType != "voice" || !handle.IntervalStart.Equal(began) || !handle.IntervalEnd.Equal(began.Add(time.Hour)) {
		t.Errorf("%+v\n%+v", offered, handle)
	}
	for i, reason := range []string{"bad_date", "wrong_type"} {
		if r, ok := rows[2+i].(*schema.Reject); !ok || r.ReasonCode != reason || r.Entity != "aggregates" {
			t.Errorf("%+v, want a reject: %s", rows[2+i], reason)
		}
	}
}

func TestWhatTheSourceListsIsListed(t *testing.T) {
	listings := map[string]int{}
	entities := []pipeline.Record{record(t, m{"id": "x1", "name": "X"})}
	for _, row := range apply(t, genesys.Config{}, pipeline.Inputs{}, map[string][]pipeline.Record{
		"genesys.users": entities, "genesys.queues": entities, "genesys.wrapupcodes": entities,
		"genesys.divisions": entities, "genesys.flows": entities,
	}, nil) {
		listings[schema.Of(row).Name]++
		listed, ok := schema.Of(row).Column("is_listed")
		if !ok || schema.Value(row, listed) != true {
			t.Errorf("%s: %+v", schema.Of(row).Name, row)
		}
	}
	if want := map[string]int{"users": 1, "queues": 1, "wrapup_codes": 1, "divisions": 1, "flows": 1}; !maps.Equal(listings, want) {
		t.Errorf("rows %v, want %v", listings, want)
	}
}

func TestDivisionsAndFlowsAreKept(t *testing.T) {
	rows := apply(t, genesys.Config{}, pipeline.Inputs{}, map[string][]pipeline.Record{
		"genesys.divisions": {record(t, m{"id": "d1", "name": "Home", "description": "all", "homeDivision": true})},
		"genesys.flows": {
			record(t, m{"id": "f1", "name": "Menu", "type": "INBOUNDCALL", "division": m{"id": "d1"}, "deleted": false}),
			record(t, m{"id": "f2", "name": "Old menu", "type": "INBOUNDCALL", "deleted": true}),
		},
	}, map[string][]schema.Row{
		"divisions": {&schema.Division{DivisionID: "d0", Name: new("Closed"), IsListed: true}},
		"flows":     {&schema.Flow{FlowID: "f0", Name: new("Gone"), IsListed: true}, &schema.Flow{FlowID: "f1", Name: new("Menu of old"), IsListed: true}},
	})
	want := []schema.Row{
		&schema.Division{DivisionID: "d1", Name: new("Home"), Description: new("all"), IsHome: new(true), IsListed: true},
		&schema.Division{DivisionID: "d0", Name: new("Closed")},
		&schema.Flow{FlowID: "f1", Name: new("Menu"), FlowType: new("INBOUNDCALL"), DivisionID: new("d1"), IsListed: true},
		&schema.Flow{FlowID: "f2", Name: new("Old menu"), FlowType: new("INBOUNDCALL")},
		&schema.Flow{FlowID: "f0", Name: new("Gone")},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

// TestNamesAreReadOfTheLastRunThatHasThem holds that the transform asks for what it keeps.
func TestNamesAreReadOfTheLastRunThatHasThem(t *testing.T) {
	last := map[string]bool{}
	for _, in := range genesys.New(genesys.Config{}).Reads() {
		last[in.Kind] = in.Last
	}
	for _, table := range []string{"users", "queues", "wrapup_codes", "divisions", "flows"} {
		if !last[table] {
			t.Errorf("%s of earlier runs are not read", table)
		}
	}
}
