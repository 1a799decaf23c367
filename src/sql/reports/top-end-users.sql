/* Requests of no end user, where the text is empty or NULL, are left out. */
SELECT s.end_user,
       count(*) AS requests,
       coffer_sum(s.spend) AS spend,
       sum(s.prompt_tokens) AS prompt_tokens,
       sum(s.completion_tokens) AS completion_tokens,
       sum(s.total_tokens) AS total_tokens
FROM "LiteLLM_SpendLogs" AS s
WHERE true
  AND s."startTime" >= :from
  AND s."startTime" < :to
  AND s.end_user <> ''
  AND s.api_key = :key
  AND s."user" = :user
  AND s.team_id = :team
  AND s.end_user = :end_user
  AND s.model = :model
  AND s.model_group = :model_group
GROUP BY s.end_user
ORDER BY spend DESC, s.end_user
LIMIT :limit
