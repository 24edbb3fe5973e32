-- A row for each event of a type ($1), with all that it says of a file.
SELECT project, id, time, session, type, tool, outcome, files, content, attributes, position
FROM events
WHERE type = $1
