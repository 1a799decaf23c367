/* An alias is found by any part of it, ASCII letters in either case. `spend` is the gateway's counter, which is reset with the */
/* budget: not the sum of the logs. */
SELECT k.token,
       k.key_name,
       k.key_alias,
       k.user_id,
       k.team_id,
       k.organization_id, --?
       k.spend,
       k.max_budget,
       k.budget_duration,
       k.budget_reset_at,
       k.expires,
       k.blocked,
       k.models,
       k.created_at,
       k.updated_at
FROM "LiteLLM_VerificationToken" AS k
WHERE true
  AND k.token = :key
  AND k.user_id = :user
  AND k.team_id = :team
  AND k.organization_id = :organization --?
  AND instr(lower(k.key_alias), lower(:alias)) > 0
ORDER BY k.spend DESC, k.token --? order=spend
ORDER BY k.created_at DESC NULLS LAST, k.token --? order=newest
LIMIT :limit
OFFSET :offset
