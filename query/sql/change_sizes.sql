-- One row: how many of the newest events that touched files there are, and how many of them touched fewer than so many.
WITH changes AS (
    SELECT array_length(files) AS size
    FROM events
    WHERE type IN ('code_edit', 'file_change', 'commit', 'refactoring') AND array_length(files) > 0
    ORDER BY position DESC
    LIMIT 1000
)
SELECT COUNT(*) AS changes, COUNT(*) FILTER (WHERE size < $1) AS smaller
FROM changes
