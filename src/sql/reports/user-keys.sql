/* A key of nobody has NULL or an empty text for its user: one group, NULL. */
SELECT g.user_id,
       u.user_email, --?
       g.keys,
       g.blocked,
       g.spend
FROM (
SELECT nullif(k.user_id, '') AS user_id,
       count(*) AS keys,
       count(CASE WHEN k.blocked THEN 1 END) AS blocked,
       coffer_sum(k.spend) AS spend
FROM "LiteLLM_VerificationToken" AS k
WHERE true
  AND k.user_id = :user
  AND k.team_id = :team
GROUP BY nullif(k.user_id, '')
) AS g
LEFT JOIN "LiteLLM_UserTable" AS u ON u.user_id = g.user_id --?
ORDER BY g.keys DESC, g.user_id NULLS LAST
LIMIT :limit
OFFSET :offset
