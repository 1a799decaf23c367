SELECT tag #>> '{}' AS tag, count(*) AS requests, sum(spend) AS spend, sum(total_tokens) AS total_tokens
FROM chosen, jsonb_path_query(CASE jsonb_typeof(request_tags) WHEN 'array' THEN request_tags END, 'strict $[*] ? (@.type() == "string")') tag
WHERE :'tag' = '*' OR tag = to_jsonb(:'tag'::text)
GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT :limit
