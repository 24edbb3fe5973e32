-- One row a memory: the command that told it last.
SELECT memories.project, 'memory' AS kind, memories.id AS item, events.id AS event
FROM memories
INNER JOIN events ON events.position = memories.position
