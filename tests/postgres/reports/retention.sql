SELECT date_trunc('day', "startTime")::date AS day, count(*) AS requests, sum(spend) AS spend, sum(total_tokens) AS total_tokens
FROM "LiteLLM_SpendLogs" WHERE "startTime" < :'before' GROUP BY 1 ORDER BY 1
