/* The last 30 days up to now. The gateway's view counts them back from today in the server's time zone; here a day is UTC's. */
SELECT date(s."startTime") AS date,
       coffer_sum(s.spend) AS spend,
       s.api_key AS api_key
FROM "LiteLLM_SpendLogs" AS s --? source=rows
FROM :groups AS s
WHERE s."startTime" >= datetime('now', 'start of day', '-30 days')
GROUP BY date(s."startTime"), s.api_key
