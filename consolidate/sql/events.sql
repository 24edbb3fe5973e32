-- One row: the events of the project that are evidence.
SELECT COUNT(*) AS events FROM events WHERE type NOT LIKE 'athena.%'
