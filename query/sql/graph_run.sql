-- One row: the project's newest complete run.
SELECT id FROM runs WHERE status = 'complete' ORDER BY number DESC LIMIT 1
