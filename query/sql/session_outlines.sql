-- One row a session: its first step, how many it has, and how it ended as its end says; the newest first.
WITH told AS (
    SELECT session, type, tool, LEFT(content, 2000) AS content, outcome, position
    FROM events
    WHERE session IS NOT NULL AND type NOT LIKE 'athena.%'
),
stepped AS (
    SELECT
        session,
        FIRST_VALUE(COALESCE(tool, type) ORDER BY position) AS tool,
        FIRST_VALUE(COALESCE(content, '') ORDER BY position) AS content,
        COUNT(*) AS steps,
        MAX(position) AS position
    FROM told
    WHERE
        type IN (
            'tool_call', 'action', 'file_change', 'code_edit', 'symbol_lookup', 'refactoring', 'test_run', 'build',
            'deployment', 'commit', 'code_review', 'dependency_change', 'merge_conflict'
        )
    GROUP BY session
),
ended AS (
    SELECT session, LAST_VALUE(outcome ORDER BY position) AS outcome
    FROM told
    WHERE type = 'session_end' AND outcome IS NOT NULL
    GROUP BY session
)
SELECT stepped.session, stepped.tool, stepped.content, stepped.steps, ended.outcome
FROM stepped
INNER JOIN ended ON ended.session = stepped.session
ORDER BY stepped.position DESC
LIMIT $1
