-- One row a session that is derived anew.
SELECT session FROM touched
