-- A row for each event of these ids: what it says, and when.
SELECT
    'event' AS kind, id, content AS text, time, CAST(NULL AS DOUBLE) AS importance, session, position
FROM events
WHERE array_has($1, id) AND type NOT LIKE 'athena.%'
