-- One row: the events of the sessions that a run has read, and those of them that a run of a procedure or a fact rests
-- on. That something is named there, which it is nearly everywhere, covers nothing.
WITH read AS (
    SELECT DISTINCT id FROM happened
),
learned AS (
    SELECT UNNEST(events) AS event FROM ran
    UNION ALL
    SELECT UNNEST(sources) AS event FROM facts
),
used AS (
    SELECT read.id
    FROM read
    LEFT SEMI JOIN learned ON learned.event = read.id
)
SELECT
    (SELECT COUNT(*) FROM read) AS events,
    (SELECT COUNT(*) FROM used) AS covered
