-- One row: when the run ended that knew a procedure first, of the versions that are kept; null where none does.
SELECT MIN(runs.ended_at) AS learned_at
FROM procedures_versions
INNER JOIN runs ON runs.id = procedures_versions.run
WHERE procedures_versions.id = $1 AND NOT procedures_versions.deleted AND runs.status = 'complete'
