-- One row an operation that was asked, the one asked most often first: how often, and how often nothing came back.
SELECT
    operation, COUNT(*) AS asked, COUNT(*) FILTER (WHERE COALESCE(ARRAY_LENGTH(ids), 0) = 0) AS nothing,
    MAX(accessed_at) AS last_at
FROM accesses
GROUP BY operation
ORDER BY asked DESC, operation
LIMIT $1
