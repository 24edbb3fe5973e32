-- A row for each time that somebody told how an event turned out, the newest first.
SELECT id, time, outcome, content AS note, agent, actor
FROM events
WHERE type = 'feedback' AND parent = $1
ORDER BY position DESC
