-- One row a memory that no question ever brought back, the oldest first, and how many there are of how many.
WITH recalled AS (
    SELECT DISTINCT project, UNNEST(ids) AS item
    FROM accesses
), every AS (
    SELECT COUNT(*) AS memories FROM memories
)
SELECT
    memories.id, memories.recorded_at,
    CASE WHEN memories.sensitive THEN memories.name ELSE LEFT(memories.content, 200) END AS content,
    COUNT(*) OVER () AS never, every.memories
FROM memories
CROSS JOIN every
LEFT JOIN recalled ON recalled.project = memories.project AND recalled.item = memories.id
WHERE recalled.item IS NULL
ORDER BY memories.recorded_at, memories.id
LIMIT $1
