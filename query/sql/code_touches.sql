-- A row for each event that changed files or failed, of all types but one ($1).
SELECT project, id, time, session, type, tool, outcome, files, content, position
FROM events
WHERE type <> $1
    AND (
        outcome = 'failure'
        OR type IN ('file_change', 'code_edit', 'refactoring', 'merge_conflict', 'commit')
        OR (type = 'tool_call' AND tool IN ('Edit', 'MultiEdit', 'Write', 'NotebookEdit'))
    )
