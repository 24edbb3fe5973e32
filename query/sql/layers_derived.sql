-- A row for each table that runs fill: how many rows it has, when the last of them came, and how many since $1. Communities
-- have no time.
SELECT
    'episodes' AS name, COUNT(*) AS rows, MAX(ended_at) AS last_at,
    COUNT(*) FILTER (WHERE ended_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')) AS last_day
FROM episodes
UNION ALL
SELECT
    'facts' AS name, COUNT(*) AS rows, MAX(evidence_at) AS last_at,
    COUNT(*) FILTER (WHERE evidence_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')) AS last_day
FROM facts
UNION ALL
SELECT
    'procedures' AS name, COUNT(*) AS rows, MAX(last_run_at) AS last_at,
    COUNT(*) FILTER (WHERE last_run_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')) AS last_day
FROM procedures
UNION ALL
SELECT
    'procedure_runs' AS name, COUNT(*) AS rows, MAX(ended_at) AS last_at,
    COUNT(*) FILTER (WHERE ended_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')) AS last_day
FROM procedure_runs
UNION ALL
SELECT
    'entities' AS name, COUNT(*) AS rows, MAX(last_at) AS last_at,
    COUNT(*) FILTER (WHERE last_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')) AS last_day
FROM entities
UNION ALL
SELECT
    'relations' AS name, COUNT(*) AS rows, MAX(last_at) AS last_at,
    COUNT(*) FILTER (WHERE last_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')) AS last_day
FROM relations
UNION ALL
SELECT
    'associations' AS name, COUNT(*) AS rows, MAX(last_at) AS last_at,
    COUNT(*) FILTER (WHERE last_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')) AS last_day
FROM associations
UNION ALL
SELECT
    'runs' AS name, COUNT(*) AS rows, MAX(ended_at) AS last_at,
    COUNT(*) FILTER (WHERE ended_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')) AS last_day
FROM runs
UNION ALL
SELECT 'communities' AS name, COUNT(*) AS rows, arrow_cast(NULL, 'Timestamp(Microsecond, Some("UTC"))') AS last_at, 0 AS last_day
FROM communities
