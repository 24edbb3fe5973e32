-- One row a trigger or a rule that is there, with all of its columns.
SELECT
    id, version, project, session, agent, kind, name, text, tags, body, recorded_at, FALSE AS deleted, actor, origin,
    log_topic, log_partition, log_offset, position
FROM records
WHERE kind IN ('trigger', 'rule')
ORDER BY position, id
