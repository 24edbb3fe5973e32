-- One row an event of a run of a procedure.
SELECT DISTINCT project, 'procedure' AS kind, procedure AS item, event
FROM (SELECT project, procedure, UNNEST(events) AS event FROM procedure_runs)
WHERE event <> ''
