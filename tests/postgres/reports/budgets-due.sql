SELECT * FROM (
SELECT 'key' AS kind, token AS id, key_alias AS alias, spend, max_budget, budget_duration, budget_reset_at
FROM "LiteLLM_VerificationToken" WHERE NOT coalesce(expires <= :'at', false)
UNION SELECT 'user', user_id, user_alias, spend, max_budget, budget_duration, budget_reset_at FROM "LiteLLM_UserTable"
UNION SELECT 'team', team_id, team_alias, spend, max_budget, budget_duration, budget_reset_at FROM "LiteLLM_TeamTable"
UNION SELECT 'budget', budget_id, NULL, NULL, max_budget, budget_duration, budget_reset_at FROM "LiteLLM_BudgetTable") things
WHERE budget_reset_at < :'at' ORDER BY budget_reset_at, kind, id LIMIT :limit OFFSET :offset
