-- One row: the project's newest complete run, and what it says of itself.
SELECT id, quality FROM runs WHERE status = 'complete' ORDER BY number DESC LIMIT 1
