/* What the gateway's retention would remove: every row from before a time. */
SELECT date(s."startTime") AS day,
       count(*) AS requests, --? source=rows
       sum(s.requests) AS requests, --? source=rollup
       coffer_sum(s.spend) AS spend,
       sum(s.total_tokens) AS total_tokens
FROM "LiteLLM_SpendLogs" AS s --? source=rows
FROM :groups AS s
WHERE s."startTime" < :before
GROUP BY date(s."startTime")
ORDER BY day
