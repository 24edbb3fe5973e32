-- A row for each memory and note of these ids: what it says, when, and what is known of it.
SELECT
    'memory' AS kind, id, CASE WHEN sensitive THEN name ELSE content END AS text, recorded_at AS time, importance,
    session, position
FROM memories
WHERE array_has($1, id)
UNION ALL
SELECT
    kind, id, CASE WHEN text IS NULL THEN name WHEN name IS NULL THEN text ELSE name || ': ' || text END AS text,
    recorded_at AS time, CAST(NULL AS DOUBLE) AS importance, session, position
FROM records
WHERE array_has($1, id) AND (name IS NOT NULL OR text IS NOT NULL)
