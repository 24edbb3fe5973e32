-- One row: of the newest events that touch one of these files, or are of this very use of a tool, how many failed and how
-- many did not, with ids of the newest failures.
WITH near AS (
    SELECT id, outcome, time, position
    FROM events
    WHERE outcome IN ('success', 'failure')
        AND (array_has_any(files, $1) OR (tool = $2 AND content = $3))
    ORDER BY position DESC
    LIMIT 1000
)
SELECT
    COUNT(*) FILTER (WHERE outcome = 'failure') AS failures,
    COUNT(*) FILTER (WHERE outcome = 'success') AS successes,
    array_agg(id ORDER BY position DESC) FILTER (WHERE outcome = 'failure') AS failed
FROM near
