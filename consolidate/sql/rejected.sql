-- One row a fact that was rejected: what came in up to then is no evidence of it.
SELECT COALESCE(name, '') AS fact, CAST(CAST(recorded_at AS BIGINT) AS VARCHAR) AS recorded_at
FROM records
WHERE kind = 'fact_rejected'
