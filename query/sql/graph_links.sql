-- One row a relation, as the newest run left it; the strongest first.
SELECT from_entity, to_entity, kind, support, weight, told, valid_from, valid_until, last_at
FROM relations
ORDER BY support DESC, id
