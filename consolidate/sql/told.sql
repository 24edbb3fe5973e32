-- One row a memory that may state something: those that hold everywhere and may be shown, in the order of the log.
SELECT
    id, COALESCE(agent, actor) AS speaker, kind, content, COALESCE(source, '') AS source,
    COALESCE(valid_from, recorded_at) AS valid_from, valid_until, recorded_at, position
FROM memories
WHERE NOT sensitive AND COALESCE(ARRAY_LENGTH(scope), 0) = 0 AND kind IN ('fact', 'decision', 'preference', 'pattern')
ORDER BY position, id
