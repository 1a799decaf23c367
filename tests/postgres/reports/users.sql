SELECT user_id, user_alias, user_email, user_role, teams, organization_id, spend, max_budget, budget_duration, budget_reset_at,
(SELECT string_agg(key_alias, ', ' ORDER BY key_alias) FROM "LiteLLM_VerificationToken" v WHERE v.user_id = u.user_id) AS key_aliases,
models
FROM "LiteLLM_UserTable" u
WHERE (:'user' = '*' OR user_id = :'user') AND (:'role' = '*' OR user_role = :'role')
AND (:'email' = '*' OR user_email ILIKE :'email') AND (:'organization' = '*' OR organization_id = :'organization')
AND (:'team' = '*' OR :'team' = ANY (teams))
ORDER BY spend DESC, user_id LIMIT :limit OFFSET :offset
