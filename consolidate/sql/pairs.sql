-- One row a chosen pair that is named together in two stretches of work at least, with its newest and its first event.
SELECT
    from_entity, to_entity, 'co_occurs' AS kind, COUNT(*) AS support,
    FIRST_VALUE(evidence ORDER BY last_at DESC, evidence) AS newest,
    FIRST_VALUE(evidence ORDER BY first_at, evidence) AS oldest,
    MIN(first_at) AS first_at, MAX(last_at) AS last_at, SUM(share) AS share
FROM chosen_pairs
GROUP BY from_entity, to_entity
HAVING COUNT(*) >= 2
