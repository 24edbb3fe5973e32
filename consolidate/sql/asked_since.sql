-- One row an item that came back to what was asked at $1, in microseconds, or later, or that was ever used in a session in
-- which anything was used since: what came together of others is as it was.
WITH since AS (
    SELECT session, ids, used
    FROM accesses
    WHERE accessed_at >= to_timestamp_micros($1)
),
sessions AS (
    SELECT DISTINCT session AS asking
    FROM since
    WHERE session IS NOT NULL AND ARRAY_LENGTH(used) > 0
),
items AS (
    SELECT UNNEST(ARRAY_SLICE(ids, 1, 8)) AS item FROM since
    UNION ALL
    SELECT UNNEST(accesses.used) AS item
    FROM accesses
    LEFT SEMI JOIN sessions ON sessions.asking = accesses.session
)
SELECT DISTINCT item FROM items
