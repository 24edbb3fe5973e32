-- One row a relation between affected entities, or a wanted one of things named together, as the run before left it.
SELECT
    relations.id, relations.run, FALSE AS deleted, relations.project, relations.from_entity,
    relations.to_entity, relations.kind, relations.support, relations.weight, relations.evidence,
    relations.first_at, relations.last_at, relations.valid_from, relations.valid_until, relations.told
FROM affected AS other
RIGHT JOIN (
    affected AS one
    RIGHT JOIN (wanted RIGHT JOIN relations ON relations.id = wanted.id) ON relations.from_entity = one.id
) ON relations.to_entity = other.id
WHERE CASE
    WHEN relations.kind = 'co_occurs' THEN wanted.id IS NOT NULL
    ELSE one.id IS NOT NULL AND other.id IS NOT NULL
END
