-- One row a project that has events.
SELECT DISTINCT project FROM events
