-- One row: the positions of commands that name a memory ($1, as it stands in JSON) and have no sealed text ($2 is what one
-- begins with): what they tell of it is in clear.
SELECT array_agg(position) AS positions
FROM (
    SELECT position
    FROM events
    WHERE starts_with(type, 'athena.')
        AND (contains(attributes, $1) OR contains(result, $1) OR contains(changes, $1))
        AND NOT coalesce(contains(attributes, $2), FALSE) AND NOT coalesce(contains(changes, $2), FALSE)
    ORDER BY position
)
