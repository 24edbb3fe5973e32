-- The messages of a session after a moment, in order.
SELECT id, time, agent, content, attributes, position
FROM events
WHERE session = $1 AND type = 'message'
    AND (time > arrow_cast($2, 'Timestamp(Microsecond, Some("UTC"))')
        OR (time = arrow_cast($2, 'Timestamp(Microsecond, Some("UTC"))') AND position > $3))
ORDER BY time, position
LIMIT $4
