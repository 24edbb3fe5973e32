-- One row a record of which a version holds a word, as it is or as it stands in JSON: the newest version, and the positions
-- of all that hold it.
WITH holding AS (
    SELECT id AS holder, MAX(position) AS newest, array_agg(position) FILTER (WHERE holds) AS positions
    FROM (
        SELECT
            id, position,
            (coalesce(contains(text, $1), FALSE) OR coalesce(contains(name, $1), FALSE)
                OR contains(array_to_string(tags, chr(10)), $1)
                OR contains(body, $1) OR contains(body, $2) OR contains(body, $3)) AS holds
        FROM records_versions
        -- The keys of sealed contents have no words.
        WHERE kind <> 'data_key'
    )
    GROUP BY id
    HAVING bool_or(holds)
)
SELECT id, version, name, text, tags, body, positions
FROM records_versions
JOIN holding ON holder = id AND newest = position
ORDER BY id
