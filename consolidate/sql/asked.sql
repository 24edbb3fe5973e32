-- One row something that was asked: what came back first, and what was used.
SELECT accessed_at, session, ARRAY_SLICE(ids, 1, 8) AS ids, used
FROM accesses
