-- One row a memory: whether it never decays, how often it was recalled, and the sum over its uses, the telling
-- included, of age^-0.5, ages in seconds ($1 is now, in seconds).
WITH recalled AS (
    SELECT project, UNNEST(ids) AS id, accessed_at
    FROM accesses
), traces AS (
    SELECT
        project, id, COUNT(*) AS uses,
        SUM(POWER(GREATEST(CAST($1 - to_unixtime(accessed_at) AS DOUBLE), 1.0), -0.5)) AS trace
    FROM recalled
    GROUP BY project, id
)
SELECT
    memories.id, memories.project, memories.pinned, memories.actor, memories.recorded_at,
    CASE WHEN memories.sensitive THEN memories.name ELSE LEFT(memories.content, 200) END AS content,
    COALESCE(traces.uses, 0) AS uses,
    COALESCE(traces.trace, 0.0)
        + POWER(GREATEST(CAST($1 - to_unixtime(memories.recorded_at) AS DOUBLE), 1.0), -0.5) AS trace
FROM memories
LEFT JOIN traces ON traces.project = memories.project AND traces.id = memories.id
ORDER BY trace, memories.id
LIMIT $2
