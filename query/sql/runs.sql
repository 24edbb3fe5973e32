-- One row a run that has ended, the newest first: of this id or in answer to this request, or all.
SELECT
    id, request, base, number, status, "full", cause, input, rows, quality, started_at, ended_at
FROM runs
WHERE ($1 IS NULL OR id = $1 OR request = $1) AND ($2 IS NULL OR status = $2)
ORDER BY ended_at DESC, number DESC
LIMIT $3
