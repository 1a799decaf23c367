/* A request of no team has an empty text or NULL there: one group, whose team is NULL; likewise of no model. */
SELECT g.day,
       g.team_id,
       t.team_alias, --?
       g.model,
       g.api_key,
       k.key_alias, --?
       g.requests,
       g.spend,
       g.prompt_tokens,
       g.completion_tokens,
       g.total_tokens
FROM (
SELECT date(s."startTime") AS day,
       nullif(s.team_id, '') AS team_id,
       nullif(s.model, '') AS model,
       s.api_key,
       count(*) AS requests,
       coffer_sum(s.spend) AS spend,
       sum(s.prompt_tokens) AS prompt_tokens,
       sum(s.completion_tokens) AS completion_tokens,
       sum(s.total_tokens) AS total_tokens
FROM "LiteLLM_SpendLogs" AS s
WHERE true
  AND s."startTime" >= :from
  AND s."startTime" < :to
  AND s.api_key = :key
  AND s."user" = :user
  AND s.team_id = :team
  AND s.end_user = :end_user
  AND s.model = :model
  AND s.model_group = :model_group
GROUP BY date(s."startTime"), nullif(s.team_id, ''), nullif(s.model, ''), s.api_key
) AS g
LEFT JOIN "LiteLLM_TeamTable" AS t ON t.team_id = g.team_id --?
LEFT JOIN "LiteLLM_VerificationToken" AS k ON k.token = g.api_key --?
ORDER BY g.day, g.team_id NULLS LAST, g.model NULLS LAST, g.api_key
