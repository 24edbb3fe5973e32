-- One row an entity or relation that people said something of, as they said it last.
SELECT id, kind, name, body, recorded_at FROM records WHERE kind IN ('entity', 'relation') ORDER BY position, id
