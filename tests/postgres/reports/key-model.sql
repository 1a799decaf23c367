SELECT count(*) AS requests, sum(spend) AS spend, sum(total_tokens) AS total_tokens, min("startTime") AS first, max("startTime") AS last
FROM chosen
