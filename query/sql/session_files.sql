-- A row for each event of these sessions that touched files, the newest first.
SELECT session, files
FROM events
WHERE array_has($1, session) AND ARRAY_LENGTH(files) > 0
ORDER BY position DESC
LIMIT $2
