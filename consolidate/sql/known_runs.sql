-- One row a run of a procedure that is known of a touched session.
SELECT
    procedure_runs.id, procedure_runs.run, FALSE AS deleted, procedure_runs.project, procedure_runs.procedure,
    procedure_runs.session, procedure_runs.events, procedure_runs.started_at, procedure_runs.ended_at,
    procedure_runs.duration_ms, procedure_runs.outcome, procedure_runs.failed_at, procedure_runs.times,
    procedure_runs.also, procedure_runs.before
FROM touched
RIGHT SEMI JOIN procedure_runs ON procedure_runs.session = touched.session
