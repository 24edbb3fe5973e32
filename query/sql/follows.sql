-- A row for each step and the one before it in the same session: how often. A step is a type of event and its tool.
WITH steps AS (
    SELECT
        type || ' ' || COALESCE(tool, '') AS step,
        LAG(type || ' ' || COALESCE(tool, '')) OVER (PARTITION BY project, session ORDER BY position) AS before
    FROM events
    WHERE session IS NOT NULL AND type NOT LIKE 'athena.%'
)
SELECT before, step, COUNT(*) AS times
FROM steps
WHERE before IS NOT NULL
GROUP BY before, step
