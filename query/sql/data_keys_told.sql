-- Every row: a command that has a key of the data wrapped, and what it was asked.
SELECT project, attributes, position
FROM events
WHERE type IN ('athena.keys.add', 'athena.keys.wrap') AND attributes IS NOT NULL
ORDER BY position
