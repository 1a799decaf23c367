/* The last 30 days up to now. The gateway's view counts them back from today in the server's time zone; here a day is UTC's. */
SELECT s.model AS model,
       coffer_sum(s.spend) AS total_spend
FROM "LiteLLM_SpendLogs" AS s --? source=rows
FROM :groups AS s
WHERE s."startTime" >= datetime('now', 'start of day', '-30 days')
  AND s.model <> ''
GROUP BY s.model
ORDER BY total_spend DESC
