-- One row: how many events there are, how many of them came after the newest complete run began, and when the oldest
-- of these came.
WITH newest AS (
    SELECT MAX(started_at) AS began
    FROM runs
    WHERE status = 'complete'
)
SELECT
    COUNT(*) AS events,
    COUNT(*) FILTER (WHERE newest.began IS NULL OR events.received_at > newest.began) AS unread,
    MIN(CASE WHEN newest.began IS NULL OR events.received_at > newest.began THEN events.received_at END) AS oldest
FROM events
CROSS JOIN newest
WHERE events.type NOT LIKE 'athena.%'
