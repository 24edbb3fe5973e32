-- One row a record of a kind that is there, without its text, in the order in which they were made or last changed.
WITH ranked AS (
    SELECT
        id, version, project, session, agent, name, tags, body, recorded_at, deleted, actor, position,
        ROW_NUMBER() OVER (PARTITION BY project, id ORDER BY position DESC) AS age
    FROM records_versions
    WHERE kind = $1
)
SELECT id, version, project, session, agent, name, tags, body, recorded_at, actor
FROM ranked
WHERE age = 1 AND NOT deleted
ORDER BY position
