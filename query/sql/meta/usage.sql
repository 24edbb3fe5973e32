-- One row an item that was recalled, those recalled most often first: how often, how often it was used, and when last.
WITH each AS (
    SELECT id AS access, UNNEST(ids) AS item, accessed_at, used
    FROM accesses
)
SELECT
    item AS id, COUNT(*) AS recalled, COUNT(*) FILTER (WHERE ARRAY_HAS(used, item)) AS used, MAX(accessed_at) AS last_at
FROM each
GROUP BY item
ORDER BY recalled DESC, id
LIMIT $1
