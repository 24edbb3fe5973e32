-- One row a row of the audit, as it is and where.
SELECT
    id, sequence, project, actor, origin, operation, outcome, received_at, identity, content, previous, seal, log_topic,
    log_partition, log_offset, position, _rowaddr
FROM audit
