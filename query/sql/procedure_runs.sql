-- One row a time that one of these procedures was done, the newest first.
SELECT
    id, run, FALSE AS deleted, project, procedure, session, events, started_at, ended_at, duration_ms, outcome,
    failed_at, times, also, before
FROM procedure_runs
WHERE array_has($1, procedure)
ORDER BY started_at DESC, id
