-- One row: the partition into communities that was asked for last.
SELECT body FROM records WHERE kind = 'partition' ORDER BY position DESC LIMIT 1
