-- A row for each event that tells where somebody is at work, in a session ($1) or any, the newest first.
SELECT id, time, session, type, tool, files, attributes
FROM events
WHERE ($1 IS NULL OR session = $1)
    AND (
        type IN (
            'editor', 'editor_open', 'editor_close', 'file_open', 'file_close', 'file_change', 'code_edit',
            'refactoring', 'session_start'
        )
        OR (type = 'tool_call' AND tool IN ('Edit', 'MultiEdit', 'Write', 'NotebookEdit'))
    )
ORDER BY time DESC, position DESC
LIMIT 1000
