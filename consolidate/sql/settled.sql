-- One row a request for a run that has come to an end.
SELECT project, request FROM runs WHERE request IS NOT NULL
UNION
SELECT project, request FROM run_stages WHERE request IS NOT NULL AND stage IN ('unchanged', 'failed')
