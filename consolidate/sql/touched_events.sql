-- One row: the events of the sessions that a run has read, and those of them that something learned besides episodes
-- rests on.
WITH read AS (
    SELECT DISTINCT events.id
    FROM events
    INNER JOIN touched ON touched.session = COALESCE(events.session, CONCAT('agent:', COALESCE(events.agent, '')))
    WHERE events.type NOT LIKE 'athena.%'
), used AS (
    SELECT DISTINCT evidence.event
    FROM evidence
    WHERE evidence.kind NOT IN ('episode', 'memory')
)
SELECT COUNT(*) AS events, COUNT(used.event) AS covered
FROM read
LEFT JOIN used ON used.event = read.id
