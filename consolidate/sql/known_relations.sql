-- One row a relation between affected entities, or of a wanted pair, as the run before left it.
WITH ties AS (
    SELECT relations.id
    FROM relations
    LEFT SEMI JOIN affected AS one ON one.id = relations.from_entity
    LEFT SEMI JOIN affected AS other ON other.id = relations.to_entity
    WHERE relations.kind <> 'co_occurs'
    UNION ALL
    SELECT relations.id
    FROM relations
    INNER JOIN wanted ON wanted.a = relations.from_entity AND wanted.b = relations.to_entity
    WHERE relations.kind = 'co_occurs'
)
SELECT
    relations.id, relations.run, FALSE AS deleted, relations.project, relations.from_entity,
    relations.to_entity, relations.kind, relations.support, relations.weight, relations.evidence,
    relations.first_at, relations.last_at, relations.valid_from, relations.valid_until, relations.told
FROM relations
LEFT SEMI JOIN ties ON ties.id = relations.id
