-- One row: the project's newest run that was complete at that time.
SELECT id, number, ended_at FROM runs WHERE status = 'complete' AND CAST(ended_at AS BIGINT) <= $1 ORDER BY number DESC LIMIT 1
