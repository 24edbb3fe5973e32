-- One row an event that ties two entities, or that told so. Being named together has its first and newest event.
SELECT project, 'relation' AS kind, id AS item, UNNEST(evidence) AS event FROM relations
UNION
SELECT mentions.project, 'relation' AS kind, mentions.subject AS item, mentions.evidence AS event
FROM mentions
LEFT SEMI JOIN relations ON relations.project = mentions.project AND relations.id = mentions.subject
WHERE mentions.part = 'relation'
UNION
SELECT relations.project, 'relation' AS kind, relations.id AS item, events.id AS event
FROM relations
INNER JOIN records
    ON records.project = relations.project AND records.id = relations.id AND records.kind = 'relation'
INNER JOIN events ON events.position = records.position
WHERE relations.told
