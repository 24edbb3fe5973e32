-- One row a request for a run that nobody has answered, the newest first: of this id, or all.
WITH settled AS (
    SELECT project, request FROM runs WHERE request IS NOT NULL
    UNION
    SELECT project, request FROM run_stages WHERE request IS NOT NULL
)
SELECT asked.id, asked.body, asked.recorded_at, cancel.id IS NOT NULL AS cancelled
FROM records AS asked
LEFT JOIN settled ON settled.request = asked.id AND settled.project = asked.project
LEFT JOIN records AS cancel ON cancel.kind = 'run_cancel' AND cancel.name = asked.id AND cancel.project = asked.project
WHERE asked.kind = 'run_request' AND settled.request IS NULL AND ($1 IS NULL OR asked.id = $1)
ORDER BY asked.recorded_at DESC
LIMIT $2
