-- A row for each session, the one with the newest event first.
SELECT
    session, MAX(project) AS project, MIN(time) AS started_at, MAX(time) AS ended_at, COUNT(*) AS events,
    COUNT(*) FILTER (WHERE outcome = 'failure') AS failures, COUNT(DISTINCT agent) AS agents,
    COUNT(DISTINCT tool) AS tools, LAST_VALUE(outcome ORDER BY position) FILTER (WHERE outcome IS NOT NULL) AS outcome
FROM events
WHERE session IS NOT NULL AND type NOT LIKE 'athena.%' AND ($1 IS NULL OR agent = $1)
GROUP BY session, project
HAVING $3 IS NULL OR LAST_VALUE(outcome ORDER BY position) FILTER (WHERE outcome IS NOT NULL) = $3
ORDER BY ended_at DESC, session
LIMIT $2
