-- One row a member of a community of the broadest level, as the project's run of that number left it.
WITH ranked AS (
    SELECT
        versions.id, versions.community, versions.entity, versions.name, versions.level, versions.hub,
        versions.deleted,
        ROW_NUMBER() OVER (PARTITION BY versions.id ORDER BY runs.number DESC) AS age
    FROM community_members_versions AS versions
    INNER JOIN runs ON runs.id = versions.run AND runs.project = versions.project
    WHERE runs.status = 'complete' AND runs.number <= $1
)
SELECT community, entity, name
FROM ranked
WHERE age = 1 AND NOT deleted AND level = 0 AND NOT hub
ORDER BY community, entity
