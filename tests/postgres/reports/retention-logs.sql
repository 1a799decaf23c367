SELECT request_id, "startTime", model, api_key, "user", team_id, end_user, spend, total_tokens
FROM "LiteLLM_SpendLogs" WHERE "startTime" < :'before' ORDER BY "startTime" LIMIT :limit OFFSET :offset
