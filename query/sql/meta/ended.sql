-- One row a kind of call, by its tool and the beginning of its text, since a time, that ended $3 times at least: how
-- often it ended, well or badly, in how many sessions, and the place of the newest event of each.
WITH ended AS (
    SELECT
        COALESCE(tool, type) AS tool, LEFT(COALESCE(content, ''), 60) AS words, session, COUNT(*) AS ended,
        COUNT(*) FILTER (WHERE outcome = 'failure') AS failures, MAX(position) AS newest,
        MAX(position) FILTER (WHERE outcome = 'failure') AS newest_failure
    FROM events
    WHERE outcome IN ('success', 'failure') AND type NOT LIKE 'athena.%'
        AND ($1 IS NULL OR to_unixtime(time) >= $1)
    GROUP BY COALESCE(tool, type), LEFT(COALESCE(content, ''), 60), session
)
SELECT
    tool, words, SUM(ended) AS ended, SUM(failures) AS failures, COUNT(session) AS sessions,
    COUNT(session) FILTER (WHERE failures > 0) AS failed_sessions, MAX(newest) AS newest,
    MAX(newest_failure) AS newest_failure
FROM ended
GROUP BY tool, words
HAVING SUM(ended) >= $3
ORDER BY ended DESC, tool, words
LIMIT $2
