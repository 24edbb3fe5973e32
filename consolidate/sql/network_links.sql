-- One row a relation as the run before left it, as far as communities are concerned.
SELECT from_entity, to_entity, kind, support, weight, told
FROM relations
