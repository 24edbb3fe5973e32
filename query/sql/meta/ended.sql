-- One row a kind of call, by its tool and the beginning of its text, since a time: how often it ended, well or badly,
-- in how many sessions, and the newest event of each.
SELECT
    COALESCE(tool, type) AS tool, LEFT(COALESCE(content, ''), 60) AS words, COUNT(*) AS ended,
    COUNT(*) FILTER (WHERE outcome = 'failure') AS failures,
    COUNT(DISTINCT session) FILTER (WHERE outcome = 'failure') AS failed_sessions,
    COUNT(DISTINCT session) AS sessions,
    LAST_VALUE(id ORDER BY position) AS newest,
    LAST_VALUE(id ORDER BY position) FILTER (WHERE outcome = 'failure') AS newest_failure
FROM events
WHERE outcome IN ('success', 'failure') AND type NOT LIKE 'athena.%'
    AND ($1 IS NULL OR to_unixtime(time) >= $1)
GROUP BY COALESCE(tool, type), LEFT(COALESCE(content, ''), 60)
ORDER BY ended DESC, tool, words
LIMIT $2
