-- A row for each time that a goal was taken in hand, and for each success, the newest first.
SELECT time, agent, session, type, result
FROM events
WHERE type = 'athena.goals.activate' OR (outcome = 'success' AND type NOT LIKE 'athena.%')
ORDER BY position DESC
LIMIT $1
