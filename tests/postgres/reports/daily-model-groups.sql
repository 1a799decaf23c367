SELECT "startTime"::date AS day, CASE model_group WHEN '' THEN NULL ELSE model_group END AS model_group, count(*) AS requests, sum(spend) AS spend, sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens, sum(total_tokens) AS total_tokens
FROM chosen GROUP BY 1, 2 ORDER BY 1, 4 DESC, 2
