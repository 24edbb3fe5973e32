-- One row an event that one of two associated items is, or rests on.
WITH sides AS (
    SELECT project, id AS item, a AS side FROM associations
    UNION ALL
    SELECT project, id AS item, b AS side FROM associations
),
things AS (
    SELECT project, id AS thing, id AS event FROM events
    UNION ALL
    SELECT memories.project, memories.id AS thing, events.id AS event
    FROM memories
    INNER JOIN events ON events.position = memories.position
    UNION ALL
    SELECT project, id AS thing, UNNEST(sources) AS event FROM facts
    UNION ALL
    SELECT project, procedure AS thing, UNNEST(events) AS event FROM procedure_runs
    UNION ALL
    SELECT project, id AS thing, UNNEST(evidence) AS event FROM entities
    UNION ALL
    SELECT project, id AS thing, UNNEST(sources) AS event FROM communities
)
SELECT DISTINCT sides.project, 'association' AS kind, sides.item, things.event
FROM sides
INNER JOIN things ON things.project = sides.project AND things.thing = sides.side
WHERE things.event <> ''
