-- One row a member of a community, as the newest run left it.
SELECT community, entity, centrality, hub FROM community_members
