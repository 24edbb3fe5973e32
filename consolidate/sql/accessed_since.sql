-- One row, if anything was asked at $1, in microseconds, or later.
SELECT id FROM accesses WHERE accessed_at >= to_timestamp_micros($1) LIMIT 1
