-- One row an entity that is learned or told, as the newest run left it.
SELECT
    id, run, FALSE AS deleted, project, kind, name, aliases, attributes, mentions, contexts, sessions, evidence,
    first_at, last_at, told
FROM entities
