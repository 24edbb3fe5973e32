-- The newest events that say something, of a type or all.
SELECT id, type, tool, time, session, outcome, LEFT(content, 2000) AS content
FROM events
WHERE content IS NOT NULL AND type NOT LIKE 'athena.%' AND ($1 IS NULL OR type = $1)
ORDER BY position DESC
LIMIT $2
