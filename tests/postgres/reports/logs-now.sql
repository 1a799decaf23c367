SELECT request_id, "startTime", "endTime", call_type, model, model_group, model_id, api_key, "user", team_id, end_user, session_id,
CASE WHEN status IS NULL THEN 'success' ELSE status END AS status, spend, prompt_tokens, completion_tokens, total_tokens,
request_duration_ms, cache_hit, requester_ip_address
FROM chosen WHERE (:'status' = '*' OR status = :'status' OR (:'status' = 'success' AND status IS NULL))
ORDER BY CASE :'order' WHEN 'newest' THEN "startTime" END DESC, request_id LIMIT :limit OFFSET :offset
