-- A row for each day since a time: how many events, failures, and tokens of what was done.
SELECT
    CAST(DATE_TRUNC('day', time) AS VARCHAR) AS day,
    COUNT(*) AS events,
    COUNT(*) FILTER (WHERE outcome = 'failure') AS failures,
    COUNT(*) FILTER (WHERE outcome = 'success') AS successes,
    COUNT(DISTINCT session) AS sessions,
    SUM(duration_ms) AS duration_ms
FROM events
WHERE time >= CAST($1 AS TIMESTAMP) AND type NOT LIKE 'athena.%'
GROUP BY 1
ORDER BY 1
