-- A row for each saved view, in the order of their last change.
SELECT name, body
FROM records
WHERE kind = $1
ORDER BY position, id
