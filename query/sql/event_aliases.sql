-- A row for each id that leads to another event: that of an event ($1), or one alone ($2).
SELECT tags[1] AS id, name AS alias
FROM records
WHERE kind = 'alias' AND ($1 IS NULL OR array_has(tags, $1)) AND ($2 IS NULL OR name = $2)
ORDER BY name
