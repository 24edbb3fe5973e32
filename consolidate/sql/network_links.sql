-- One row a relation as this run leaves it, as far as communities are concerned.
SELECT from_entity, to_entity, run, kind, support, weight, told
FROM now_relations
ORDER BY id
