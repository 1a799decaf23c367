/* What the gateway looks up when a request comes with a key that it has not cached: the key with its team, what its user */
/* spent there, the team's model aliases and the key's own budget. What has no partner is NULL, as the gateway takes it. */
SELECT k.token,
       k.key_name,
       k.key_alias,
       k.user_id,
       k.team_id,
       k.spend,
       k.max_budget,
       k.budget_duration,
       k.budget_reset_at,
       k.expires,
       k.blocked,
       k.models,
       k.tpm_limit,
       k.rpm_limit,
       k.max_parallel_requests,
       k.model_max_budget,
       t.team_alias, --?
       t.spend AS team_spend, --?
       t.max_budget AS team_max_budget, --?
       t.tpm_limit AS team_tpm_limit, --?
       t.rpm_limit AS team_rpm_limit, --?
       t.models AS team_models, --?
       t.blocked AS team_blocked, --?
       a.aliases AS team_model_aliases, --?
       m.spend AS team_member_spend, --?
       b.max_budget AS budget_max_budget, --?
       b.soft_budget AS budget_soft_budget, --?
       b.tpm_limit AS budget_tpm_limit, --?
       b.rpm_limit AS budget_rpm_limit, --?
       b.budget_reset_at AS budget_budget_reset_at, --?
       k.metadata
FROM "LiteLLM_VerificationToken" AS k
LEFT JOIN "LiteLLM_TeamTable" AS t ON t.team_id = k.team_id --?
LEFT JOIN "LiteLLM_TeamMembership" AS m ON m.user_id = k.user_id AND m.team_id = k.team_id --?
LEFT JOIN "LiteLLM_ModelTable" AS a ON a.id = t.model_id --?
LEFT JOIN "LiteLLM_BudgetTable" AS b ON b.budget_id = k.budget_id --?
WHERE k.token = :key
