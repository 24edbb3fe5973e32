-- One row what people said of an entity or relation, or asked for of communities, in the order in which they did.
WITH ranked AS (
    SELECT
        id, kind, name, body, recorded_at, version, deleted, position,
        ROW_NUMBER() OVER (PARTITION BY project, id ORDER BY position DESC) AS age
    FROM records_versions
    WHERE kind IN ('entity', 'relation', 'partition')
)
SELECT id, kind, name, body, recorded_at, version
FROM ranked
WHERE age = 1 AND NOT deleted
ORDER BY position, id
