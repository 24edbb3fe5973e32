-- One row an event that an item rests on, of the view that has the evidence of its kind.
SELECT DISTINCT event
FROM evidence_of
WHERE item = $1
LIMIT $2
