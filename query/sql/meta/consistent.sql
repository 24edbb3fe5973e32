-- One row: how many facts hold, and how many of them nobody spoke against since.
SELECT COUNT(*) AS facts, COUNT(*) FILTER (WHERE against = 0) AS agreed
FROM facts
WHERE valid_until IS NULL
