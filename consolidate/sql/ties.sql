-- One row a relation by rule between two affected entities, with its newest and its first event.
WITH chosen AS (
    SELECT
        named.from_entity, named.to_entity, named.kind, named.context, named.first_at, named.last_at,
        named.evidence
    FROM named
    LEFT SEMI JOIN affected AS one ON one.id = named.from_entity
    LEFT SEMI JOIN affected AS other ON other.id = named.to_entity
    WHERE named.part = 'relation' AND named.from_entity <> named.to_entity
)
SELECT
    from_entity, to_entity, kind, COUNT(DISTINCT context) AS support,
    FIRST_VALUE(evidence ORDER BY last_at DESC, evidence) AS newest,
    FIRST_VALUE(evidence ORDER BY first_at, evidence) AS oldest,
    MIN(first_at) AS first_at, MAX(last_at) AS last_at, CAST(0 AS BIGINT) AS share
FROM chosen
GROUP BY from_entity, to_entity, kind
