-- A row for each stretch of time, type and outcome: how many events. Times have no zone while they are cut, in which each
-- would be looked up.
WITH counted AS (
    SELECT
        date_trunc('$bucket', arrow_cast(time, 'Timestamp(Microsecond, None)')) AS time,
        type, outcome, COUNT(*) AS count
    FROM events
    WHERE time >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')
        AND time < arrow_cast($2, 'Timestamp(Microsecond, Some("UTC"))')
        AND type NOT LIKE 'athena.%'
    GROUP BY 1, 2, 3
)
SELECT arrow_cast(time, 'Timestamp(Microsecond, Some("UTC"))') AS time, type, outcome, count
FROM counted
ORDER BY 1, 2, 3
