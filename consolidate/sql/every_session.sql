-- One row a session that has events or episodes.
SELECT DISTINCT COALESCE(session, CONCAT('agent:', COALESCE(agent, ''))) AS session
FROM events
WHERE type NOT LIKE 'athena.%'
UNION
SELECT DISTINCT session FROM episodes
