-- One row a version of a model that a later complete run has replaced: nobody reads it any more.
SELECT models_versions.id, models_versions.run
FROM models_versions
INNER JOIN runs ON runs.id = models_versions.run
LEFT ANTI JOIN models ON models.id = models_versions.id AND models.run = models_versions.run
