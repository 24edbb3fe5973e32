-- One row: the session in which a task was finished last, if it was in one.
SELECT session
FROM events
WHERE
    type = 'athena.tasks.complete' AND session IS NOT NULL AND result NOT LIKE '{"error"%'
    AND attributes LIKE CONCAT('%"task":"', $1, '"%')
ORDER BY position DESC
LIMIT 1
