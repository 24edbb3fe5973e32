-- One row: how many calls ended since a time, and how many of them badly.
SELECT COUNT(*) AS ended, COUNT(*) FILTER (WHERE outcome = 'failure') AS failures
FROM events
WHERE outcome IN ('success', 'failure') AND type NOT LIKE 'athena.%'
    AND ($1 IS NULL OR to_unixtime(time) >= $1)
