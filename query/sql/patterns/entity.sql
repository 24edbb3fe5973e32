-- Entities as runs left them, those named most often first.
SELECT
    id, run, CONCAT(kind, ' ', name) AS content, mentions AS support, sessions, last_at,
    CAST(NULL AS DOUBLE) AS chance, COUNT(*) OVER () AS of_kind
FROM entities
WHERE $1 IS NULL OR id = $1
ORDER BY mentions DESC, id
LIMIT $2
