-- One row a row of the audit before a position, the newest first; $2 to $5 are null where they do not matter.
SELECT id, sequence, project, actor, origin, operation, outcome, received_at, seal, position
FROM audit
WHERE ($1 IS NULL OR position < $1)
    AND ($2 IS NULL OR actor = $2)
    AND ($3 IS NULL OR operation = $3 OR starts_with(operation, $3 || '.'))
    AND ($4 IS NULL OR origin = $4)
    AND ($5 IS NULL OR outcome = $5)
    AND ($6 IS NULL OR received_at >= CAST($6 AS TIMESTAMP))
    AND ($7 IS NULL OR received_at < CAST($7 AS TIMESTAMP))
ORDER BY position DESC
