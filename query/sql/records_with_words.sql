-- One row a record of which a version holds a word, as it is or as it stands in JSON: the newest version, and the positions
-- of all that hold it.
WITH ranked AS (
    SELECT
        id, version, name, text, tags, body, deleted, position,
        (coalesce(contains(text, $1), FALSE) OR coalesce(contains(name, $1), FALSE)
            OR contains(array_to_string(tags, chr(10)), $1)
            OR contains(body, $1) OR contains(body, $2) OR contains(body, $3)) AS holds,
        ROW_NUMBER() OVER (PARTITION BY id ORDER BY position DESC) AS age
    FROM records_versions
    -- The keys of sealed contents have no words.
    WHERE kind <> 'data_key'
),
holding AS (
    SELECT id AS holder, array_agg(position) AS positions
    FROM ranked
    WHERE holds
    GROUP BY id
)
SELECT id, version, name, text, tags, body, positions
FROM ranked
JOIN holding ON holder = id
WHERE age = 1
ORDER BY id
