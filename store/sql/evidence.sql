-- One row an event that something learned or told rests on: the kind, the item and the event. A community rests on what
-- its members do, an association on what its two items are or do. Being named together has its first and newest event.
SELECT project, kind, item, event
FROM evidence_of_episode
UNION ALL
SELECT project, kind, item, event
FROM evidence_of_memory
UNION ALL
SELECT project, kind, item, event
FROM evidence_of_procedure
UNION ALL
SELECT project, kind, item, event
FROM evidence_of_fact
UNION ALL
SELECT project, kind, item, event
FROM evidence_of_entity
UNION ALL
SELECT project, kind, item, event
FROM evidence_of_relation
UNION ALL
SELECT project, kind, item, event
FROM evidence_of_community
UNION ALL
SELECT project, kind, item, event
FROM evidence_of_association
