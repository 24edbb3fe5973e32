-- A row for each event of that id: producers may each have their own.
SELECT position, actor, type, content, changes IS NOT NULL AS wrote
FROM events
WHERE id = $1
ORDER BY position
LIMIT 1000
