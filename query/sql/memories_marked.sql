-- Every row: a sensitive memory of these ids.
SELECT id
FROM memories
WHERE sensitive AND array_has($1, id)
ORDER BY id
