-- One row a pair that is named together in two stretches of work at least, with its newest and its first event.
WITH paired AS (
    SELECT
        context, subject, MIN(share) AS share, MIN(first_at) AS first_at, MAX(last_at) AS last_at,
        MIN(evidence) AS evidence
    FROM named
    WHERE paired
    GROUP BY context, subject
),
together AS (
    SELECT
        one.subject AS from_entity, other.subject AS to_entity, LEAST(one.share, other.share) AS share,
        GREATEST(one.first_at, other.first_at) AS first_at, GREATEST(one.last_at, other.last_at) AS last_at,
        CASE WHEN one.first_at > other.first_at THEN one.evidence ELSE other.evidence END AS evidence
    FROM paired AS one
    INNER JOIN paired AS other ON other.context = one.context AND one.subject < other.subject
)
SELECT
    from_entity, to_entity, 'co_occurs' AS kind, COUNT(*) AS support,
    FIRST_VALUE(evidence ORDER BY last_at DESC, evidence) AS newest,
    FIRST_VALUE(evidence ORDER BY first_at, evidence) AS oldest,
    MIN(first_at) AS first_at, MAX(last_at) AS last_at, SUM(share) AS share
FROM together
GROUP BY from_entity, to_entity
HAVING COUNT(*) >= 2
