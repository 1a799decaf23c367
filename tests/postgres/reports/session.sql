SELECT request_id, "startTime", "endTime", call_type, model, api_key, "user", end_user,
CASE WHEN status IS NULL THEN 'success' ELSE status END AS status, spend, prompt_tokens, completion_tokens, total_tokens
FROM chosen WHERE session_id = :'session' ORDER BY "startTime" LIMIT :limit OFFSET :offset
