-- One row an entity that is named anywhere.
SELECT DISTINCT subject AS id FROM named WHERE part = 'entity'
