-- Associations that were learned, those that came together most often first: the ids of both items.
SELECT
    id, run, CONCAT(a, ' and ', b) AS content, returned + used AS support, used AS sessions, last_at,
    CAST(NULL AS DOUBLE) AS chance, COUNT(*) OVER () AS of_kind
FROM associations
WHERE $1 IS NULL OR id = $1
ORDER BY returned + used DESC, id
LIMIT $2
