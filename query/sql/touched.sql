-- One row: of the newest events that touch one of these files, or are of this very use of a tool, how many failed and how
-- many did not, with ids of the newest failures.
WITH near AS (
    SELECT id, outcome, time, position
    FROM events
    WHERE outcome IN ('success', 'failure')
        -- What is not asked about is left out when it is planned, and what events say is then not read.
        AND (($4 AND array_has_any(files, $1)) OR ($2 IS NOT NULL AND tool = $2 AND content = $3))
    ORDER BY position DESC
    LIMIT 1000
)
SELECT
    COUNT(*) FILTER (WHERE outcome = 'failure') AS failures,
    COUNT(*) FILTER (WHERE outcome = 'success') AS successes,
    array_agg(id ORDER BY position DESC) FILTER (WHERE outcome = 'failure') AS failed
FROM near
