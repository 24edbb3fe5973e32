-- One row an event of these ids that says something.
SELECT id, time, type, LEFT(content, 400) AS content
FROM events
WHERE ARRAY_HAS($1, id) AND content IS NOT NULL
ORDER BY position
