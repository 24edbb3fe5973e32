-- Every row: a memory that nothing took the place of, the newest first.
SELECT
    id, version, project, session, agent, kind, name, aliases, content, scope, tags, importance, sensitive,
    source, pinned, valid_from, valid_until, superseded_by, recorded_at, FALSE AS deleted, actor, origin,
    log_topic, log_partition, log_offset, position
FROM memories
WHERE superseded_by IS NULL AND NOT sensitive
ORDER BY position DESC
LIMIT $1
