/* `spend` is the gateway's counter, which is reset with the budget: not the sum of the logs. */
SELECT t.team_id,
       t.team_alias,
       t.organization_id,
       t.spend,
       t.max_budget,
       t.budget_duration,
       t.budget_reset_at,
       t.blocked,
       t.models,
       (SELECT count(*) FROM "LiteLLM_TeamMembership" AS m WHERE m.team_id = t.team_id) AS members, --?
       (SELECT count(*) FROM "LiteLLM_VerificationToken" AS k WHERE k.team_id = t.team_id) AS keys, --?
       t.created_at
FROM "LiteLLM_TeamTable" AS t
WHERE true
  AND t.team_id = :team
  AND t.organization_id = :organization
  AND instr(lower(t.team_alias), lower(:alias)) > 0
ORDER BY t.spend DESC, t.team_id --? order=spend
ORDER BY t.created_at DESC, t.team_id --? order=newest
LIMIT :limit
OFFSET :offset
