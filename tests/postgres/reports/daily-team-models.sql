WITH numbered AS (SELECT *, CASE team_id WHEN '' THEN NULL ELSE team_id END AS team FROM chosen)
SELECT "startTime"::date AS day, team AS team_id, (SELECT team_alias FROM "LiteLLM_TeamTable" WHERE "LiteLLM_TeamTable".team_id = team) AS team_alias,
CASE model WHEN '' THEN NULL ELSE model END AS model, api_key,
(SELECT key_alias FROM "LiteLLM_VerificationToken" WHERE token = api_key) AS key_alias, count(*) AS requests, sum(spend) AS spend, sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens, sum(total_tokens) AS total_tokens
FROM numbered GROUP BY 1, 2, 4, 5 ORDER BY 1, 2, 4, 5
