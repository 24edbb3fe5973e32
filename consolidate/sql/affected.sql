-- One row an entity that a mention is of which this run has written anew or taken away.
WITH written AS (
    SELECT subject AS id FROM mentions_versions WHERE run = $1 AND part = 'entity'
    UNION
    SELECT from_entity AS id FROM mentions_versions WHERE run = $1 AND part = 'relation'
    UNION
    SELECT to_entity AS id FROM mentions_versions WHERE run = $1 AND part = 'relation'
)
SELECT DISTINCT COALESCE(renamed.becomes, written.id) AS id
FROM written
LEFT JOIN renamed ON renamed.id = written.id
