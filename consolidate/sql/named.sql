-- One row a mention that is known.
SELECT
    session, context, subject, kind, name, from_entity, to_entity, structural, paired, share, mentions, first_at,
    last_at, evidence
FROM mentions
