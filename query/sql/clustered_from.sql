-- One row: the place from which on there are $2 events that say something, of a type or all; null without any.
SELECT MIN(position) AS position
FROM (
    SELECT position
    FROM events
    WHERE content <> '' AND type NOT LIKE 'athena.%' AND ($1 IS NULL OR type = $1)
    ORDER BY position DESC
    LIMIT $2
)
