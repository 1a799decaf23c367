/* What the gateway's reset of budgets would take at a time: keys that have not expired, users, teams, and shared budgets. */
SELECT 'key' AS kind, k.token AS id, k.key_alias AS alias, k.spend, k.max_budget, k.budget_duration, k.budget_reset_at
FROM "LiteLLM_VerificationToken" AS k
WHERE (k.expires IS NULL OR k.expires > :at) AND k.budget_reset_at < :at
UNION ALL
SELECT 'user', u.user_id, u.user_alias, u.spend, u.max_budget, u.budget_duration, u.budget_reset_at
FROM "LiteLLM_UserTable" AS u
WHERE u.budget_reset_at < :at
UNION ALL
SELECT 'team', t.team_id, t.team_alias, t.spend, t.max_budget, t.budget_duration, t.budget_reset_at
FROM "LiteLLM_TeamTable" AS t
WHERE t.budget_reset_at < :at
UNION ALL
SELECT 'budget', b.budget_id, NULL, NULL, b.max_budget, b.budget_duration, b.budget_reset_at
FROM "LiteLLM_BudgetTable" AS b
WHERE b.budget_reset_at < :at
ORDER BY budget_reset_at, kind, id
LIMIT :limit
OFFSET :offset
