-- One row an event of an episode.
SELECT episodes.project, 'episode' AS kind, episodes.id AS item, events.id AS event
FROM episodes
INNER JOIN events
    ON events.project = episodes.project
    AND COALESCE(events.session, CONCAT('agent:', COALESCE(events.agent, ''))) = episodes.session
WHERE events.type NOT LIKE 'athena.%' AND events.time >= episodes.started_at AND events.time <= episodes.ended_at
