-- One row: of what was known, how much was spoken against: facts that were rejected after what they rest on came in, and
-- procedures that were retired after $1, in microseconds.
WITH rejected AS (
    SELECT DISTINCT facts.id
    FROM facts
    INNER JOIN records
        ON records.kind = 'fact_rejected' AND records.name = SPLIT_PART(facts.id, '.', 1)
    WHERE facts.evidence_at <= records.recorded_at
),
retired AS (
    SELECT records.id
    FROM records
    LEFT SEMI JOIN procedures ON procedures.id = records.id
    WHERE records.kind = 'procedure' AND records.body LIKE '%"retired":{%'
        AND records.recorded_at > to_timestamp_micros($1)
),
every AS (
    SELECT id FROM rejected
    UNION ALL
    SELECT id FROM retired
)
SELECT COUNT(*) AS against
FROM every
