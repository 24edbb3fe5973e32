-- One row an event that names an entity, or that told it.
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
SELECT project, 'entity' AS kind, item, event FROM named
