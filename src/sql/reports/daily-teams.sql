/* A request of no team has an empty text or NULL there: one group, whose team is NULL. Teams of one name stay apart. */
SELECT g.day,
       g.team_id,
       t.team_alias, --?
       g.requests,
       g.spend,
       g.prompt_tokens,
       g.completion_tokens,
       g.total_tokens
FROM (
SELECT date(s."startTime") AS day,
       nullif(s.team_id, '') AS team_id,
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
GROUP BY date(s."startTime"), nullif(s.team_id, '')
) AS g
LEFT JOIN "LiteLLM_TeamTable" AS t ON t.team_id = g.team_id --?
ORDER BY g.day, g.spend DESC, g.team_id NULLS LAST
