-- Memories as they were told: each rests on the command that told it last.
SELECT
    id, CAST(NULL AS VARCHAR) AS run, CASE WHEN sensitive THEN COALESCE(name, '') ELSE content END AS content, 1 AS support,
    1 AS sessions, recorded_at AS last_at, CAST(NULL AS DOUBLE) AS chance, COUNT(*) OVER () AS of_kind
FROM memories
WHERE $1 IS NULL OR id = $1
ORDER BY recorded_at DESC, id
LIMIT $2
