-- One row: the texts of the event of that id; of several of one id the newest.
SELECT id, project, session, agent, source, type, tool, content, outcome, files, tags, duration_ms, parent, attributes,
    time, actor, origin, position
FROM events
WHERE id = $1
ORDER BY position DESC
LIMIT 1
