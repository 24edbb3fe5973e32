-- One row a time that a procedure was done, the oldest first.
SELECT started_at, duration_ms, outcome
FROM procedure_runs
WHERE procedure = $1
ORDER BY started_at, id
LIMIT $2
