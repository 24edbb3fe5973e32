-- One row an event at one of these places in the log.
SELECT id, position
FROM events
WHERE array_has(arrow_cast($1, 'List(UInt64)'), position)
