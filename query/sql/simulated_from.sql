-- One row: the position from which on there are $2 events since a time; null without any.
SELECT MIN(position) AS position
FROM (
    SELECT position
    FROM events
    WHERE received_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')
    ORDER BY position DESC
    LIMIT $2
)
