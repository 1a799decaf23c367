/* Each key with its team's spend and limits. */
SELECT k.*,
       t.spend AS team_spend,
       t.max_budget AS team_max_budget,
       t.tpm_limit AS team_tpm_limit,
       t.rpm_limit AS team_rpm_limit
FROM "LiteLLM_VerificationToken" AS k
LEFT JOIN "LiteLLM_TeamTable" AS t ON t.team_id = k.team_id
