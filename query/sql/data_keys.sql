-- Every row: a key of the data as it is wrapped now.
SELECT id, project, body, position
FROM records
WHERE kind = 'data_key'
ORDER BY position, project, id
