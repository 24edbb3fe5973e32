-- Every row: a memory of these ids as it is now.
SELECT
    id, version, project, session, agent, kind, name, aliases, content, scope, tags, importance, sensitive,
    source, pinned, valid_from, valid_until, superseded_by, recorded_at, FALSE AS deleted, actor, origin,
    log_topic, log_partition, log_offset, position
FROM memories
WHERE array_has($1, id)
ORDER BY position DESC
