-- One row when the audit has that seal.
SELECT sequence
FROM audit
WHERE seal = $1
LIMIT 1
