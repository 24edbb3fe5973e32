-- One row an event since a time and a position whose type, tool, outcome, agent and session are those that are given, with
-- all of its columns; any order.
SELECT
    id, time, received_at, project, session, agent, source, type, tool, content, outcome, files, tags, duration_ms,
    parent, attributes, traceparent, actor, origin, dedup, result, changes, log_topic, log_partition, log_offset,
    position
FROM events
WHERE received_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))') AND position >= arrow_cast($2, 'UInt64')
    AND ($3 IS NULL OR type = $3)
    AND ($4 IS NULL OR tool = $4)
    AND ($5 IS NULL OR outcome = $5)
    AND ($6 IS NULL OR agent = $6)
    AND ($7 IS NULL OR session = $7)
