-- One row a member of a community, the most central first, those that stand everywhere last.
SELECT community, entity, centrality, hub FROM community_members ORDER BY community, hub, centrality DESC, entity
