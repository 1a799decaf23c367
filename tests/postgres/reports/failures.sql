SELECT metadata #>> '{error_information,error_code}' AS error_code, metadata #>> '{error_information,error_class}' AS error_class,
CASE model WHEN '' THEN NULL ELSE model END AS model, count(*) AS errors, min("startTime") AS first, max("startTime") AS last
FROM chosen WHERE status = 'failure'
AND (:'code' = '*' OR metadata #>> '{error_information,error_code}' = :'code')
GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT :limit
