-- One row a pair that is named together in a stretch of work which this run has changed, before it or after.
WITH contexts AS (
    SELECT DISTINCT context FROM mentions_versions WHERE run = $1
),
before AS (
    SELECT mentions.context, COALESCE(renamed.becomes, mentions.subject) AS subject
    FROM mentions
    INNER JOIN contexts ON contexts.context = mentions.context
    LEFT JOIN renamed ON renamed.id = mentions.subject
    WHERE mentions.paired
),
after AS (
    SELECT named.context, named.subject
    FROM named
    INNER JOIN contexts ON contexts.context = named.context
    WHERE named.paired
),
either AS (
    SELECT context, subject FROM before
    UNION
    SELECT context, subject FROM after
)
SELECT DISTINCT one.subject AS a, other.subject AS b
FROM either AS one
INNER JOIN either AS other ON other.context = one.context AND one.subject < other.subject
