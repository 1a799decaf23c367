SELECT token, key_name, key_alias, user_id, team_id, spend, max_budget, budget_duration, budget_reset_at, expires, blocked, models,
created_at, updated_at
FROM "LiteLLM_VerificationToken"
WHERE (:'key' = '*' OR token = :'key') AND (:'user' = '*' OR user_id = :'user') AND (:'team' = '*' OR team_id = :'team')
AND (:'alias' = '*' OR key_alias ILIKE '%' || :'alias' || '%')
ORDER BY CASE :'order' WHEN 'spend' THEN spend END DESC, CASE :'order' WHEN 'newest' THEN created_at END DESC NULLS LAST, token
LIMIT :limit OFFSET :offset
