-- One row: the event of an id ($1) at its place in the log ($2).
SELECT
    id, time, received_at, project, session, agent, source, type, tool, content, outcome, files, tags, duration_ms,
    parent, attributes, traceparent, actor, origin, log_topic, log_partition, log_offset, position
FROM events
WHERE position = arrow_cast($2, 'UInt64') AND id = $1
LIMIT 1
