-- A row a partition: its first offset that the log took at or after a time.
SELECT log_topic, log_partition, MIN(log_offset) AS first
FROM events
WHERE received_at >= arrow_cast($1, 'Timestamp(Microsecond, Some("UTC"))')
GROUP BY log_topic, log_partition
ORDER BY log_topic, log_partition
