-- One row a mention that is known of a session that is not touched.
SELECT
    mentions.session, mentions.context, mentions.subject, mentions.kind, mentions.name, mentions.from_entity,
    mentions.to_entity, mentions.structural, mentions.paired, mentions.share, mentions.mentions, mentions.first_at,
    mentions.last_at, mentions.evidence
FROM touched
RIGHT ANTI JOIN mentions ON mentions.session = touched.session
