-- At most one row: the first event of that id, with all of its columns.
SELECT
    id, time, received_at, project, session, agent, source, type, tool, content, outcome, files, tags, duration_ms,
    parent, attributes, traceparent, actor, origin, dedup, result, changes, log_topic, log_partition, log_offset,
    position
FROM events
WHERE id = $1
ORDER BY position
LIMIT 1
