-- One row a firing of triggers or rules, the newest first: the command that said so, and what it answered.
SELECT id, type, received_at AS time, attributes, result, position
FROM events
WHERE type IN ($1, $2)
  AND result IS NOT NULL
  AND NOT starts_with(result, '{"error"')
  AND ($3 = '' OR contains(result, $3))
  AND position < arrow_cast($4, 'UInt64')
ORDER BY position DESC
LIMIT 1001
