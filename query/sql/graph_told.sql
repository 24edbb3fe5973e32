-- One row what people said of an entity or relation, or asked for of communities, in the order in which they did.
SELECT id, kind, name, body, recorded_at, version FROM records WHERE kind IN ('entity', 'relation', 'partition')
ORDER BY position
