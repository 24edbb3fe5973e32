-- One row an event that a community rests on: its sources, and what its members do.
SELECT project, 'community' AS kind, id AS item, UNNEST(sources) AS event FROM communities
UNION
SELECT members.project, 'community' AS kind, members.community AS item, named.event
FROM community_members AS members
INNER JOIN evidence_of_entity AS named ON named.project = members.project AND named.item = members.entity
WHERE NOT members.hub
