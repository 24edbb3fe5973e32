-- One row a firing that has ended, of these ids of commands.
SELECT id, received_at AS time, attributes
FROM events
WHERE type = $1 AND array_has($2, id)
