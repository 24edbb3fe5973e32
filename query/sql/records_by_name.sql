-- One row a record of a kind and a name that is there, the one that was changed last at the beginning.
WITH ranked AS (
    SELECT
        id, version, project, session, agent, kind, name, tags, body, recorded_at, deleted, actor, position,
        ROW_NUMBER() OVER (PARTITION BY project, id ORDER BY position DESC) AS age
    FROM records_versions
    WHERE kind = $1 AND name = $2
)
SELECT id, version, project, session, agent, name, tags, body, recorded_at, actor
FROM ranked
WHERE age = 1 AND NOT deleted
ORDER BY position DESC
