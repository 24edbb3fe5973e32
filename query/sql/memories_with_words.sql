-- One row a memory of which a version holds a word: the newest version, and the positions of all that hold it.
WITH holding AS (
    SELECT id AS holder, MAX(position) AS newest, array_agg(position) FILTER (WHERE holds) AS positions
    FROM (
        SELECT
            id, position,
            (contains(content, $1) OR coalesce(contains(name, $1), FALSE) OR coalesce(contains(source, $1), FALSE)
                OR contains(array_to_string(aliases, chr(10)), $1)
                OR contains(array_to_string(tags, chr(10)), $1)) AS holds
        FROM memories_versions
    )
    GROUP BY id
    HAVING bool_or(holds)
)
SELECT id, version, content, name, aliases, tags, source, positions
FROM memories_versions
JOIN holding ON holder = id AND newest = position
ORDER BY id
