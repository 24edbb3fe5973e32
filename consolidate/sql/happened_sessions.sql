-- One row a touched session that has events, with how many.
SELECT session, COUNT(*) AS events
FROM happened
GROUP BY session
ORDER BY session
