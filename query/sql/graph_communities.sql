-- One row a community, as the newest run left it, the largest of each level first.
SELECT
    id, run, FALSE AS deleted, project, level, parent, name, size, modularity_share, "top", summary, sources,
    replaces, resolution, seed
FROM communities
ORDER BY level, size DESC, id
