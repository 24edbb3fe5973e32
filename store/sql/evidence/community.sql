-- One row an event that a community rests on: its sources, and what its members do.
WITH named AS (
    SELECT project, id AS item, UNNEST(evidence) AS event FROM entities
    UNION
    SELECT mentions.project, mentions.subject AS item, mentions.evidence AS event
    FROM mentions
    LEFT SEMI JOIN entities ON entities.project = mentions.project AND entities.id = mentions.subject
    WHERE mentions.part = 'entity'
    UNION
    SELECT entities.project, entities.id AS item, events.id AS event
    FROM entities
    INNER JOIN records
        ON records.project = entities.project AND records.id = entities.id AND records.kind = 'entity'
    INNER JOIN events ON events.position = records.position
    WHERE entities.told
)
SELECT project, 'community' AS kind, id AS item, UNNEST(sources) AS event FROM communities
UNION
SELECT members.project, 'community' AS kind, members.community AS item, named.event
FROM community_members AS members
INNER JOIN named ON named.project = members.project AND named.item = members.entity
WHERE NOT members.hub
