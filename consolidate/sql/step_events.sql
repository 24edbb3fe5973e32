-- One row an event of the chosen sessions, in the order of each session, as steps are made of it. Commands keep more
-- of their text than what was said or returned.
WITH told AS (
    SELECT
        COALESCE(session, CONCAT('agent:', COALESCE(agent, ''))) AS session,
        id, time, position, agent, type, tool,
        LEFT(content, CASE WHEN type IN ('message', 'tool_result') THEN $2 ELSE $1 END) AS content,
        outcome, duration_ms, parent
    FROM events
    WHERE type NOT LIKE 'athena.%'
)
SELECT
    told.session, told.id, told.time, told.agent, told.type, told.tool, told.content, told.outcome,
    told.duration_ms, told.parent
FROM told
INNER JOIN chosen ON chosen.session = told.session
ORDER BY told.session, told.time, told.position
