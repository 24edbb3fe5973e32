-- One row an event that something learned or told rests on: the kind, the item and the event.
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
