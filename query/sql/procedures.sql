-- One row a learned procedure, with the number of the run that found it so, the best supported by evidence first.
SELECT
    procedures.id, procedures.run, FALSE AS deleted, procedures.project, procedures.name, procedures.category,
    procedures.steps, procedures.repeats, procedures.support, procedures.sessions, procedures.successes,
    procedures.outcomes, procedures.success_rate, procedures.success_low, procedures.success_high,
    procedures.median_duration_ms, procedures.preconditions, procedures.variants, procedures.examples,
    procedures.last_run_at, procedures.score, procedures.by_chance, procedures.replaced_by, runs.number
FROM procedures
INNER JOIN runs ON runs.id = procedures.run
ORDER BY procedures.score DESC, procedures.id
