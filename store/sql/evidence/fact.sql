-- One row an event that says a fact, or that told a memory that says it.
SELECT DISTINCT project, 'fact' AS kind, item, event
FROM (SELECT project, id AS item, UNNEST(sources) AS event FROM facts)
UNION ALL
SELECT sourced.project, 'fact' AS kind, sourced.item, events.id AS event
FROM (SELECT project, id AS item, UNNEST(sources) AS source FROM facts) AS sourced
INNER JOIN memories ON memories.project = sourced.project AND memories.id = sourced.source
INNER JOIN events ON events.position = memories.position
