-- One row a question that holds a word ($1), or a dead letter of which the bytes hold it ($2, in hexadecimal).
SELECT id
FROM accesses
WHERE contains(query, $1)
UNION ALL
SELECT id
FROM dead_letters
WHERE contains(encode(payload, 'hex'), $2) OR contains(headers, $1) OR contains(message, $1)
ORDER BY id
