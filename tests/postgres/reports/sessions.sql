SELECT session_id, count(*) AS requests, sum(spend) AS spend, sum(total_tokens) AS total_tokens, min("startTime") AS first,
max("startTime") AS last
FROM chosen WHERE length(session_id) > 0 GROUP BY 1 ORDER BY 6 DESC, 1 LIMIT :limit OFFSET :offset
