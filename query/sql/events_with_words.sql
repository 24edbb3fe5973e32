-- One row an event that holds a word as it is ($1), as it stands in JSON ($2), or in JSON within JSON ($3).
SELECT
    id, time, session, agent, type, tool, content, outcome, files, tags, duration_ms, parent, attributes, actor, origin,
    position
FROM events
-- The keys of sealed contents have no words.
WHERE type NOT IN ('athena.keys.add', 'athena.keys.wrap')
    AND (contains(content, $1) OR contains(id, $1) OR contains(session, $1) OR contains(agent, $1) OR contains(tool, $1)
    OR contains(parent, $1) OR contains(array_to_string(files, chr(10)), $1) OR contains(array_to_string(tags, chr(10)), $1)
    OR contains(attributes, $1) OR contains(attributes, $2) OR contains(attributes, $3)
    OR contains(result, $1) OR contains(result, $2) OR contains(result, $3)
    OR contains(changes, $1) OR contains(changes, $2) OR contains(changes, $3))
ORDER BY position
