-- Facts that were learned, those that most said first.
SELECT
    id, run, statement AS content, support, CAST(NULL AS BIGINT) AS sessions, evidence_at AS last_at,
    CAST(NULL AS DOUBLE) AS chance, COUNT(*) OVER () AS of_kind
FROM facts
WHERE $1 IS NULL OR id = $1
ORDER BY support DESC, id
LIMIT $2
