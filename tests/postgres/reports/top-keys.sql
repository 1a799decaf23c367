SELECT api_key, max(key_alias) AS key_alias, max(key_name) AS key_name, count(*) AS requests, sum(c.spend) AS spend,
sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens, sum(total_tokens) AS total_tokens
FROM chosen c LEFT JOIN "LiteLLM_VerificationToken" ON token = api_key
GROUP BY api_key ORDER BY 5 DESC, 1 LIMIT :limit
