-- Episodes, those with the most events first: what each was about, and what it rests on.
SELECT
    id, run, COALESCE(title, first_event) AS content, events AS support, 1 AS sessions, ended_at AS last_at,
    CAST(NULL AS DOUBLE) AS chance, COUNT(*) OVER () AS of_kind
FROM episodes
WHERE $1 IS NULL OR id = $1
ORDER BY events DESC, id
LIMIT $2
