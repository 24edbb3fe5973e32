-- One row a run, known of a session that is not touched, of a procedure that is counted anew.
SELECT
    procedure_runs.id, procedure_runs.run, FALSE AS deleted, procedure_runs.project, procedure_runs.procedure,
    procedure_runs.session, procedure_runs.events, procedure_runs.started_at, procedure_runs.ended_at,
    procedure_runs.duration_ms, procedure_runs.outcome, procedure_runs.failed_at, procedure_runs.times,
    procedure_runs.also, procedure_runs.before
FROM touched
RIGHT ANTI JOIN (
    recounted
    RIGHT SEMI JOIN procedure_runs ON procedure_runs.procedure = recounted.id
) ON procedure_runs.session = touched.session
