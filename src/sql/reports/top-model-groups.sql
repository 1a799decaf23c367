/* A request of no model group has an empty text or NULL there: one group, NULL. */
SELECT nullif(s.model_group, '') AS model_group,
       count(*) AS requests, --? source=rows
       sum(s.requests) AS requests, --? source=rollup
       coffer_sum(s.spend) AS spend,
       sum(s.prompt_tokens) AS prompt_tokens,
       sum(s.completion_tokens) AS completion_tokens,
       sum(s.total_tokens) AS total_tokens
FROM "LiteLLM_SpendLogs" AS s --? source=rows
FROM :groups AS s
WHERE true
  AND s."startTime" >= :from
  AND s."startTime" < :to
  AND s.api_key = :key
  AND s."user" = :user
  AND s.team_id = :team
  AND s.end_user = :end_user
  AND s.model = :model
  AND s.model_group = :model_group
GROUP BY nullif(s.model_group, '')
ORDER BY spend DESC, nullif(s.model_group, '') NULLS LAST
LIMIT :limit
