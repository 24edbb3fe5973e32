-- One row an event of the touched sessions, in the order of each session, as far as it tells of things.
SELECT session, id, time, agent, type, tool, LEFT(content, 4096) AS content, files, tags, attributes
FROM happened
ORDER BY session, time, position
