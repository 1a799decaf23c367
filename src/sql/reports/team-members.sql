/* What each member has spent in a team, and the budget that holds there. */
SELECT m.team_id,
       t.team_alias, --?
       m.user_id,
       u.user_email, --?
       m.spend,
       b.max_budget, --?
       b.budget_duration, --?
       b.budget_reset_at, --?
       m.budget_id
FROM "LiteLLM_TeamMembership" AS m
LEFT JOIN "LiteLLM_TeamTable" AS t ON t.team_id = m.team_id --?
LEFT JOIN "LiteLLM_UserTable" AS u ON u.user_id = m.user_id --?
LEFT JOIN "LiteLLM_BudgetTable" AS b ON b.budget_id = m.budget_id --?
WHERE true
  AND m.team_id = :team
  AND m.user_id = :user
ORDER BY m.team_id, m.spend DESC, m.user_id
LIMIT :limit
OFFSET :offset
