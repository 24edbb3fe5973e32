-- Procedures that runs found, those done most often first.
SELECT id, run, name AS content, support, sessions, last_run_at AS last_at, by_chance AS chance,
    COUNT(*) OVER () AS of_kind
FROM procedures
WHERE $1 IS NULL OR id = $1
ORDER BY support DESC, id
LIMIT $2
