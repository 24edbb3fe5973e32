-- One row an event that an item of a kind rests on, the newest first, and how many there are.
SELECT
    evidence.kind, events.id, events.time, events.type, events.tool, events.session, events.outcome,
    LEFT(events.content, 400) AS content, COUNT(*) OVER () AS support
FROM evidence
INNER JOIN events ON events.id = evidence.event AND events.project = evidence.project
WHERE evidence.item = $1 AND evidence.kind = $4
ORDER BY events.time DESC, events.position DESC
LIMIT $2 OFFSET $3
