-- One row: how many sensitive memories are not sealed ($1 is what a sealed text begins with).
SELECT COUNT(*) AS unsealed
FROM memories
WHERE sensitive AND NOT starts_with(content, $1)
