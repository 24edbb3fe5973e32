-- Relations as runs left them, those that most stretches of work say first.
WITH chosen AS (
    SELECT id, run, from_entity, to_entity, kind, support, last_at, COUNT(*) OVER () AS of_kind
    FROM relations
    WHERE $1 IS NULL OR id = $1
    ORDER BY support DESC, id
    LIMIT $2
)
SELECT
    chosen.id, chosen.run,
    CONCAT(
        COALESCE(one.name, chosen.from_entity), ' ', chosen.kind, ' ', COALESCE(other.name, chosen.to_entity)
    ) AS content,
    chosen.support, CAST(NULL AS BIGINT) AS sessions, chosen.last_at, CAST(NULL AS DOUBLE) AS chance,
    chosen.of_kind
FROM chosen
LEFT JOIN entities AS one ON one.id = chosen.from_entity
LEFT JOIN entities AS other ON other.id = chosen.to_entity
ORDER BY chosen.support DESC, chosen.id
