package genesys_test

import (
	"testing"
	"time"

	"trunkline/pipeline"
	"trunkline/transforms/genesys"
)

func TestNullIsAbsent(t *testing.T) {
	row := rowOf(t, `{"conversationId":"c1","conversationStart":"2026-11-16T12:00:00Z","conversationEnd":null,
		"originatingDirection":null,"divisionIds":null,"selfServed":null,"evaluations":null,"surveys":null,"participants":[
		{"participantId":null,"purpose":"customer","userId":null,"attributes":null,"sessions":null},
		{"purpose":null,"sessions":[{"mediaType":null,"flow":null,"segments":[{"segmentStart":null,"segmentEnd":null,
		"segmentType":null,"queueId":null}],"metrics":null}]}]}`)
	check(t, row, m{
		"IsOpen": true, "ConversationEnd": nil, "MediaType": nil, "Direction": nil, "QueueID": nil, "AgentID": nil, "SelfServed": nil,
		"OfferedCount": nil, "HandleTimeMs": nil, "CrmIDStatus": "missing", "QueueCount": 0,
	})
}

func TestUnknownValuesAndMembersAreKeptAndIgnored(t *testing.T) {
	c := ended(customer(seg("interact", 0, 600, "", "hologramTransfer"), m{"mediaType": "smell", "spin": m{"up": true}}))
	check(t, rowOf(t, with(c, m{"entanglement": []int{1}})), m{"MediaType": "smell", "MediaTypes": "smell", "DisconnectType": "hologramTransfer"})
}

func TestSessionsAreInTheOrderOfTheirEarliestSegments(t *testing.T) {
	late := agent("late", seg("wrapup", 500, 510, "q2"), seg("interact", 300, 500, "q2"))
	early := agent("early", seg("interact", 10, 299, "q1"))
	check(t, rowOf(t, ended(late, early, customer(seg("interact", 0, 500)))), m{"FirstAgentID": "early", "AgentID": "late", "QueueID": "q2"})
}

func TestSessionsWithoutSegmentsAreLast(t *testing.T) {
	row := rowOf(t, ended(customer(m{"mediaType": "message"}), customer(seg("interact", 0, 600), m{"mediaType": "chat"})))
	check(t, row, m{"MediaType": "chat", "MediaTypes": "chat,message"})
}

func TestASupervisionLegIsNeverAHandlingLeg(t *testing.T) {
	for name, how := range map[string]any{
		"monitored":  m{"monitoredParticipantId": "p"},
		"coached":    m{"coachedParticipantId": "p"},
		"barged":     m{"bargedParticipantId": "p"},
		"monitoring": seg("monitoring", 100, 200),
		"coaching":   seg("coaching", 100, 200),
		"barging":    seg("barging", 100, 200),
	} {
		t.Run(name, func(t *testing.T) {
			row := rowOf(t, ended(customer(seg("interact", 0, 600)), agent("a1", seg("interact", 10, 600, "q1")),
				agent("boss", seg("interact", 100, 200, "q9"), how)))
			check(t, row, m{"AgentID": "a1", "AgentCount": 1, "QueueCount": 1, "HandleTimeMs": 590_000})
		})
	}
}

func TestAUserIsAnAgentWhereThereIsNoneAndSomebodyFromOutside(t *testing.T) {
	user := func() m { return party("user", "u1", seg("interact", 0, 600)) }
	for name, c := range map[string]struct {
		parts []m
		agent any
	}{
		"with a customer":           {[]m{user(), customer(seg("interact", 0, 600))}, "u1"},
		"with an external party":    {[]m{user(), party("external", "", seg("interact", 0, 600))}, "u1"},
		"beside an agent":           {[]m{user(), customer(seg("interact", 0, 600)), agent("a1", seg("interact", 5, 600))}, "a1"},
		"beside one who only rings": {[]m{user(), customer(seg("interact", 0, 600)), agent("a1", seg("alert", 5, 600))}, nil},
		"the caller himself":        {[]m{user(), party("ivr", "", seg("ivr", 0, 10)), acd(seg("interact", 10, 20, "q1"))}, nil},
		"without a user id":         {[]m{party("user", "", seg("interact", 0, 600)), customer(seg("interact", 0, 600))}, nil},
	} {
		t.Run(name, func(t *testing.T) { check(t, rowOf(t, ended(c.parts...)), m{"AgentID": c.agent}) })
	}
}

func TestALegIsAnsweredByMetricOrTalk(t *testing.T) {
	for name, c := range map[string]struct {
		part  any
		agent any
	}{
		"tAnswered":     {emits("tAnswered", 1), "a1"},
		"tTalk":         {emits("tTalk", 1), "a1"},
		"tTalkComplete": {emits("tTalkComplete", 1), "a1"},
		"interact":      {seg("interact", 5, 6), "a1"},
		"tHandle":       {emits("tHandle", 57_000), nil},
		"alert":         {seg("alert", 5, 6), nil},
		"hold":          {seg("hold", 5, 6), nil},
	} {
		t.Run(name, func(t *testing.T) { check(t, rowOf(t, ended(agent("a1", c.part))), m{"AgentID": c.agent}) })
	}
}

func TestDurationIsNullWhileOpenAndIncludesAfterCallWork(t *testing.T) {
	parts := []m{customer(seg("interact", -0.013, 597, "", "client")), agent("a1", seg("interact", 5, 597), seg("wrapup", 597, 600))}
	check(t, rowOf(t, ended(parts...)), m{
		"DurationMs": 600_000, "CustomerDurationMs": 597_013, "IsOpen": false, "ConversationEnd": began.Add(10 * time.Minute),
	})
	check(t, rowOf(t, open(parts...)), m{"DurationMs": nil, "CustomerDurationMs": nil, "IsOpen": true, "ConversationEnd": nil})
}

func TestCustomerDurationNeedsASessionOfTheCustomer(t *testing.T) {
	check(t, rowOf(t, ended(agent("a1", seg("interact", 5, 597)))), m{"CustomerDurationMs": nil, "DurationMs": 600_000})
	check(t, rowOf(t, ended(customer(seg("interact", 5, -1)))), m{"CustomerDurationMs": nil})
}

func TestHandleTimeIsTheSumOfEveryTHandle(t *testing.T) {
	row := rowOf(t, ended(
		agent("a1", seg("alert", 5, 15, "q1"), emits("tNotResponding", 10_000), emits("tAcw", 57_000), emits("tHandle", 57_000)),
		agent("a2", seg("interact", 20, 300, "q1"), emits("tAnswered", 20_000), emits("tTalkComplete", 300_000), emits("tHandle", 320_894)),
		customer(seg("interact", 0, 300), emits("nConnected", 1)),
	))
	check(t, row, m{
		"HandleTimeMs": 377_894, "HandleCount": 2, "TimeSource": "metric", "AcwTimeMs": 57_000,
		"AgentID": "a2", "FirstAgentID": "a2", "AgentCount": 1, "AgentLegsNotResponding": 1,
	})
}

func TestHandleTimeComesFromAnsweredLegsSegmentsWhereNothingWasMeasured(t *testing.T) {
	row := rowOf(t, open(customer(seg("interact", 0, 600)),
		agent("a1", seg("alert", 0, 5), seg("contacting", 5, 6), seg("dialing", 6, 8), seg("interact", 8, 12), seg("hold", 12, 20),
			seg("parked", 20, 36), seg("wrapup", 36, 68), seg("monitoringless", 68, 100)),
		agent("a2", seg("alert", 0, 5), seg("wrapup", 5, 500))))
	check(t, row, m{"HandleTimeMs": 63_000, "AcwTimeMs": 32_000, "TimeSource": "segments", "HandleCount": nil, "TalkTimeMs": nil})
}

func TestHandleTimeComesFromSegmentsWhereItEndedWithoutTHandle(t *testing.T) {
	leg := []any{seg("interact", 10, 100), emits("tTalk", 90_000)}
	check(t, rowOf(t, ended(agent("a1", leg...))), m{"HandleTimeMs": 90_000, "TimeSource": "segments", "HandleCount": 0, "AcwTimeMs": nil})
	check(t, rowOf(t, open(agent("a1", leg...))), m{"HandleTimeMs": nil, "TimeSource": "none", "HandleCount": 0, "TalkTimeMs": 90_000})
}

func TestOnlySegmentsWithBothEndsCount(t *testing.T) {
	c := open(agent("a1", seg("interact", 10, 100), seg("hold", 100, -1),
		segment{"segmentType": "wrapup", "segmentEnd": stamp(500)}, segment{"segmentType": "hold", "segmentStart": "2026-11-99T00:00:00Z", "segmentEnd": stamp(5)}))
	check(t, rowOf(t, c), m{"HandleTimeMs": 90_000, "AcwTimeMs": nil})
}

func TestHandleTimeIsNullAndNeverZeroWhenNobodyHandled(t *testing.T) {
	for name, c := range map[string]m{
		"measured":                ended(customer(seg("interact", 0, 60), emits("nConnected", 1)), agent("a1", seg("alert", 5, 15))),
		"not":                     ended(customer(seg("interact", 0, 60)), agent("a1", seg("alert", 5, 15), seg("wrapup", 15, 60))),
		"answered, still talking": open(customer(seg("interact", 0, -1)), agent("a1", seg("interact", 5, -1))),
	} {
		t.Run(name, func(t *testing.T) {
			check(t, rowOf(t, c), m{"HandleTimeMs": nil, "AcwTimeMs": nil, "TimeSource": "none"})
		})
	}
}

func TestTalkAndHoldAreTotalsOrStretchesNeverBoth(t *testing.T) {
	row := rowOf(t, ended(agent("a1", emits("tTalk", 100), emits("tTalk", 200), emits("tTalkComplete", 300), emits("tHeld", 7), emits("tHeldComplete", 7)),
		agent("a2", emits("tTalkComplete", 50))))
	check(t, row, m{"TalkTimeMs": 350, "HoldTimeMs": 7})
	row = rowOf(t, open(agent("a1", emits("tTalk", 100), emits("tTalk", 200), emits("tHeld", 7), emits("tHeld", 0))))
	check(t, row, m{"TalkTimeMs": 300, "HoldTimeMs": 7})
}

func TestAfterCallWorkIsItsMetricAndNotItsSegment(t *testing.T) {
	row := rowOf(t, ended(agent("a1", seg("interact", 0, 10), seg("wrapup", 10, 71), emits("tAcw", 57_000), emits("tHandle", 67_000))))
	check(t, row, m{"AcwTimeMs": 57_000})
	row = rowOf(t, ended(agent("a1", seg("interact", 0, 10), seg("wrapup", 10, 10), emits("tAcw", 0), emits("tHandle", 10_000))))
	check(t, row, m{"AcwTimeMs": 0})
	row = rowOf(t, ended(agent("a1", seg("interact", 0, 10), seg("wrapup", 10, 71), emits("tHandle", 67_000))))
	check(t, row, m{"AcwTimeMs": nil})
}

func TestAbandonedIsAnyTAbandon(t *testing.T) {
	row := rowOf(t, ended(customer(seg("interact", 0, 60)), acd(seg("interact", 0, 60, "q1"), emits("nOffered", 1), emits("tAbandon", 4000), emits("tShortAbandon", 4000))))
	check(t, row, m{"Abandoned": true, "AbandonedBeforeAnswer": true, "ShortAbandon": true, "AbandonedCount": 1, "QueueID": "q1"})
	row = rowOf(t, ended(agent("a1", seg("interact", 5, 50, "q1"), emits("tTalk", 1)), acd(seg("interact", 50, 60, "q2"), emits("tAbandon", 4000))))
	check(t, row, m{"Abandoned": true, "AbandonedBeforeAnswer": false, "ShortAbandon": false, "QueueID": "q1"})
}

func TestAbandonedWithoutMetricsIsAQueueThatEndedWithTheLine(t *testing.T) {
	for name, c := range map[string]struct {
		parts []m
		want  bool
	}{
		"peer":                   {[]m{acd(seg("interact", 0, 60, "q1", "peer"))}, true},
		"endpoint":               {[]m{acd(seg("interact", 0, 60, "q1", "endpoint"))}, true},
		"transfer":               {[]m{acd(seg("interact", 0, 60, "q1", "transfer"))}, false},
		"not in its last":        {[]m{acd(seg("interact", 0, 30, "q1", "peer"), seg("interact", 30, 60, "q1", "transfer"))}, false},
		"out of order":           {[]m{acd(seg("interact", 30, 60, "q1", "peer"), seg("interact", 0, 30, "q1", "transfer"))}, true},
		"answered":               {[]m{acd(seg("interact", 0, 60, "q1", "peer")), agent("a1", seg("interact", 60, 70))}, false},
		"rang":                   {[]m{acd(seg("interact", 0, 60, "q1", "peer")), agent("a1", seg("alert", 50, 60))}, true},
		"the customer's own end": {[]m{customer(seg("interact", 0, 60, "q1", "peer"))}, false},
		"no queue":               {[]m{party("ivr", "", seg("ivr", 0, 60, "", "peer"))}, false},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, rowOf(t, ended(c.parts...)), m{"Abandoned": c.want, "AbandonedBeforeAnswer": c.want, "ShortAbandon": nil, "AbandonedCount": nil})
		})
	}
}

func TestTheCustomersDisconnectAloneIsNoAbandon(t *testing.T) {
	row := rowOf(t, ended(customer(seg("interact", 0, 60, "q1", "client"), emits("nConnected", 1)), acd(seg("interact", 0, 60, "q1", "peer"))))
	check(t, row, m{"Abandoned": false})
}

func TestAHangUpInAFlowIsAFlowDisconnectAndNoAbandon(t *testing.T) {
	flow := func(exit string) m {
		return party("ivr", "", seg("ivr", 0, 60, "", "peer"), m{"flow": m{"flowId": "f1", "flowName": "Main", "flowType": "INBOUNDCALL", "exitReason": exit}})
	}
	check(t, rowOf(t, ended(flow("FLOW_ERROR_DISCONNECT"))), m{"FlowDisconnect": true, "Abandoned": false, "FlowID": "f1", "FlowName": "Main"})
	check(t, rowOf(t, ended(flow("TRANSFER"))), m{"FlowDisconnect": false})
	check(t, rowOf(t, ended(flow("DISCONNECT"), acd(seg("interact", 0, 5, "q1")))), m{"FlowDisconnect": false})
	check(t, rowOf(t, ended(customer())), m{"FlowDisconnect": false, "FlowID": nil})
}

func TestTheFlowIsTheFirstEntered(t *testing.T) {
	second := party("ivr", "", seg("ivr", 50, 60), m{"flow": m{"flowId": "f2"}})
	first := party("ivr", "", seg("ivr", 0, 50), m{"flow": m{"flowId": "f1", "flowName": "Main"}})
	check(t, rowOf(t, ended(second, first)), m{"FlowID": "f1", "FlowName": "Main"})
}

func TestTransferredIsNTransferred(t *testing.T) {
	row := rowOf(t, ended(agent("a1", emits("nTransferred", 1), emits("nBlindTransferred", 1)), agent("a2", emits("nTransferred", 1), emits("nConsultTransferred", 1))))
	check(t, row, m{"Transferred": true, "TransferCount": 2, "BlindTransferred": true, "ConsultTransferred": true})
}

func TestTransferOfAQueueIsNoTransfer(t *testing.T) {
	row := rowOf(t, ended(acd(seg("interact", 0, 5, "q1", "transfer"), emits("nOffered", 1)), agent("a1", seg("interact", 5, 60, "q1", "transfer"))))
	check(t, row, m{"Transferred": false, "TransferCount": 0, "BlindTransferred": false})
}

func TestAConsultNeverCompletedIsNoTransfer(t *testing.T) {
	row := rowOf(t, ended(agent("a1", emits("nConsult", 1), emits("nConsultTransferred", 0), emits("nTransferred", 0))))
	check(t, row, m{"Transferred": false, "ConsultTransferred": false})
}

func TestTransferredWithoutMetricsIsATalkThatEndedInATransfer(t *testing.T) {
	for end, want := range map[string]bool{
		"transfer": true, "consultTransfer": true, "forwardTransfer": true, "conferenceTransfer": true,
		"noAnswerTransfer": false, "notAvailableTransfer": false, "dndTransfer": false, "client": false,
	} {
		t.Run(end, func(t *testing.T) {
			row := rowOf(t, ended(agent("a1", seg("interact", 5, 60, "q1", end)), acd(seg("interact", 0, 5, "q1", "transfer"))))
			check(t, row, m{"Transferred": want, "TransferCount": nil, "BlindTransferred": nil, "ConsultTransferred": nil})
		})
	}
	check(t, rowOf(t, ended(agent("a1", seg("alert", 5, 60, "q1", "transfer")))), m{"Transferred": false})
}

func TestQueueIsThatOfTheLastAnsweredLeg(t *testing.T) {
	row := rowOf(t, ended(
		customer(seg("interact", 0, 600, "q9")),
		acd(seg("interact", 0, 10, "q1")), agent("a1", seg("interact", 10, 20, "q1")),
		acd(seg("interact", 20, 30, "q2")), agent("a2", seg("interact", 30, 40, "q2"), seg("wrapup", 40, 50)),
		acd(seg("interact", 50, 60, "q3")), agent("a3", seg("alert", 55, 60, "q3")),
	))
	check(t, row, m{"QueueID": "q2", "FirstQueueID": "q1", "LastQueueID": "q2", "QueueCount": 3, "AgentID": "a2", "FirstAgentID": "a1", "AgentCount": 2})
}

func TestQueueIsTheLastWaitedInWhereNobodyAnswered(t *testing.T) {
	row := rowOf(t, ended(acd(seg("interact", 20, 30, "q2")), acd(seg("interact", 0, 20, "q1")), agent("a1", seg("alert", 25, 30, "q2"))))
	check(t, row, m{"QueueID": "q2", "FirstQueueID": "q1", "LastQueueID": "q2", "AgentID": nil, "AgentCount": 0, "QueueCount": 2})
}

func TestTheCustomersSegmentsNameNoQueue(t *testing.T) {
	check(t, rowOf(t, ended(customer(seg("interact", 0, 600, "q9")))), m{"QueueID": nil, "FirstQueueID": nil, "LastQueueID": nil, "QueueCount": 0})
}

func TestFirstQueueIsThatOfTheFirstAnsweredLegWithoutAQueuesSession(t *testing.T) {
	row := rowOf(t, ended(agent("a1", seg("alert", 0, 5, "q1"), seg("interact", 5, 10, "q1")), agent("a2", seg("interact", 10, 20, "q2"))))
	check(t, row, m{"FirstQueueID": "q1", "QueueID": "q2"})
}

func TestAgentLegsNotResponding(t *testing.T) {
	rang := []any{seg("alert", 0, 5, "q1")}
	check(t, rowOf(t, ended(agent("a1", rang...), agent("a2", seg("alert", 5, -1)), agent("a3"), agent("a4", seg("interact", 9, 10)))),
		m{"AgentLegsNotResponding": 2})
	check(t, rowOf(t, ended(agent("a1", rang...), agent("a2", seg("alert", 0, 5), emits("tNotResponding", 5000)))), m{"AgentLegsNotResponding": 1})
}

func TestMediaTypeIsThatOfTheCustomersEarliestSession(t *testing.T) {
	medium := func(s string) m { return m{"mediaType": s} }
	for name, c := range map[string]struct {
		parts    []m
		want     any
		all      any
		callback bool
	}{
		"a call that became a callback": {
			[]m{customer(seg("interact", 60, 90), medium("callback")), customer(seg("interact", 0, 60)), agent("a1", seg("interact", 99, 100), medium("callback"))},
			"voice", "callback,voice", true,
		},
		"a web callback":          {[]m{customer(seg("interact", 0, 60), medium("callback")), agent("a1", seg("interact", 9, 10))}, "callback", "callback,voice", true},
		"a shared screen":         {[]m{customer(seg("interact", 0, 60), medium("screenshare")), customer(seg("interact", 5, 60), medium("chat"))}, "chat", "chat,screenshare", false},
		"nothing but a video":     {[]m{customer(seg("interact", 0, 60), medium("video"))}, "video", "video", false},
		"no customer":             {[]m{agent("a1", seg("interact", 0, 60), medium("email"))}, "email", "email", false},
		"a customer without any":  {[]m{customer(medium("")), agent("a1", seg("interact", 0, 60), medium("email"))}, "email", "email", false},
		"nobody knows":            {[]m{customer(medium(""))}, nil, nil, false},
		"an external party calls": {[]m{party("external", "", seg("interact", 3, 60), medium("voice")), agent("a1", seg("interact", 0, 60), medium("email"))}, "voice", "email,voice", false},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, rowOf(t, ended(c.parts...)), m{"MediaType": c.want, "MediaTypes": c.all, "HasCallback": c.callback})
		})
	}
}

func TestMessageTypeGoesWithMessages(t *testing.T) {
	check(t, rowOf(t, ended(customer(seg("interact", 0, 1), m{"mediaType": "message", "messageType": "whatsapp"}))), m{"MessageType": "whatsapp"})
	check(t, rowOf(t, ended(customer(seg("interact", 0, 1), m{"messageType": "whatsapp"}))), m{"MessageType": nil})
}

func TestDirectionIsTheConversationsElseTheFirstLegs(t *testing.T) {
	leg := customer(seg("interact", 0, 1), m{"direction": "outbound"})
	check(t, rowOf(t, with(ended(leg), m{"originatingDirection": "inbound"})), m{"Direction": "inbound"})
	check(t, rowOf(t, ended(leg)), m{"Direction": "outbound"})
}

func TestABotIsPresentByParticipantFlowOrMetric(t *testing.T) {
	for name, c := range map[string]struct {
		party m
		want  bool
	}{
		"botflow":        {party("botflow", "", seg("interact", 0, 5)), true},
		"a bot's flow":   {party("ivr", "", seg("ivr", 0, 5), m{"flow": m{"flowType": "BOT"}}), true},
		"digital bot":    {party("ivr", "", seg("ivr", 0, 5), m{"flow": m{"flowType": "DIGITALBOT"}}), true},
		"an interaction": {party("ivr", "", seg("ivr", 0, 5), emits("nBotInteractions", 1)), true},
		"none of them":   {party("ivr", "", seg("ivr", 0, 5), emits("nBotInteractions", 0)), false},
		"a menu":         {party("ivr", "", seg("ivr", 0, 5), m{"flow": m{"flowType": "INBOUNDCALL"}}), false},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, rowOf(t, ended(c.party)), m{"BotPresent": c.want, "HandledByBotOnly": c.want})
		})
	}
}

func bot() m { return party("botflow", "", seg("interact", 0, 5)) }

func says(key string, value any) m { return m{"purpose": "customer", "attributes": m{key: value}} }

func TestHandledByBotOnly(t *testing.T) {
	for name, c := range map[string]struct {
		conversation m
		want         any
	}{
		"alone":                {ended(bot(), customer()), true},
		"open":                 {open(bot(), customer()), nil},
		"open, said":           {open(bot(), says("botHandled", "true")), nil},
		"no bot":               {ended(customer()), false},
		"offered":              {ended(bot(), customer(emits("nOffered", 1))), false},
		"a queue":              {ended(bot(), acd(seg("interact", 5, 6))), false},
		"an agent who rang":    {ended(bot(), agent("a1", seg("alert", 5, 6))), false},
		"somebody listened in": {ended(bot(), agent("a1", seg("monitoring", 5, 6))), true},
		"said, against all":    {ended(bot(), agent("a1", seg("interact", 5, 6)), says("botHandled", "Yes")), true},
		"denied":               {ended(bot(), says("botHandled", "no")), false},
		"said nothing":         {ended(bot(), says("botHandled", " ")), true},
	} {
		t.Run(name, func(t *testing.T) { check(t, rowOf(t, c.conversation), m{"HandledByBotOnly": c.want}) })
	}
}

func TestAMenuIsABotOnlyIfConfigured(t *testing.T) {
	c := ended(party("ivr", "", seg("ivr", 0, 5)))
	check(t, rowOf(t, c), m{"BotPresent": false, "HandledByBotOnly": false})
	row := rowWith(t, genesys.Config{CountIVRAsBot: true}, pipeline.Inputs{}, c)
	check(t, row, m{"BotPresent": true, "HandledByBotOnly": true, "WasEscalated": false, "WasEscalatedSource": "flow"})
}

func TestWasEscalatedIsTrueFalseOrUnknown(t *testing.T) {
	for name, c := range map[string]struct {
		conversation m
		want         any
		source       string
	}{
		"true":                      {ended(says("escalated", "true")), true, "attribute"},
		"True":                      {ended(says("escalated", "True")), true, "attribute"},
		"1":                         {ended(says("escalated", "1")), true, "attribute"},
		"YES":                       {ended(says("escalated", "YES")), true, "attribute"},
		"y":                         {ended(says("escalated", " y ")), true, "attribute"},
		"a JSON truth":              {ended(says("escalated", true)), true, "attribute"},
		"false":                     {ended(says("escalated", "false"), bot(), acd(seg("interact", 5, 6))), false, "attribute"},
		"anything else":             {ended(says("escalated", "perhaps")), false, "attribute"},
		"a bot passed it on":        {ended(bot(), acd(seg("interact", 5, 6))), true, "flow"},
		"to an agent":               {ended(bot(), agent("a1", seg("alert", 5, 6))), true, "flow"},
		"a bot kept it":             {ended(bot()), false, "flow"},
		"empty, a bot kept it":      {ended(bot(), says("escalated", "")), false, "flow"},
		"no bot, nobody says":       {ended(customer(), acd(seg("interact", 5, 6)), agent("a1", seg("interact", 6, 7))), nil, "none"},
		"another queue is not that": {ended(acd(seg("interact", 5, 6, "q1")), acd(seg("interact", 7, 8, "q2"))), nil, "none"},
	} {
		t.Run(name, func(t *testing.T) {
			check(t, rowOf(t, c.conversation), m{"WasEscalated": c.want, "WasEscalatedSource": c.source})
		})
	}
}

func TestSelfServedIsTheSourcesOwnFlag(t *testing.T) {
	check(t, rowOf(t, ended(bot())), m{"SelfServed": nil})
	check(t, rowOf(t, with(ended(bot()), m{"selfServed": false})), m{"SelfServed": false})
}

func TestServiceLevelAndWaits(t *testing.T) {
	row := rowOf(t, ended(
		acd(seg("interact", 0, 5, "q1"), emits("nOffered", 1), emits("tFlowOut", 3000)),
		acd(seg("interact", 5, 9, "q2"), emits("nOffered", 1)),
		agent("a1", seg("interact", 9, 10, "q2"), emits("tAnswered", 4000), emits("nOverSla", 1)),
		acd(seg("interact", 10, 15, "q3"), emits("nOffered", 1), emits("tAbandon", 5000)),
	))
	check(t, row, m{
		"OfferedCount": 3, "AnsweredCount": 1, "AbandonedCount": 1, "FlowOutCount": 1, "OverSlaCount": 1, "WithinServiceLevel": false,
		"WaitTimeMs": 12_000, "AnswerTimeMs": 4000,
	})
	row = rowOf(t, ended(agent("a1", emits("tAnswered", 0))))
	check(t, row, m{"WithinServiceLevel": true, "AnswerTimeMs": 0, "WaitTimeMs": 0, "OverSlaCount": 0})
	row = rowOf(t, ended(customer(emits("nConnected", 1))))
	check(t, row, m{"WithinServiceLevel": nil, "AnswerTimeMs": nil, "WaitTimeMs": nil, "AnsweredCount": 0, "OfferedCount": 0})
	row = rowOf(t, ended(customer(seg("interact", 0, 5))))
	check(t, row, m{"WithinServiceLevel": nil, "AnsweredCount": nil, "OfferedCount": nil, "OverSlaCount": nil, "FlowOutCount": nil})
}

func TestDisconnectTypeIsThatOfTheCustomersLastSession(t *testing.T) {
	for name, c := range map[string]struct {
		parts []m
		want  any
	}{
		"its last segment":   {[]m{customer(seg("interact", 50, 60, "", "client"), seg("hold", 10, 50, "", "other"))}, "client"},
		"its last session":   {[]m{customer(seg("interact", 70, 80, "", "timeout")), customer(seg("interact", 0, 60, "", "client"))}, "timeout"},
		"equal ends":         {[]m{customer(seg("hold", 50, 60, "", "other"), seg("interact", 60, 60, "", "peer"))}, "peer"},
		"still running":      {[]m{customer(seg("interact", 60, -1), seg("hold", 0, 60, "", "client"))}, nil},
		"a session of none":  {[]m{customer(seg("interact", 0, 60, "", "client")), customer()}, "client"},
		"only agents":        {[]m{agent("a1", seg("interact", 0, 60, "", "client"))}, nil},
		"an external person": {[]m{party("external", "", seg("interact", 0, 60, "", "endpoint"))}, "endpoint"},
	} {
		t.Run(name, func(t *testing.T) { check(t, rowOf(t, ended(c.parts...)), m{"DisconnectType": c.want}) })
	}
}

func TestEndedByNeedsBothSides(t *testing.T) {
	for name, c := range map[string]struct {
		agent, customer string
		want            any
	}{
		"the agent hung up":       {"client", "peer", "agent"},
		"the customer hung up":    {"peer", "endpoint", "customer"},
		"the customer clicked it": {"peer", "client", "customer"},
		"timeout":                 {"peer", "timeout", nil},
		"both say client":         {"client", "client", nil},
	} {
		t.Run(name, func(t *testing.T) {
			row := rowOf(t, ended(customer(seg("interact", 0, 60, "", c.customer)),
				agent("a1", seg("interact", 5, 50), seg("hold", 50, 60, "q1", c.agent), seg("wrapup", 60, 61, "q1", "client"))))
			check(t, row, m{"EndedBy": c.want})
		})
	}
	check(t, rowOf(t, ended(customer(seg("interact", 0, 60, "", "endpoint")), acd(seg("interact", 5, 60, "q1", "peer")))), m{"EndedBy": nil})
}

func TestWrapUpCodeIsThatOfTheLastAnsweredLeg(t *testing.T) {
	code := func(from float64, code string) segment {
		s := seg("wrapup", from, from+1)
		s["wrapUpCode"] = code
		return s
	}
	row := rowOf(t, ended(agent("a1", seg("interact", 5, 10), code(10, "w1")), agent("a2", seg("interact", 20, 30), code(30, "ININ-WRAP-UP-TIMEOUT"))))
	check(t, row, m{"WrapupCode": "ININ-WRAP-UP-TIMEOUT", "WrapupName": nil})
	row = rowOf(t, ended(agent("a1", seg("interact", 5, 10), code(10, "w1")), agent("a2", seg("interact", 20, -1))))
	check(t, row, m{"WrapupCode": nil})
}
