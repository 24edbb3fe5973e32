-- One row: the episode of a session within which a time falls.
SELECT id, title, outcome, started_at, ended_at
FROM episodes
WHERE session = $1 AND started_at <= arrow_cast($2, 'Timestamp(Microsecond, Some("UTC"))')
ORDER BY started_at DESC
LIMIT 1
