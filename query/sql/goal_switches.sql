-- A row for each time that a goal was taken in hand, and for each success since the first of these, the newest first.
WITH first AS (
    SELECT MIN(position) AS position
    FROM events
    WHERE type = 'athena.goals.activate'
)
SELECT
    events.project, events.position, events.time, events.agent, events.session, events.type, events.outcome,
    events.result
FROM events
INNER JOIN first ON events.position >= first.position
WHERE events.type = 'athena.goals.activate'
    OR (events.outcome = 'success' AND events.type NOT LIKE 'athena.%')
ORDER BY events.position DESC
LIMIT $1
