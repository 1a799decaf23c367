/* The gateway's page of logs. A filter takes the text as it is: '' finds rows with an empty text, not those with NULL. */
/* Without a status a row is a success, as the gateway shows it. Rows of the same time come in no order of their own. */
SELECT s.request_id,
       s."startTime",
       s."endTime",
       s.call_type,
       s.model,
       s.model_group,
       s.model_id,
       s.api_key,
       s."user",
       s.team_id,
       s.end_user,
       s.session_id, --?
       coalesce(s.status, 'success') AS status, --?
       s.spend,
       s.prompt_tokens,
       s.completion_tokens,
       s.total_tokens,
       s.request_duration_ms, --?
       s.cache_hit,
       s.requester_ip_address
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
  AND s.model_id = :model_id
  AND s.request_id = :request
  AND coalesce(s.status, 'success') = :status --?
  AND s.spend >= :min_spend
  AND s.spend <= :max_spend
ORDER BY s."startTime" DESC --? order=newest
ORDER BY s."startTime" --? order=oldest
ORDER BY s.spend DESC, s.request_id --? order=dearest
ORDER BY s.spend, s.request_id --? order=cheapest
ORDER BY s.total_tokens DESC, s.request_id --? order=most-tokens
ORDER BY s.total_tokens, s.request_id --? order=fewest-tokens
ORDER BY s."endTime" DESC, s.request_id --? order=last-ended
ORDER BY s.request_duration_ms DESC, s.request_id --? order=longest
ORDER BY s.request_duration_ms, s.request_id --? order=shortest
LIMIT :limit
OFFSET :offset
