-- A row for each of the newest events that belong to a session, the newest first.
SELECT session, type, tool, LEFT(content, 60) AS content, outcome
FROM events
WHERE session IS NOT NULL AND type NOT LIKE 'athena.%'
ORDER BY position DESC
LIMIT $1
