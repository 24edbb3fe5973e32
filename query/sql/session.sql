-- One row: what a session was.
SELECT
    session, MAX(project) AS project, MIN(time) AS started_at, MAX(time) AS ended_at, COUNT(*) AS events,
    COUNT(*) FILTER (WHERE outcome = 'failure') AS failures,
    ARRAY_AGG(DISTINCT agent) FILTER (WHERE agent IS NOT NULL) AS agents,
    ARRAY_AGG(DISTINCT tool) FILTER (WHERE tool IS NOT NULL) AS tools,
    LAST_VALUE(outcome ORDER BY position) FILTER (WHERE outcome IS NOT NULL) AS outcome
FROM events
WHERE session = $1 AND type NOT LIKE 'athena.%'
GROUP BY session, project
