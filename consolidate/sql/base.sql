-- One row a project: its newest complete run, which the next builds on.
WITH ranked AS (
    SELECT
        id, project, base, number, status, "full", input, rows, started_at, ended_at, cause,
        request, quality,
        ROW_NUMBER() OVER (PARTITION BY project ORDER BY number DESC) AS age
    FROM runs
    WHERE status = 'complete'
)
SELECT id, project, base, number, status, "full", input, rows, started_at, ended_at, cause, request,
    quality
FROM ranked
WHERE age = 1
