-- One row an association of one of these items, as the newest run left it, the strongest first.
SELECT a, b, returned, used, strength, last_at
FROM associations
WHERE ARRAY_HAS($1, a) OR ARRAY_HAS($1, b)
ORDER BY strength DESC, a, b
