-- One row a relation, as the newest run left it.
SELECT from_entity, to_entity, kind, support, weight, told, valid_from, valid_until, last_at
FROM relations
