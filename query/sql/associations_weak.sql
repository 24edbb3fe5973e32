-- One row an association, as the newest run left it, the weakest first.
SELECT a, b, returned, used, strength, last_at FROM associations ORDER BY strength, a, b
