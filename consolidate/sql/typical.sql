-- One row an event that may stand for what a community is about.
SELECT events.id, events.type, LEFT(events.content, 400) AS content
FROM events
LEFT SEMI JOIN candidates ON candidates.id = events.id
WHERE events.content IS NOT NULL AND events.type NOT LIKE 'athena.%'
ORDER BY events.position
