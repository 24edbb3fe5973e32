-- A row for each episode that has a title, took some time and did not fail, the newest first.
SELECT id, session, title, started_at, ended_at
FROM episodes
WHERE title IS NOT NULL AND ended_at > started_at AND (outcome IS NULL OR outcome <> 'failure')
ORDER BY ended_at DESC
LIMIT $1
