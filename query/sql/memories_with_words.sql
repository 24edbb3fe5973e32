-- One row a memory of which a version holds a word: the newest version, and the positions of all that hold it.
WITH ranked AS (
    SELECT
        id, version, content, name, aliases, tags, source, position,
        (contains(content, $1) OR coalesce(contains(name, $1), FALSE) OR coalesce(contains(source, $1), FALSE)
            OR contains(array_to_string(aliases, chr(10)), $1) OR contains(array_to_string(tags, chr(10)), $1)) AS holds,
        ROW_NUMBER() OVER (PARTITION BY id ORDER BY position DESC) AS age
    FROM memories_versions
),
holding AS (
    SELECT id AS holder, array_agg(position) AS positions
    FROM ranked
    WHERE holds
    GROUP BY id
)
SELECT id, version, content, name, aliases, tags, source, positions
FROM ranked
JOIN holding ON holder = id
WHERE age = 1
ORDER BY id
