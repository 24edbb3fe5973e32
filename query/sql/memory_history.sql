-- Every version of a memory, the newest first.
SELECT
    id, version, kind, name, aliases, content, scope, tags, importance, sensitive, source, pinned, valid_from, valid_until,
    superseded_by, deleted, recorded_at, actor, origin, session, agent, project
FROM memories_versions
WHERE id = $1
ORDER BY version DESC
