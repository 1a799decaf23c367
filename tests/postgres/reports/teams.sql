SELECT team_id, team_alias, organization_id, spend, max_budget, budget_duration, budget_reset_at, blocked, models,
(SELECT count(*) FROM "LiteLLM_TeamMembership" m WHERE m.team_id = t.team_id) AS members,
(SELECT count(*) FROM "LiteLLM_VerificationToken" v WHERE v.team_id = t.team_id) AS keys, created_at
FROM "LiteLLM_TeamTable" t
WHERE (:'team' = '*' OR team_id = :'team') AND (:'organization' = '*' OR organization_id = :'organization')
AND (:'alias' = '*' OR team_alias ILIKE '%' || :'alias' || '%')
ORDER BY CASE :'order' WHEN 'spend' THEN spend END DESC, CASE :'order' WHEN 'newest' THEN created_at END DESC, team_id
LIMIT :limit OFFSET :offset
