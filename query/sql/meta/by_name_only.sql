-- One row an entity that is known by name only, those named most often first: only texts name it, nobody told or
-- observed anything of it, no fact is about it, and nothing ties it to others but that they are named together.
WITH named AS (
    SELECT subject AS id FROM mentions WHERE part = 'entity' GROUP BY subject HAVING NOT BOOL_OR(structural)
),
tied AS (
    SELECT from_entity AS id FROM relations WHERE kind <> 'co_occurs'
    UNION
    SELECT to_entity AS id FROM relations WHERE kind <> 'co_occurs'
),
told AS (
    SELECT DISTINCT LOWER(subject) AS subject FROM facts
)
SELECT entities.id, CONCAT(entities.kind, ' ', entities.name) AS name, entities.mentions, entities.last_at
FROM entities
LEFT SEMI JOIN named ON named.id = entities.id
LEFT ANTI JOIN tied ON tied.id = entities.id
LEFT ANTI JOIN told ON told.subject = LOWER(entities.name)
WHERE NOT entities.told
ORDER BY entities.mentions DESC, entities.id
LIMIT $1
