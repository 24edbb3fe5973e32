-- One row an event that the audit may have a row of: commands, uses of tools that were judged, and what is left of either.
SELECT
    id, time, received_at, project, session, agent, source, type, tool, content, outcome, files, tags, duration_ms,
    parent, attributes, traceparent, actor, origin, dedup, result, changes, log_topic, log_partition, log_offset, position
FROM events
WHERE type LIKE 'athena.%' OR origin = 'forgotten' OR (type = 'tool_call' AND attributes LIKE '%verdict%')
