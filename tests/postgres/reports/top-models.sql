SELECT CASE model WHEN '' THEN NULL ELSE model END AS model, count(*) AS requests, sum(spend) AS spend, sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens, sum(total_tokens) AS total_tokens
FROM chosen GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT :limit
