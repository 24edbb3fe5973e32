-- One row: of what was known before run $1, how much was spoken of since, and how much of that agrees. What is stated anew
-- of an attribute agrees if it has a value that held; a fact that was rejected and a procedure that was retired do not.
WITH held AS (
    SELECT attribute_key, value_key FROM known_facts WHERE valid_until IS NULL AND attribute_key <> ''
),
fresh AS (
    SELECT statements.id, statements.attribute_key, statements.own_key, statements.value_key, statements.ends
    FROM statements
    LEFT ANTI JOIN known_statements ON known_statements.id = statements.id
    WHERE NOT statements.many AND statements.run = $1
),
about AS (
    SELECT id, attribute_key, value_key, ends FROM fresh
    UNION
    SELECT id, own_key AS attribute_key, value_key, ends FROM fresh WHERE own_key IS NOT NULL
),
stated AS (
    SELECT about.id, BOOL_OR(held.value_key = about.value_key AND NOT about.ends) AS agrees
    FROM about
    INNER JOIN held ON held.attribute_key = about.attribute_key
    GROUP BY about.id
),
rejected AS (
    SELECT DISTINCT known_facts.id
    FROM known_facts
    INNER JOIN records
        ON records.kind = 'fact_rejected' AND records.name = SPLIT_PART(known_facts.id, '.', 1)
    WHERE known_facts.evidence_at <= records.recorded_at
),
retired AS (
    SELECT records.id
    FROM records
    LEFT SEMI JOIN known_procedures ON known_procedures.id = records.id
    INNER JOIN runs AS own ON own.id = $1
    INNER JOIN runs AS base ON base.id = own.base
    WHERE records.kind = 'procedure' AND records.body LIKE '%"retired":{%' AND records.recorded_at > base.started_at
),
every AS (
    SELECT agrees FROM stated
    UNION ALL
    SELECT FALSE AS agrees FROM rejected
    UNION ALL
    SELECT FALSE AS agrees FROM retired
)
SELECT COUNT(*) AS spoken, COUNT(*) FILTER (WHERE agrees) AS agreed
FROM every
