-- One row an item that anything is known of: the importance that was told, and how often it was said to be useful, or
-- not.
WITH told AS (
    SELECT project, id, importance
    FROM memories
    WHERE importance IS NOT NULL
), judged AS (
    SELECT
        project,
        name AS id,
        SUM(CASE WHEN array_has(tags, 'useful') THEN 1 ELSE 0 END) AS useful,
        COUNT(*) AS judged
    FROM records
    WHERE kind = 'feedback'
    GROUP BY project, name
)
SELECT
    COALESCE(told.project, judged.project) AS project,
    COALESCE(told.id, judged.id) AS id,
    told.importance AS importance,
    judged.useful AS useful,
    judged.judged AS judged
FROM told
FULL OUTER JOIN judged ON told.project = judged.project AND told.id = judged.id
ORDER BY judged DESC NULLS LAST, project, id
