-- One row an item that was used after somebody asked in the same session, within a day, or that was said to be useful
-- for a question: whether a question had ranked it among the first ten.
WITH used AS (
    SELECT
        project, COALESCE(session, actor) AS who, accessed_at, UNNEST(used) AS item
    FROM accesses
), asked AS (
    SELECT project, COALESCE(session, actor) AS who, accessed_at, query, ids
    FROM accesses
    WHERE query <> ''
), found AS (
    SELECT used.project, used.who, used.item, BOOL_OR(COALESCE(ARRAY_POSITION(asked.ids, used.item), 11) <= 10) AS ranked
    FROM used
    INNER JOIN asked ON asked.project = used.project AND asked.who = used.who
    WHERE asked.accessed_at <= used.accessed_at AND asked.accessed_at > used.accessed_at - INTERVAL '1 day'
    GROUP BY used.project, used.who, used.item
), judged AS (
    SELECT records.name AS item, BOOL_OR(COALESCE(ARRAY_POSITION(asked.ids, records.name), 11) <= 10) AS ranked
    FROM records
    INNER JOIN asked ON asked.project = records.project AND asked.query = records.text
    WHERE records.kind = 'feedback' AND ARRAY_HAS(records.tags, 'useful')
    GROUP BY records.id, records.name
), every AS (
    SELECT ranked FROM found
    UNION ALL
    SELECT ranked FROM judged
)
SELECT COUNT(*) AS items, COUNT(*) FILTER (WHERE ranked) AS ranked
FROM every
