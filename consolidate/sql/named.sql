-- One row a mention as this run leaves it, under the entities that people said it is of.
SELECT
    now_mentions.session, now_mentions.context, now_mentions.part,
    COALESCE(own.becomes, now_mentions.subject) AS subject,
    now_mentions.kind, now_mentions.name,
    COALESCE(ends_from.becomes, now_mentions.from_entity) AS from_entity,
    COALESCE(ends_to.becomes, now_mentions.to_entity) AS to_entity,
    now_mentions.structural, now_mentions.paired, now_mentions.share, now_mentions.mentions,
    now_mentions.first_at, now_mentions.last_at, now_mentions.evidence
FROM now_mentions
LEFT JOIN renamed AS own ON own.id = now_mentions.subject
LEFT JOIN renamed AS ends_from ON ends_from.id = now_mentions.from_entity
LEFT JOIN renamed AS ends_to ON ends_to.id = now_mentions.to_entity
