-- Every version of a record, the newest first.
SELECT id, version, name, body, session, agent, actor, recorded_at, deleted
FROM records_versions
WHERE id = $1
ORDER BY position DESC
LIMIT $2
