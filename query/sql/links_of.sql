-- One row a link that somebody made and that names this item.
SELECT body FROM records WHERE kind IN ('memory_link', 'note_link', 'relation') AND STRPOS(body, $1) > 0
