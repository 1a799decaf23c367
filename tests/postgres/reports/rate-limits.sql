SELECT "startTime"::date AS day, api_base, count(*) FILTER (WHERE status_code = '429') AS errors
FROM "LiteLLM_ErrorLogs"
WHERE (:'from' = '*' OR "startTime" >= CAST(nullif(:'from', '*') AS timestamp))
AND (:'to' = '*' OR "startTime" < CAST(nullif(:'to', '*') AS timestamp))
AND (:'model' = '*' OR litellm_model_name = :'model') AND (:'model_group' = '*' OR model_group = :'model_group')
GROUP BY 1, 2 HAVING bool_or(status_code = '429') ORDER BY 1, 3 DESC, 2
