-- One row a version of a record, the newest first.
SELECT version, name, body, recorded_at, deleted, actor
FROM records_versions
WHERE id = $1
ORDER BY version DESC
LIMIT $2
