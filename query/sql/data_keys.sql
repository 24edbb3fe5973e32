-- Every row: a key of the data as it is wrapped now, in the order in which they were made.
WITH made AS (
    SELECT project AS wall, id AS key_id, MIN(position) AS made_at
    FROM records_versions
    WHERE kind = 'data_key'
    GROUP BY project, id
)
SELECT id, project, body, made_at
FROM records
JOIN made ON wall = project AND key_id = id
WHERE kind = 'data_key'
ORDER BY made_at, project, id
