/* The requests of one session in their order. */
SELECT s.request_id,
       s."startTime",
       s."endTime",
       s.call_type,
       s.model,
       s.api_key,
       s."user",
       s.end_user,
       coalesce(s.status, 'success') AS status, --?
       s.spend,
       s.prompt_tokens,
       s.completion_tokens,
       s.total_tokens
FROM "LiteLLM_SpendLogs" AS s
WHERE s.session_id = :session
ORDER BY s."startTime"
LIMIT :limit
OFFSET :offset
