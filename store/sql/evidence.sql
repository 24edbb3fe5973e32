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
