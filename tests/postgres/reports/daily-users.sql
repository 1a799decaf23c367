SELECT "startTime"::date AS day, CASE "user" WHEN '' THEN NULL ELSE "user" END AS "user", api_key, count(*) AS requests, sum(spend) AS spend, sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens, sum(total_tokens) AS total_tokens
FROM chosen GROUP BY 1, 2, 3 ORDER BY 1, 5 DESC, 2, 3
