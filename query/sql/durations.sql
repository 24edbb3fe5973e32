-- A row for each event of these sessions that tells how long it took, the newest first.
SELECT id, duration_ms
FROM events
WHERE array_has($1, session) AND duration_ms IS NOT NULL
ORDER BY position DESC
LIMIT $2
