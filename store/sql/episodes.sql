-- One row an episode as the newest complete run that wrote it left it.
WITH ranked AS (
    SELECT
        episodes_versions.id, episodes_versions.run, episodes_versions.deleted,
        episodes_versions.project, session, ordinal, agents, title, episodes_versions.started_at,
        episodes_versions.ended_at, events, first_event, last_event, outcome, failures, tools, files, cut,
        ROW_NUMBER() OVER (
            PARTITION BY episodes_versions.project, episodes_versions.id ORDER BY runs.number DESC
        ) AS age
    FROM episodes_versions
    INNER JOIN runs ON runs.id = episodes_versions.run AND runs.project = episodes_versions.project
    WHERE runs.status = 'complete'
)
SELECT
    id, run, project, session, ordinal, agents, title, started_at, ended_at, events, first_event,
    last_event, outcome, failures, tools, files, cut
FROM ranked
WHERE age = 1 AND NOT deleted
