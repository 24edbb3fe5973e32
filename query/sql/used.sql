-- A row for each event since a time that tells tokens or a duration, the newest first.
SELECT id, time, session, agent, tool, duration_ms, attributes
FROM events
WHERE time >= CAST($1 AS TIMESTAMP) AND (attributes LIKE '%token%' OR duration_ms IS NOT NULL)
    AND type NOT LIKE 'athena.%'
ORDER BY position DESC
LIMIT $2
