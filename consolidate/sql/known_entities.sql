-- One row an affected entity as the run before left it.
SELECT
    entities.id, entities.run, FALSE AS deleted, entities.project, entities.kind, entities.name,
    entities.aliases, entities.attributes, entities.mentions, entities.contexts, entities.sessions,
    entities.evidence, entities.first_at, entities.last_at, entities.told
FROM affected
RIGHT SEMI JOIN entities ON entities.id = affected.id
