-- One row an event of what was done or said, the newest first.
SELECT
    project, session, id, time, agent, type, tool, arrow_cast(LEFT(content, 200), 'Utf8') AS content, outcome, files,
    parent, position
FROM events
WHERE type NOT LIKE 'athena.%'
ORDER BY position DESC
LIMIT $1
