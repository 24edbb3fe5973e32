-- One row a domain of work, with $1 one a domain and an agent: how much was done there, and how it ended, early and
-- late. A domain is the last two folders of a file touched, else the tool, else talk.
WITH told AS (
    SELECT
        id, project, COALESCE(session, CONCAT('agent:', COALESCE(agent, ''))) AS session, agent, time, position,
        outcome, tool, files
    FROM events
    WHERE type NOT LIKE 'athena.%'
), filed AS (
    SELECT id, project, UNNEST(files) AS file
    FROM told
), placed AS (
    SELECT DISTINCT
        id, project,
        CASE
            WHEN POSITION('/' IN file) = 0 THEN '.'
            ELSE REGEXP_REPLACE(REGEXP_REPLACE(file, '/[^/]*$', ''), '^.*/([^/]+/[^/]+)$', '${1}')
        END AS place
    FROM filed
), done AS (
    SELECT
        CASE
            WHEN placed.place IS NOT NULL THEN placed.place
            WHEN told.tool IS NOT NULL THEN CONCAT('tool ', told.tool)
            ELSE 'talk'
        END AS domain,
        CASE WHEN $1 THEN COALESCE(told.agent, '') END AS agent,
        told.session, told.time, told.position, told.outcome
    FROM told
    LEFT JOIN placed ON placed.id = told.id AND placed.project = told.project
), ended AS (
    SELECT
        domain, agent, session, time, outcome,
        outcome IN ('success', 'failure') AS known,
        SUM(CASE WHEN outcome IN ('success', 'failure') THEN 1 ELSE 0 END)
            OVER (PARTITION BY domain, agent ORDER BY time, position ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
            AS number,
        SUM(CASE WHEN outcome IN ('success', 'failure') THEN 1 ELSE 0 END) OVER (PARTITION BY domain, agent) AS outcomes
    FROM done
)
SELECT
    domain, agent, COUNT(*) AS events, COUNT(DISTINCT session) AS sessions, MAX(outcomes) AS outcomes,
    COUNT(*) FILTER (WHERE outcome = 'success') AS successes,
    COUNT(*) FILTER (WHERE known AND number * 2 <= outcomes) AS early,
    COUNT(*) FILTER (WHERE outcome = 'success' AND number * 2 <= outcomes) AS early_successes,
    MAX(time) AS last_at
FROM ended
WHERE ($2 IS NULL OR domain = $2) AND ($3 IS NULL OR agent = $3)
GROUP BY domain, agent
ORDER BY events DESC, domain, agent
LIMIT $4
