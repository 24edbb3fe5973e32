-- One row an event of the touched sessions, in the order of each session: the number of the episode that
-- it belongs to, and on an episode's first event why it begins there.
WITH chosen AS (
    SELECT
        session, id, time, position, agent, type, tool, LEFT(content, 200) AS content, outcome, files,
        -- New work: what a commit was about has ended when one of these follows it.
        (type IN ('tool_call', 'plan', 'session_start') OR (type = 'message' AND agent = 'user')) AS begins
    FROM happened
),
followed AS (
    SELECT
        session, id, time, position, agent, type, tool, content, outcome, files, begins,
        LAG(time) OVER (PARTITION BY session ORDER BY time, position) AS time_before,
        LAG(type) OVER (PARTITION BY session ORDER BY time, position) AS type_before,
        SUM(CASE WHEN type = 'commit' THEN 1 ELSE 0 END)
            OVER (PARTITION BY session ORDER BY time, position ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
            AS commits
    FROM chosen
),
worked AS (
    SELECT
        session, id, time, position, agent, type, tool, content, outcome, files, begins, time_before,
        type_before, commits,
        MAX(CASE WHEN begins THEN commits END)
            OVER (PARTITION BY session ORDER BY time, position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
            AS commits_before
    FROM followed
),
cut AS (
    SELECT
        session, id, time, position, agent, type, tool, content, outcome, files,
        CASE
            WHEN time_before IS NULL THEN 'start'
            WHEN to_unixtime(time) - to_unixtime(time_before) > $1 THEN 'idle'
            WHEN begins AND commits > COALESCE(commits_before, 0) THEN 'commit'
            WHEN type = 'session_start' THEN 'goal'
            WHEN type = 'message' AND agent = 'user' AND type_before IN ('deployment', 'session_end') THEN 'goal'
        END AS cut
    FROM worked
)
SELECT
    session,
    SUM(CASE WHEN cut IS NULL THEN 0 ELSE 1 END)
        OVER (PARTITION BY session ORDER BY time, position ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - 1
        AS ordinal,
    cut, id, time, agent, type, tool, content, outcome, files
FROM cut
ORDER BY session, time, position
