-- One row a fact that nobody rejected since its newest evidence came in, the newest first; whether a memory confirms it.
SELECT
    facts.id, facts.project, facts.subject, facts.attribute, facts.value, facts.statement, facts.kind,
    CASE WHEN confirming.source IS NULL THEN facts.state ELSE 'confirmed' END AS state,
    facts.support, facts.against, facts.confidence, facts.evidence, facts.valid_from, facts.valid_until,
    facts.replaced_by, facts.attribute_key
FROM facts
LEFT JOIN (
    SELECT project, name, MAX(recorded_at) AS recorded_at
    FROM records
    WHERE kind = 'fact_rejected'
    GROUP BY project, name
) AS rejected ON rejected.project = facts.project AND rejected.name = SPLIT_PART(facts.id, '.', 1)
LEFT JOIN (
    SELECT DISTINCT project, source FROM memories WHERE source LIKE 'fact:%'
) AS confirming ON confirming.project = facts.project AND confirming.source = CONCAT('fact:', facts.id)
WHERE rejected.recorded_at IS NULL OR rejected.recorded_at < facts.evidence_at
ORDER BY facts.valid_from DESC, facts.id
