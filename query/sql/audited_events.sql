-- One row an event that the audit may have a row of: commands, uses of tools that were judged, and what is left of either.
-- What the audit does not compare stays in the files.
SELECT
    '' AS id, received_at AS time, received_at, project, session, agent, '' AS source, type,
    arrow_cast(NULL, 'Utf8') AS tool, content, arrow_cast(NULL, 'Utf8') AS outcome,
    arrow_cast(NULL, 'List(Utf8)') AS files, arrow_cast(NULL, 'List(Utf8)') AS tags,
    arrow_cast(NULL, 'Int64') AS duration_ms, arrow_cast(NULL, 'Utf8') AS parent, attributes,
    arrow_cast(NULL, 'Utf8') AS traceparent, actor, origin, dedup, result, changes, log_topic, log_partition, log_offset,
    position, _rowaddr
FROM events
WHERE type LIKE 'athena.%' OR origin = 'forgotten' OR (type = 'tool_call' AND attributes LIKE '%verdict%')
