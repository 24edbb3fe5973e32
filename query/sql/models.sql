-- One row a part of a model that the newest run kept, in order.
SELECT part, body
FROM models
WHERE kind = $1
ORDER BY part
