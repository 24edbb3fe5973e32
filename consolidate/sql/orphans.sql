-- One row a run whose rows are there and whose end is not.
SELECT DISTINCT written.run, written.project
FROM written
LEFT JOIN runs ON runs.id = written.run
WHERE runs.id IS NULL OR runs.status = 'abandoned'
