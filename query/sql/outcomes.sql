-- What came of calls of these ids, the newest first.
SELECT id, parent, outcome, content, time, position
FROM events
WHERE array_has($1, parent) AND outcome IN ('success', 'failure')
ORDER BY time DESC, position DESC
