/* The same row by row, in the order in which retention takes its batches. */
SELECT s.request_id,
       s."startTime",
       s.model,
       s.api_key,
       s."user",
       s.team_id,
       s.end_user,
       s.spend,
       s.total_tokens
FROM "LiteLLM_SpendLogs" AS s
WHERE s."startTime" < :before
ORDER BY s."startTime"
LIMIT :limit
OFFSET :offset
