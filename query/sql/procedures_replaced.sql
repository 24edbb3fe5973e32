-- One row a procedure that is no more and lives on in another one, the one that was told last at the end.
SELECT procedures_versions.id, procedures_versions.replaced_by
FROM procedures_versions
INNER JOIN runs ON runs.id = procedures_versions.run
WHERE
    procedures_versions.deleted AND procedures_versions.replaced_by IS NOT NULL AND runs.status = 'complete'
    AND array_has($1, procedures_versions.id)
ORDER BY runs.number
