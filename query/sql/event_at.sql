-- At most one row: the event at a place of the log, with all of its columns.
SELECT
    id, time, received_at, project, session, agent, source, type, tool, content, outcome, files, tags, duration_ms,
    parent, attributes, traceparent, actor, origin, dedup, result, changes, log_topic, log_partition, log_offset,
    position
FROM events
WHERE position = arrow_cast($1, 'UInt64')
