-- One row a record of these ids.
SELECT id, version, project, session, agent, name, text, tags, body, recorded_at, actor
FROM records
WHERE array_has($1, id)
ORDER BY position
