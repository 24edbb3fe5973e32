-- One row a run whose rows are there and whose end is not.
SELECT DISTINCT episodes_versions.run, episodes_versions.project
FROM episodes_versions
LEFT JOIN runs ON runs.id = episodes_versions.run
WHERE runs.id IS NULL OR runs.status = 'abandoned'
