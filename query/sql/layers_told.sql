-- A row for each table of what is told: how many rows it has, when the last of them came, and how many since $1. Tasks, goals
-- and triggers are records, and counted with them.
SELECT
    'events' AS name, COUNT(*) AS rows, MAX(received_at) AS last_at,
    COUNT(*) FILTER (WHERE received_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')) AS last_day
FROM events
UNION ALL
SELECT
    'memories' AS name, COUNT(*) AS rows, MAX(recorded_at) AS last_at,
    COUNT(*) FILTER (WHERE recorded_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')) AS last_day
FROM memories
UNION ALL
SELECT
    'accesses' AS name, COUNT(*) AS rows, MAX(accessed_at) AS last_at,
    COUNT(*) FILTER (WHERE accessed_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')) AS last_day
FROM accesses
UNION ALL
SELECT
    COALESCE(kind || 's', 'records') AS name, COUNT(*) AS rows, MAX(recorded_at) AS last_at,
    COUNT(*) FILTER (WHERE recorded_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')) AS last_day
FROM records
GROUP BY ROLLUP (kind)
HAVING kind IS NULL OR kind IN ('goal', 'task', 'trigger')
