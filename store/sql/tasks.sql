-- One row a task that is there, as it is now; `body` has what belongs to it alone, as a JSON object.
SELECT
    id, version, project, session, agent, name, text, tags, body, recorded_at, actor, origin, log_topic, log_partition,
    log_offset, position
FROM records
WHERE kind = 'task'
