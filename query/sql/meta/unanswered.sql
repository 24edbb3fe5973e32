-- One row a question that nothing came back to when it was asked last, those asked most often first.
WITH asked AS (
    SELECT
        query, accessed_at, COALESCE(ARRAY_LENGTH(ids), 0) AS hits,
        ROW_NUMBER() OVER (PARTITION BY query ORDER BY accessed_at DESC, id) AS age,
        COUNT(*) OVER (PARTITION BY query) AS times
    FROM accesses
    WHERE query <> ''
)
SELECT query, times, accessed_at AS last_at
FROM asked
WHERE age = 1 AND hits = 0
ORDER BY times DESC, last_at DESC
LIMIT $1
