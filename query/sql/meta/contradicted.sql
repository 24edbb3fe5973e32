-- One row a fact that holds and that somebody spoke against since, those spoken against most often first.
SELECT id, statement, against, evidence_at AS last_at
FROM facts
WHERE valid_until IS NULL AND against > 0
ORDER BY against DESC, last_at DESC, id
LIMIT $1
