-- One row an event of the touched sessions in which somebody may have stated something, in the order of the log.
-- What a tool gave and what a model answered are nobody's word; what a program observed has its tool.
SELECT session, id, type, agent, LEFT(content, 20000) AS content, time, received_at, position
FROM happened
WHERE type IN ('message', 'decision', 'observation')
    AND tool IS NULL
    AND content IS NOT NULL
    AND LOWER(COALESCE(agent, 'user')) NOT IN ('assistant', 'system', 'tool', 'model', 'ai', 'bot', 'developer')
ORDER BY position
