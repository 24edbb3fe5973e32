-- One row a firing of triggers or rules, the newest first: what the command answered that said so, and, once it has ended,
-- the command that says how.
WITH fired AS (
    SELECT received_at AS time, attributes, result, position,
        concat(split_part(split_part(result, '"firing":"', 2), '"', 1), '/ended') AS its_end
    FROM events
    WHERE type IN ($1, $2)
      AND result IS NOT NULL
      AND NOT starts_with(result, '{"error"')
      AND ($3 = '' OR contains(result, $3))
      AND position < arrow_cast($4, 'UInt64')
      AND received_at >= CAST($7 AS TIMESTAMP)
      AND received_at < CAST($8 AS TIMESTAMP)
),
ended AS (
    SELECT id AS end_id, received_at AS ended_at, coalesce(attributes, '') AS how
    FROM events
    WHERE type = $5
)
SELECT time, attributes, result, position, ended_at, how
FROM fired
LEFT JOIN ended ON end_id = its_end
WHERE $6 = '' OR ($6 = 'pending' AND end_id IS NULL) OR contains(how, concat('"outcome":"', $6, '"'))
ORDER BY position DESC
LIMIT 1001
