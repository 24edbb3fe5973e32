-- One row an event that something learned or told rests on: the kind, the item and the event. A community rests on what
-- its members do, an association on what its two items are or do. Being named together has its first and newest event.
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
),
tied AS (
    SELECT project, id AS item, UNNEST(evidence) AS event FROM relations
    UNION
    SELECT mentions.project, mentions.subject AS item, mentions.evidence AS event
    FROM mentions
    LEFT SEMI JOIN relations ON relations.project = mentions.project AND relations.id = mentions.subject
    WHERE mentions.part = 'relation'
    UNION
    SELECT relations.project, relations.id AS item, events.id AS event
    FROM relations
    INNER JOIN records
        ON records.project = relations.project AND records.id = relations.id AND records.kind = 'relation'
    INNER JOIN events ON events.position = records.position
    WHERE relations.told
),
grouped AS (
    SELECT project, id AS item, UNNEST(sources) AS event FROM communities
    UNION
    SELECT members.project, members.community AS item, named.event
    FROM community_members AS members
    INNER JOIN named ON named.project = members.project AND named.item = members.entity
    WHERE NOT members.hub
),
sides AS (
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
SELECT episodes.project, 'episode' AS kind, episodes.id AS item, events.id AS event
FROM episodes
INNER JOIN events
    ON events.project = episodes.project
    AND COALESCE(events.session, CONCAT('agent:', COALESCE(events.agent, ''))) = episodes.session
WHERE events.type NOT LIKE 'athena.%' AND events.time >= episodes.started_at AND events.time <= episodes.ended_at
UNION ALL
SELECT memories.project, 'memory' AS kind, memories.id AS item, events.id AS event
FROM memories
INNER JOIN events ON events.position = memories.position
UNION ALL
SELECT DISTINCT project, 'procedure' AS kind, procedure AS item, event
FROM (SELECT project, procedure, UNNEST(events) AS event FROM procedure_runs)
WHERE event <> ''
UNION ALL
SELECT DISTINCT project, 'fact' AS kind, item, event
FROM (SELECT project, id AS item, UNNEST(sources) AS event FROM facts)
UNION ALL
SELECT sourced.project, 'fact' AS kind, sourced.item, events.id AS event
FROM (SELECT project, id AS item, UNNEST(sources) AS source FROM facts) AS sourced
INNER JOIN memories ON memories.project = sourced.project AND memories.id = sourced.source
INNER JOIN events ON events.position = memories.position
UNION ALL
SELECT project, 'entity' AS kind, item, event FROM named
UNION ALL
SELECT project, 'relation' AS kind, item, event FROM tied
UNION ALL
SELECT project, 'community' AS kind, item, event FROM grouped
UNION ALL
SELECT DISTINCT sides.project, 'association' AS kind, sides.item, things.event
FROM sides
INNER JOIN things ON things.project = sides.project AND things.thing = sides.side
WHERE things.event <> ''
