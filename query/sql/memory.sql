-- One row: the memory of that id as it is now.
SELECT
    id, version, project, session, agent, kind, name, aliases, content, scope, tags, importance, sensitive,
    source, pinned, valid_from, valid_until, superseded_by, recorded_at, actor, origin, log_topic,
    log_partition, log_offset, position
FROM memories
WHERE id = $1
