-- One row a pair of items that came together: how often one answer had both among its first, in how many sessions both
-- were used, and when last.
WITH answers AS (
    SELECT id, accessed_at, UNNEST(ARRAY_SLICE(ids, 1, 8)) AS item
    FROM accesses
),
returned AS (
    SELECT one.item AS a, other.item AS b, COUNT(DISTINCT one.id) AS times, MAX(one.accessed_at) AS last_at
    FROM answers AS one
    INNER JOIN answers AS other ON other.id = one.id AND one.item < other.item
    GROUP BY one.item, other.item
),
uses AS (
    SELECT session, accessed_at, UNNEST(used) AS item
    FROM accesses
    WHERE session IS NOT NULL
),
used_in AS (
    SELECT session, item, MAX(accessed_at) AS accessed_at
    FROM uses
    GROUP BY session, item
),
newest AS (
    SELECT
        session, item, accessed_at,
        ROW_NUMBER() OVER (PARTITION BY session ORDER BY accessed_at DESC, item) AS place
    FROM used_in
),
used AS (
    SELECT
        one.item AS a, other.item AS b, COUNT(DISTINCT one.session) AS times,
        MAX(GREATEST(one.accessed_at, other.accessed_at)) AS last_at
    FROM newest AS one
    INNER JOIN newest AS other ON other.session = one.session AND one.item < other.item
    WHERE one.place <= 50 AND other.place <= 50
    GROUP BY one.item, other.item
),
every AS (
    SELECT a, b, times AS returned, CAST(0 AS BIGINT) AS used, last_at FROM returned
    UNION ALL
    SELECT a, b, CAST(0 AS BIGINT) AS returned, times AS used, last_at FROM used
)
SELECT
    CONCAT(a, '|', b) AS id, '' AS run, FALSE AS deleted, $1 AS project, a, b, SUM(returned) AS returned,
    SUM(used) AS used, CAST(0 AS DOUBLE) AS strength, MAX(last_at) AS last_at
FROM every
GROUP BY a, b
HAVING SUM(used) >= 1 OR SUM(returned) >= 2
ORDER BY a, b
