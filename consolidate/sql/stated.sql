-- One row a statement that is known of a touched session, or with $1 of a memory.
SELECT
    statements.id, statements.run, FALSE AS deleted, statements.project, statements.session, statements.source,
    statements.speaker, statements.subject, statements.attribute, statements.value, statements.attribute_key,
    statements.own_key, statements.value_key, statements.kind, statements.many, statements.ends, statements.changes,
    statements.value_before, statements.text, statements.span_start, statements.span_end, statements.valid_from,
    statements.valid_until, statements.received_at, statements.state, statements.position
FROM touched
RIGHT JOIN statements ON statements.session = touched.session
WHERE touched.session IS NOT NULL OR ($1 AND statements.session = 'memory')
