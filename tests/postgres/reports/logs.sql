SELECT request_id, "startTime", "endTime", call_type, model, model_group, model_id, api_key, "user", team_id, end_user, spend,
prompt_tokens, completion_tokens, total_tokens, cache_hit, requester_ip_address
FROM chosen
WHERE (:'request' = '*' OR request_id = :'request') AND (:'model_id' = '*' OR model_id = :'model_id')
AND (:'min_spend' = '*' OR spend >= CAST(nullif(:'min_spend', '*') AS float8))
AND (:'max_spend' = '*' OR spend <= CAST(nullif(:'max_spend', '*') AS float8))
ORDER BY CASE :'order' WHEN 'newest' THEN extract(epoch FROM "startTime") WHEN 'dearest' THEN spend
	WHEN 'most-tokens' THEN total_tokens WHEN 'last-ended' THEN extract(epoch FROM "endTime") END DESC,
CASE :'order' WHEN 'oldest' THEN extract(epoch FROM "startTime") WHEN 'cheapest' THEN spend
	WHEN 'fewest-tokens' THEN total_tokens END, request_id
LIMIT :limit OFFSET :offset
