-- One row an event of the chosen sessions, in the order of each session, as steps are made of it. Commands keep more
-- of their text than what was said or returned.
SELECT
    session, id, time, agent, type, tool,
    LEFT(content, CASE WHEN type IN ('message', 'tool_result') THEN $2 ELSE $1 END) AS content,
    outcome, duration_ms, parent
FROM chosen
ORDER BY session, time, position
