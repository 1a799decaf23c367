/* A mail address is found in either case of its ASCII letters, a team in the user's own list. `spend` is the gateway's counter, */
/* which is reset with the budget: not the sum of the logs. */
SELECT u.user_id,
       u.user_alias,
       u.user_email,
       u.user_role,
       u.teams,
       u.organization_id,
       u.spend,
       u.max_budget,
       u.budget_duration,
       u.budget_reset_at,
       u.created_at, --?
       (SELECT group_concat(n.key_alias, ', ') FROM (SELECT k.key_alias FROM "LiteLLM_VerificationToken" AS k WHERE k.user_id = u.user_id ORDER BY k.key_alias) AS n) AS key_aliases, --?
       u.models
FROM "LiteLLM_UserTable" AS u
WHERE true
  AND u.user_id = :user
  AND u.user_role = :role
  AND lower(u.user_email) = lower(:email)
  AND u.organization_id = :organization
  AND EXISTS (SELECT 1 FROM json_each(iif(json_valid(u.teams), u.teams, '[]')) AS e WHERE e.value = :team)
ORDER BY u.spend DESC, u.user_id --? order=spend
ORDER BY u.created_at DESC NULLS LAST, u.user_id --? order=newest
LIMIT :limit
OFFSET :offset
