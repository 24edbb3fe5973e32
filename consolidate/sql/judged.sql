-- One row a judgement that there is.
SELECT DISTINCT id FROM verdicts
