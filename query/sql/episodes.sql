-- Episodes, the newest first.
SELECT
    id, project, session, ordinal, agents, title, started_at, ended_at, events, first_event, last_event, outcome, failures,
    tools, files, cut
FROM episodes
WHERE ($1 IS NULL OR session = $1) AND ($2 IS NULL OR outcome = $2)
    AND ($3 IS NULL OR array_has(files, $3))
ORDER BY started_at DESC
LIMIT $4
