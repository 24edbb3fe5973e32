-- One row: the events of the sessions that a run has read, and those of them that a procedure or a fact rests on. That
-- something is named there, which it is nearly everywhere, covers nothing.
WITH read AS (
    SELECT DISTINCT events.id
    FROM events
    INNER JOIN touched ON touched.session = COALESCE(events.session, CONCAT('agent:', COALESCE(events.agent, '')))
    WHERE events.type NOT LIKE 'athena.%'
), used AS (
    SELECT DISTINCT evidence.event
    FROM evidence
    WHERE evidence.kind IN ('procedure', 'fact')
)
SELECT COUNT(*) AS events, COUNT(used.event) AS covered
FROM read
LEFT JOIN used ON used.event = read.id
