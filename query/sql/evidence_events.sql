-- One row an event of these ids, the newest first, and how many there are.
SELECT id, time, type, tool, session, outcome, LEFT(content, 400) AS content, COUNT(*) OVER () AS support
FROM events
WHERE array_has($1, id)
ORDER BY time DESC, position DESC
LIMIT $2 OFFSET $3
