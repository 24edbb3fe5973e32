-- Of some sessions the messages that stand directly beside one of these, each with the ids of its own neighbours.
WITH turns AS (
    SELECT
        id, session, time, agent, content, attributes, position,
        LAG(id) OVER (PARTITION BY project, session ORDER BY time, position) AS before,
        LEAD(id) OVER (PARTITION BY project, session ORDER BY time, position) AS after
    FROM events
    WHERE type = 'message' AND array_has($1, session)
)
SELECT id, session, time, agent, content, attributes, position, before, after
FROM turns
WHERE array_has($2, id) OR array_has($2, before) OR array_has($2, after)
ORDER BY time, position
