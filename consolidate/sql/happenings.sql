-- One row an event of the touched sessions, in the order of each session, as far as it tells of things.
-- Commands are Athena's own and no evidence.
WITH told AS (
    SELECT
        COALESCE(session, CONCAT('agent:', COALESCE(agent, ''))) AS session,
        id, time, position, agent, type, tool, LEFT(content, 4096) AS content, files, tags, attributes
    FROM events
    WHERE type NOT LIKE 'athena.%'
)
SELECT
    told.session, told.id, told.time, told.agent, told.type, told.tool, told.content, told.files, told.tags,
    told.attributes
FROM told
INNER JOIN touched ON touched.session = told.session
ORDER BY told.session, told.time, told.position
