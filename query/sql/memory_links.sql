-- Every row: a link of that memory, the newest first.
SELECT id, body, recorded_at
FROM records
WHERE kind = 'memory_link' AND array_has(tags, $1)
ORDER BY position DESC
