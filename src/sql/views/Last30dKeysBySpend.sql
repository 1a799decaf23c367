/* The last 30 days up to now. The gateway's view counts them back from today in the server's time zone; here a day is UTC's. */
SELECT s.api_key AS api_key,
       k.key_alias AS key_alias,
       k.key_name AS key_name,
       coffer_sum(s.spend) AS total_spend
FROM "LiteLLM_SpendLogs" AS s --? source=rows
FROM :groups AS s
LEFT JOIN "LiteLLM_VerificationToken" AS k ON k.token = s.api_key
WHERE s."startTime" >= datetime('now', 'start of day', '-30 days')
GROUP BY s.api_key, k.key_alias, k.key_name
ORDER BY total_spend DESC
