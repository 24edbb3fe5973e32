-- One row a record that is there: the newest of its versions, unless that is the tombstone.
WITH ranked AS (
    SELECT
        id, version, project, session, agent, kind, name, text, tags, body, recorded_at, deleted, actor, origin,
        log_topic, log_partition, log_offset, position,
        ROW_NUMBER() OVER (PARTITION BY project, id ORDER BY position DESC) AS age
    FROM records_versions
)
SELECT
    id, version, project, session, agent, kind, name, text, tags, body, recorded_at, actor, origin, log_topic,
    log_partition, log_offset, position
FROM ranked
WHERE age = 1 AND NOT deleted
