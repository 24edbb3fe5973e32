-- One row an event of the touched sessions in which somebody may have stated something, in the order of the log.
-- What a tool gave and what a model answered are nobody's word; what a program observed has its tool.
SELECT
    COALESCE(events.session, CONCAT('agent:', COALESCE(events.agent, ''))) AS session,
    events.id, events.type, events.agent, LEFT(events.content, 20000) AS content, events.time, events.received_at,
    events.position
FROM events
INNER JOIN touched ON touched.session = COALESCE(events.session, CONCAT('agent:', COALESCE(events.agent, '')))
WHERE events.type IN ('message', 'decision', 'observation')
    AND events.tool IS NULL
    AND events.content IS NOT NULL
    AND LOWER(COALESCE(events.agent, 'user')) NOT IN ('assistant', 'system', 'tool', 'model', 'ai', 'bot', 'developer')
ORDER BY events.position
