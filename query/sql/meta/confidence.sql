-- One row an item that was told or happened: who told it, when, and what was judged of it and of what its teller told.
WITH things AS (
    SELECT project, 'memory' AS kind, id, COALESCE(source, agent, actor) AS teller, recorded_at AS since FROM memories
    UNION ALL
    SELECT project, 'event' AS kind, id, COALESCE(agent, actor) AS teller, time AS since
    FROM events
    WHERE type NOT LIKE 'athena.%'
    UNION ALL
    SELECT project, kind, id, COALESCE(agent, actor) AS teller, recorded_at AS since
    FROM records
    WHERE kind = 'note'
), judged AS (
    SELECT
        project, name AS id, COUNT(*) AS judged, SUM(CASE WHEN ARRAY_HAS(tags, 'useful') THEN 1 ELSE 0 END) AS useful
    FROM records
    WHERE kind = 'feedback'
    GROUP BY project, name
), tellers AS (
    SELECT things.teller, SUM(judged.judged) AS judged, SUM(judged.useful) AS useful
    FROM judged
    INNER JOIN things ON things.project = judged.project AND things.id = judged.id
    GROUP BY things.teller
)
SELECT
    things.kind, things.teller, things.since, COALESCE(judged.judged, 0) AS judged, COALESCE(judged.useful, 0) AS useful,
    COALESCE(tellers.judged, 0) AS teller_judged, COALESCE(tellers.useful, 0) AS teller_useful
FROM things
LEFT JOIN judged ON judged.project = things.project AND judged.id = things.id
LEFT JOIN tellers ON tellers.teller = things.teller
WHERE things.id = $1
LIMIT 1
