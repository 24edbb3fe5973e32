-- One row an event since a time and a position, with all of its columns; any order.
SELECT
    id, time, received_at, project, session, agent, source, type, tool, content, outcome, files, tags, duration_ms,
    parent, attributes, traceparent, actor, origin, dedup, result, changes, log_topic, log_partition, log_offset,
    position
FROM events
WHERE received_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))') AND position >= arrow_cast($2, 'UInt64')
