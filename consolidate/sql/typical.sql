-- One row an event that may stand for what a community is about.
SELECT named.id, named.type, LEFT(named.content, 400) AS content
FROM named
LEFT SEMI JOIN candidates ON candidates.id = named.id
WHERE named.content IS NOT NULL AND named.type NOT LIKE 'athena.%'
ORDER BY named.position
