-- One row a judgement: an item that was given in answer to a question with a score, and whether it was useful. Of
-- equal questions to one operation the newest counts.
WITH feedback AS (
    SELECT project, name AS id, text AS query, array_has(tags, 'useful') AS useful
    FROM records
    WHERE kind = 'feedback'
), told AS (
    SELECT
        accesses.project AS project,
        accesses.operation AS operation,
        accesses.query AS query,
        feedback.id AS id,
        feedback.useful AS useful,
        accesses.scores AS scores,
        array_position(accesses.ids, feedback.id) AS place,
        ROW_NUMBER() OVER (
            PARTITION BY accesses.project, accesses.operation, accesses.query, feedback.id
            ORDER BY accesses.accessed_at DESC, accesses.id
        ) AS newest
    FROM accesses
    INNER JOIN feedback ON accesses.project = feedback.project AND accesses.query = feedback.query
    WHERE array_has(accesses.ids, feedback.id)
)
SELECT operation, id, useful, scores, place
FROM told
WHERE newest = 1
ORDER BY operation, id
