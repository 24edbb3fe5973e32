-- One row an event, memory or record of these ids as it is now: where it stands in the log.
SELECT id, position
FROM events
WHERE array_has($1, id)
UNION ALL
SELECT id, position
FROM memories
WHERE array_has($1, id)
UNION ALL
SELECT id, position
FROM records
WHERE array_has($1, id)
ORDER BY id, position
