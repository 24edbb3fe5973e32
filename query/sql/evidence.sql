-- A row for each event of these ids.
SELECT id, type, tool, content, outcome, files
FROM events
WHERE array_has($1, id) AND type NOT LIKE 'athena.%'
ORDER BY position
