SELECT token, key_name, key_alias, v.user_id, v.team_id, v.spend, v.max_budget, v.budget_duration, v.budget_reset_at, expires,
v.blocked, v.models, v.tpm_limit, v.rpm_limit, v.max_parallel_requests, v.model_max_budget::text, team_alias, teams.spend AS team_spend,
teams.max_budget AS team_max_budget, teams.tpm_limit AS team_tpm_limit, teams.rpm_limit AS team_rpm_limit,
teams.models AS team_models, teams.blocked AS team_blocked, aliases_of.aliases::text AS team_model_aliases,
members.spend AS team_member_spend, budgets.max_budget AS budget_max_budget, budgets.soft_budget AS budget_soft_budget,
budgets.tpm_limit AS budget_tpm_limit, budgets.rpm_limit AS budget_rpm_limit,
budgets.budget_reset_at AS budget_budget_reset_at, v.metadata::text
FROM "LiteLLM_VerificationToken" v
LEFT JOIN "LiteLLM_TeamTable" teams USING (team_id)
LEFT JOIN "LiteLLM_TeamMembership" members ON (members.user_id, members.team_id) = (v.user_id, v.team_id)
LEFT JOIN "LiteLLM_ModelTable" aliases_of ON aliases_of.id = teams.model_id
LEFT JOIN "LiteLLM_BudgetTable" budgets ON budgets.budget_id = v.budget_id
WHERE token = :'key'
