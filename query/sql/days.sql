-- A row for each day since a time: how many events, failures, and tokens of what was done. Times have no zone while they
-- are cut, in which each would be looked up.
WITH counted AS (
    SELECT
        DATE_TRUNC('day', ARROW_CAST(time, 'Timestamp(Microsecond, None)')) AS day,
        COUNT(*) AS events,
        COUNT(*) FILTER (WHERE outcome = 'failure') AS failures,
        COUNT(*) FILTER (WHERE outcome = 'success') AS successes,
        COUNT(DISTINCT session) AS sessions,
        SUM(duration_ms) AS duration_ms
    FROM events
    WHERE time >= CAST($1 AS TIMESTAMP) AND type NOT LIKE 'athena.%'
    GROUP BY 1
)
SELECT
    CAST(ARROW_CAST(day, 'Timestamp(Microsecond, Some("UTC"))') AS VARCHAR) AS day,
    events, failures, successes, sessions, duration_ms
FROM counted
ORDER BY 1
