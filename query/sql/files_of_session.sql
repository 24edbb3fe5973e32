-- Files of a session, those that most of its events name first. $1: the session.
SELECT file
FROM (SELECT UNNEST(files) AS file FROM events WHERE session = $1)
GROUP BY file
ORDER BY COUNT(*) DESC, file
