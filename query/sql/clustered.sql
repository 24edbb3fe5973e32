-- The events from a place in the log on that say something, of a type or all; any order.
SELECT project, id, type, tool, time, session, outcome, content, position
FROM events
WHERE position >= arrow_cast($2, 'UInt64') AND content <> '' AND type NOT LIKE 'athena.%'
    AND ($1 IS NULL OR type = $1)
