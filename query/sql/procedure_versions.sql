-- One row a version of a learned procedure, the newest first.
SELECT
    runs.number AS version, procedures_versions.run, runs.ended_at AS at, procedures_versions.deleted,
    procedures_versions.name, procedures_versions.steps, procedures_versions.support,
    procedures_versions.success_rate, procedures_versions.replaced_by
FROM procedures_versions
INNER JOIN runs ON runs.id = procedures_versions.run
WHERE procedures_versions.id = $1 AND runs.status = 'complete'
ORDER BY runs.number DESC
LIMIT $2
