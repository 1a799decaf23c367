SELECT members.team_id, team_alias, members.user_id, user_email, members.spend, budgets.max_budget, budgets.budget_duration,
budgets.budget_reset_at, members.budget_id
FROM "LiteLLM_TeamMembership" members
NATURAL LEFT JOIN (SELECT team_id, team_alias FROM "LiteLLM_TeamTable") teams
NATURAL LEFT JOIN (SELECT user_id, user_email FROM "LiteLLM_UserTable") users
LEFT JOIN "LiteLLM_BudgetTable" budgets USING (budget_id)
WHERE (:'team' = '*' OR members.team_id = :'team') AND (:'user' = '*' OR members.user_id = :'user')
ORDER BY 1, 5 DESC, 3 LIMIT :limit OFFSET :offset
