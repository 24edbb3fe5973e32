-- One row a run that has no end: the stage that it is in, the run that said so last first. Of this id or in answer to
-- this request, or all.
WITH ranked AS (
    SELECT
        run, request, stage, rows, note, started_at, began_at,
        ROW_NUMBER() OVER (PARTITION BY run ORDER BY began_at DESC) AS age
    FROM run_stages
)
SELECT ranked.run, ranked.request, ranked.stage, ranked.rows, ranked.note, ranked.started_at, ranked.began_at
FROM ranked
LEFT JOIN runs ON runs.id = ranked.run
WHERE ranked.age = 1 AND runs.id IS NULL AND ($1 IS NULL OR ranked.run = $1 OR ranked.request = $1)
ORDER BY ranked.began_at DESC
LIMIT $2
