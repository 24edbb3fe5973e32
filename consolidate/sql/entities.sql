-- One row an affected entity: sums over what names it, its names with the most frequent first, and newest events.
-- What only texts name must be named in two stretches of work.
WITH chosen AS (
    SELECT
        named.subject, named.session, named.context, named.kind, named.name, named.structural, named.mentions,
        named.first_at, named.last_at, named.evidence
    FROM named
    LEFT SEMI JOIN affected ON affected.id = named.subject
    WHERE named.part = 'entity'
),
sums AS (
    SELECT
        subject, MIN(kind) AS kind, SUM(mentions) AS mentions, COUNT(DISTINCT context) AS contexts,
        COUNT(DISTINCT session) AS sessions, MIN(first_at) AS first_at, MAX(last_at) AS last_at
    FROM chosen
    GROUP BY subject
    HAVING BOOL_OR(structural) OR COUNT(DISTINCT context) >= 2
),
spelled AS (
    SELECT subject, name, SUM(mentions) AS times FROM chosen GROUP BY subject, name
),
spelled_in_order AS (
    SELECT
        subject, name,
        ROW_NUMBER() OVER (PARTITION BY subject ORDER BY times DESC, name) AS place
    FROM spelled
),
names AS (
    SELECT subject, ARRAY_AGG(name ORDER BY place) AS names
    FROM spelled_in_order
    WHERE place <= 9
    GROUP BY subject
),
recent_in_order AS (
    SELECT
        subject, evidence,
        ROW_NUMBER() OVER (PARTITION BY subject ORDER BY last_at DESC, evidence) AS place
    FROM chosen
),
recent AS (
    SELECT subject, ARRAY_AGG(evidence ORDER BY place) AS evidence
    FROM recent_in_order
    WHERE place <= 5
    GROUP BY subject
)
SELECT
    sums.subject AS id, '' AS run, FALSE AS deleted, $1 AS project, sums.kind, '' AS name,
    names.names AS aliases, NULL AS attributes, sums.mentions, sums.contexts, sums.sessions, recent.evidence,
    sums.first_at, sums.last_at, FALSE AS told
FROM sums
INNER JOIN names ON names.subject = sums.subject
INNER JOIN recent ON recent.subject = sums.subject
ORDER BY sums.subject
