-- One row a version of a trigger, tombstones included; `body` has what belongs to it alone, as a JSON object.
SELECT
    id, version, project, session, agent, name, text, tags, body, recorded_at, deleted, actor, origin, log_topic,
    log_partition, log_offset, position
FROM records_versions
WHERE kind = 'trigger'
