-- One row an event of what was done or said, the newest first, of one type with $1.
SELECT
    project, COALESCE(session, CONCAT('agent:', COALESCE(agent, ''))) AS session, id, time, agent, type, tool,
    LEFT(content, 200) AS content, outcome, files, parent, position
FROM events
WHERE type NOT LIKE 'athena.%' AND ($1 = '' OR type = $1)
ORDER BY position DESC
LIMIT $2
