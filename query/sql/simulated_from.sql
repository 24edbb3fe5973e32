-- A row a stretch of $2 places in the log that has events since a time, the newest first, and how many.
SELECT position / arrow_cast($2, 'UInt64') AS stretch, COUNT(*) AS events
FROM events
WHERE received_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')
GROUP BY position / arrow_cast($2, 'UInt64')
ORDER BY stretch DESC
LIMIT $3
