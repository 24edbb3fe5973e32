-- One row a pair of entities and a stretch of work that names both, with the event from which on both are named.
WITH paired AS (
    SELECT
        context, subject, MIN(share) AS share, MIN(first_at) AS first_at, MAX(last_at) AS last_at,
        MIN(evidence) AS evidence
    FROM named
    WHERE paired
    GROUP BY context, subject
)
SELECT
    one.subject AS from_entity, other.subject AS to_entity, LEAST(one.share, other.share) AS share,
    GREATEST(one.first_at, other.first_at) AS first_at, GREATEST(one.last_at, other.last_at) AS last_at,
    CASE WHEN one.first_at > other.first_at THEN one.evidence ELSE other.evidence END AS evidence
FROM paired AS one
INNER JOIN paired AS other ON other.context = one.context AND one.subject < other.subject
