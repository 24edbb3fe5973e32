-- Communities of entities, the largest first: their most central members.
SELECT
    id, run, name AS content, size AS support, CAST(NULL AS BIGINT) AS sessions,
    CAST(NULL AS TIMESTAMP) AS last_at, CAST(NULL AS DOUBLE) AS chance, COUNT(*) OVER () AS of_kind
FROM communities
WHERE $1 IS NULL OR id = $1
ORDER BY size DESC, id
LIMIT $2
