SELECT exception_type, litellm_model_name AS model, api_base, count(*) AS errors, min("startTime") AS first, max("startTime") AS last
FROM "LiteLLM_ErrorLogs"
WHERE (:'from' = '*' OR "startTime" >= CAST(nullif(:'from', '*') AS timestamp))
AND (:'to' = '*' OR "startTime" < CAST(nullif(:'to', '*') AS timestamp))
AND (:'model' = '*' OR litellm_model_name = :'model') AND (:'model_group' = '*' OR model_group = :'model_group')
GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT :limit
