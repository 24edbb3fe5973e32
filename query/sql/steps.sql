-- A row for each event of these ids, in these sessions, that has a step before it: both steps.
WITH steps AS (
    SELECT
        id, type || ' ' || COALESCE(tool, '') AS step,
        LAG(type || ' ' || COALESCE(tool, '')) OVER (PARTITION BY project, session ORDER BY position) AS before
    FROM events
    WHERE array_has($1, session) AND type NOT LIKE 'athena.%'
)
SELECT id, before, step
FROM steps
WHERE before IS NOT NULL AND array_has($2, id)
