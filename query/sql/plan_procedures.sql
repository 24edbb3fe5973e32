-- One row a time that a procedure which did not mostly fail was done in one of these sessions.
SELECT
    procedure_runs.procedure, procedure_runs.session, procedure_runs.events, procedure_runs.outcome, procedures.name,
    procedures.success_rate
FROM procedure_runs
INNER JOIN procedures ON procedures.id = procedure_runs.procedure
WHERE array_has($1, procedure_runs.session) AND (procedures.success_rate IS NULL OR procedures.success_rate >= 0.5)
ORDER BY procedure_runs.procedure, procedure_runs.session, procedure_runs.id
LIMIT 200
