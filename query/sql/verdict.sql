-- The newest judgement of an item.
SELECT verdict, posterior, method, evidence, judged_at
FROM verdicts
WHERE item = $1
ORDER BY judged_at DESC
LIMIT 1
