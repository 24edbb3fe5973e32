-- One row a mention that is known of a touched session.
SELECT
    mentions.id, mentions.run, FALSE AS deleted, mentions.project, mentions.session, mentions.context,
    mentions.part, mentions.subject, mentions.kind, mentions.name, mentions.from_entity, mentions.to_entity,
    mentions.structural, mentions.paired, mentions.share, mentions.mentions, mentions.first_at,
    mentions.last_at, mentions.evidence
FROM touched
INNER JOIN mentions ON mentions.session = touched.session
