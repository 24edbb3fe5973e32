-- One row an observation of one of these entities, the newest first.
SELECT id, text AS content, body, agent, session, actor, recorded_at AS time
FROM records
WHERE kind = 'observation' AND ARRAY_HAS($1, tags[1])
ORDER BY position DESC
