-- One row a session that has events, with how many: what procedures are learned from.
SELECT COALESCE(session, CONCAT('agent:', COALESCE(agent, ''))) AS session, COUNT(*) AS events
FROM events
WHERE type NOT LIKE 'athena.%'
GROUP BY 1
ORDER BY session
