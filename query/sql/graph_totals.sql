-- One row: how many sessions and stretches of work name anything.
SELECT COUNT(DISTINCT session) AS sessions, COUNT(DISTINCT context) AS contexts FROM mentions
