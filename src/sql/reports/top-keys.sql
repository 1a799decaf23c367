/* Keys stand as the logs have them: hashes, and what is none ("", "None", "litellm_proxy_master_key"). A key that is gone has */
/* no name. */
SELECT g.api_key,
       k.key_alias, --?
       k.key_name, --?
       g.requests,
       g.spend,
       g.prompt_tokens,
       g.completion_tokens,
       g.total_tokens
FROM (
SELECT s.api_key,
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
GROUP BY s.api_key
ORDER BY spend DESC, s.api_key
LIMIT :limit
) AS g
LEFT JOIN "LiteLLM_VerificationToken" AS k ON k.token = g.api_key --?
ORDER BY g.spend DESC, g.api_key
