-- One row an event that may stand for what a community is about; null where it has no content: to ask for that would read
-- the contents of all.
SELECT named.id, named.type, LEFT(named.content, 400) AS content
FROM named
LEFT SEMI JOIN candidates ON candidates.id = named.id
WHERE named.type NOT LIKE 'athena.%'
ORDER BY named.position
