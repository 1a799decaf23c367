WITH owned AS (SELECT CASE user_id WHEN '' THEN NULL ELSE user_id END AS owner, coalesce(blocked, false) AS is_blocked, spend
	FROM "LiteLLM_VerificationToken" WHERE (:'user' = '*' OR user_id = :'user') AND (:'team' = '*' OR team_id = :'team'))
SELECT owner AS user_id, (SELECT user_email FROM "LiteLLM_UserTable" WHERE user_id = owner) AS user_email, count(*) AS keys,
sum(is_blocked::int) AS blocked, sum(spend) AS spend
FROM owned GROUP BY owner ORDER BY 3 DESC, 1 LIMIT :limit OFFSET :offset
