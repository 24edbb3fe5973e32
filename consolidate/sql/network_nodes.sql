-- One row an entity as this run leaves it, as far as communities are concerned.
SELECT id, run, name, kind, sessions, contexts, ARRAY_TO_STRING(evidence, '|') AS evidence
FROM now_entities
ORDER BY id
