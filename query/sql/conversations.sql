-- A row for each session that has messages.
SELECT
    session, COUNT(*) AS messages, MIN(time) AS first_at, MAX(time) AS last_at,
    ARRAY_AGG(DISTINCT agent) FILTER (WHERE agent IS NOT NULL) AS speakers
FROM events
WHERE session IS NOT NULL AND type = 'message'
GROUP BY session
ORDER BY last_at DESC, session
LIMIT $1
