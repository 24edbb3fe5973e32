-- A row for each stretch of time, type and outcome: how many events.
SELECT date_trunc('$bucket', time) AS time, type, outcome, COUNT(*) AS count
FROM events
WHERE time >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')
    AND time < arrow_cast($2, 'Timestamp(Microsecond, Some("UTC"))')
    AND type NOT LIKE 'athena.%'
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
