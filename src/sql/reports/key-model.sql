/* What a key has spent on a model: what budgets of single models are held against. */
SELECT count(*) AS requests,
       coffer_sum(s.spend) AS spend,
       sum(s.total_tokens) AS total_tokens,
       min(s."startTime") AS first,
       max(s."startTime") AS last
FROM "LiteLLM_SpendLogs" AS s
WHERE s.api_key = :key
  AND s.model = :model
  AND s."startTime" >= :from
  AND s."startTime" < :to
