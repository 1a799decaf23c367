/* Requests of no session, where it is NULL or empty, are left out. */
SELECT s.session_id,
       count(*) AS requests,
       coffer_sum(s.spend) AS spend,
       sum(s.total_tokens) AS total_tokens,
       min(s."startTime") AS first,
       max(s."startTime") AS last
FROM "LiteLLM_SpendLogs" AS s
WHERE s.session_id <> ''
  AND s."startTime" >= :from
  AND s."startTime" < :to
  AND s.api_key = :key
  AND s."user" = :user
  AND s.team_id = :team
  AND s.end_user = :end_user
  AND s.model = :model
  AND s.model_group = :model_group
GROUP BY s.session_id
ORDER BY last DESC, s.session_id
LIMIT :limit
OFFSET :offset
