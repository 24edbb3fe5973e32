-- One row: what messages a session has.
SELECT
    COUNT(*) AS messages, MIN(time) AS first_at, MAX(time) AS last_at,
    ARRAY_AGG(DISTINCT agent) FILTER (WHERE agent IS NOT NULL) AS speakers,
    LAST_VALUE(id ORDER BY time, position) AS last_id, LAST_VALUE(position ORDER BY time, position) AS last_position
FROM events
WHERE session = $1 AND type = 'message'
