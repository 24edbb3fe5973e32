-- One row an entity as the run before left it, as far as communities are concerned.
SELECT id, name, kind, sessions, contexts, ARRAY_TO_STRING(evidence, '|') AS evidence
FROM entities
