SELECT end_user, count(*) AS requests, sum(spend) AS spend, sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens, sum(total_tokens) AS total_tokens
FROM chosen WHERE length(end_user) > 0 GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT :limit
