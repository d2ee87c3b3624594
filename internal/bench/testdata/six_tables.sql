-- The six plain tables of one night's conversations, as one would write them by hand in DuckDB: no order, no hashes, no duplicates
-- taken out, nothing derived.
set threads = 2;

create temp table record as
select body
from read_json('runs/nightly/*/extract/genesys.conversations/records-*.jsonl.zst',
    format = 'newline_delimited',
    columns = {
        body: 'struct(
            "conversationId" varchar,
            "conversationStart" timestamptz,
            "conversationEnd" timestamptz,
            "conferenceStart" timestamptz,
            "originatingDirection" varchar,
            "divisionIds" varchar[],
            "externalTag" varchar,
            "selfServed" boolean,
            "mediaStatsMinConversationMos" double,
            "mediaStatsMinConversationRFactor" double,
            "participants" struct(
                "participantId" varchar,
                "participantName" varchar,
                "purpose" varchar,
                "userId" varchar,
                "teamId" varchar,
                "externalContactId" varchar,
                "externalOrganizationId" varchar,
                "attributes" map(varchar, varchar),
                "sessions" struct(
                    "sessionId" varchar,
                    "peerId" varchar,
                    "mediaType" varchar,
                    "messageType" varchar,
                    "direction" varchar,
                    "provider" varchar,
                    "remote" varchar,
                    "ani" varchar,
                    "dnis" varchar,
                    "sessionDnis" varchar,
                    "addressFrom" varchar,
                    "addressTo" varchar,
                    "usedRouting" varchar,
                    "selectedAgentId" varchar,
                    "flowOutType" varchar,
                    "flow" struct(
                        "flowId" varchar,
                        "flowName" varchar,
                        "flowType" varchar,
                        "flowVersion" varchar,
                        "entryReason" varchar,
                        "exitReason" varchar,
                        "transferType" varchar,
                        "transferTargetName" varchar
                    ),
                    "segments" struct(
                        "segmentStart" timestamptz,
                        "segmentEnd" timestamptz,
                        "segmentType" varchar,
                        "queueId" varchar,
                        "disconnectType" varchar,
                        "wrapUpCode" varchar,
                        "wrapUpNote" varchar,
                        "conference" boolean,
                        "errorCode" varchar,
                        "subject" varchar
                    )[],
                    "metrics" struct(
                        "name" varchar,
                        "value" bigint,
                        "emitDate" timestamptz
                    )[]
                )[]
            )[]
        )'
    },
    ignore_errors = true,
    maximum_object_size = 67108864
);

copy (
    select
        body."conversationId",
        body."conversationStart",
        body."conversationEnd",
        body."conferenceStart",
        body."originatingDirection",
        body."divisionIds"[1] as division_id,
        body."externalTag",
        body."selfServed",
        body."mediaStatsMinConversationMos",
        body."mediaStatsMinConversationRFactor"
    from record
) to 'six/conversations.parquet' (format parquet, compression zstd);

create temp table participant as
select
    body."conversationId" as conversation_id,
    unnest(body."participants") as p
from record;

copy (
    select
        conversation_id,
        p."participantId",
        p."participantName",
        p."purpose",
        p."userId",
        p."teamId",
        p."externalContactId",
        p."externalOrganizationId"
    from participant
) to 'six/participants.parquet' (format parquet, compression zstd);

copy (
    select
        conversation_id,
        participant_id,
        a.key as name,
        a.value
    from (
        select
            conversation_id,
            p."participantId" as participant_id,
            unnest(map_entries(p."attributes")) as a
        from participant
    )
) to 'six/participant_attributes.parquet' (format parquet, compression zstd);

create temp table session as
select
    conversation_id,
    p."participantId" as participant_id,
    unnest(p."sessions") as s
from participant;

copy (
    select
        conversation_id,
        participant_id,
        s."sessionId",
        s."peerId",
        s."mediaType",
        s."messageType",
        s."direction",
        s."provider",
        s."remote",
        s."ani",
        s."dnis",
        s."sessionDnis",
        s."addressFrom",
        s."addressTo",
        s."usedRouting",
        s."selectedAgentId",
        s."flowOutType",
        s."flow"."flowId",
        s."flow"."flowName",
        s."flow"."flowType",
        s."flow"."flowVersion",
        s."flow"."entryReason",
        s."flow"."exitReason",
        s."flow"."transferType",
        s."flow"."transferTargetName"
    from session
) to 'six/sessions.parquet' (format parquet, compression zstd);

copy (
    select
        conversation_id,
        participant_id,
        session_id,
        g.*
    from (
        select
            conversation_id,
            participant_id,
            s."sessionId" as session_id,
            unnest(s."segments") as g
        from session
    )
) to 'six/segments.parquet' (format parquet, compression zstd);

copy (
    select
        conversation_id,
        participant_id,
        session_id,
        m.*
    from (
        select
            conversation_id,
            participant_id,
            s."sessionId" as session_id,
            unnest(s."metrics") as m
        from session
    )
) to 'six/session_metrics.parquet' (format parquet, compression zstd);
