-- One row a run of a rule ($1), the oldest first: when it was said to run, and the command that told of its end; null while
-- there is none. Runs by hand ($3 beside $2) have ends under other names, and none here.
SELECT fired.received_at AS began_at, ended.received_at AS ended_at, ended.attributes
FROM events AS fired
LEFT JOIN events AS ended ON ended.type = $4 AND ended.id = concat(fired.id, '/ended')
WHERE fired.type IN ($2, $3)
  AND fired.result IS NOT NULL
  AND NOT starts_with(fired.result, '{"error"')
  AND contains(fired.result, $1)
ORDER BY fired.position
LIMIT 10000
