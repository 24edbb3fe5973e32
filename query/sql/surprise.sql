-- A row for each event of these ids that has a step before it: how often its step followed that one in this memory,
-- and how often anything did. A step is a type of event and its tool.
WITH steps AS (
    SELECT
        id, type || ' ' || COALESCE(tool, '') AS step,
        LAG(type || ' ' || COALESCE(tool, '')) OVER (PARTITION BY project, session ORDER BY position) AS before
    FROM events
    WHERE session IS NOT NULL AND type NOT LIKE 'athena.%'
),
follows AS (
    SELECT before, step, COUNT(*) AS times
    FROM steps
    WHERE before IS NOT NULL
    GROUP BY before, step
),
followed AS (
    SELECT before, SUM(times) AS times
    FROM follows
    GROUP BY before
)
SELECT steps.id, steps.before, steps.step, follows.times AS times, followed.times AS of_all
FROM steps
JOIN follows ON follows.before = steps.before AND follows.step = steps.step
JOIN followed ON followed.before = steps.before
WHERE array_has($1, steps.id)
