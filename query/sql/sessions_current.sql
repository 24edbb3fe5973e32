-- A row for each of these sessions ($3) that is going on, the one with the newest event first.
SELECT
    session, MAX(project) AS project, MIN(time) AS started_at, MAX(time) AS last_at, COUNT(*) AS events,
    LAST_VALUE(agent ORDER BY position) AS agent, LAST_VALUE(id ORDER BY position) AS last_event,
    LAST_VALUE(type ORDER BY position) AS last_type
FROM events
WHERE array_has($3, session) AND type NOT LIKE 'athena.%' AND ($2 IS NULL OR agent = $2)
GROUP BY session, project
HAVING
    MAX(time) >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')
    AND LAST_VALUE(type ORDER BY position) <> 'session_end'
ORDER BY last_at DESC, session
