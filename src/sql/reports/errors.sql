/* The gateway has written these logs up to version 1.62; of newer ones the report `failures` tells. */
SELECT e.exception_type,
       e.litellm_model_name AS model,
       e.api_base,
       count(*) AS errors,
       min(e."startTime") AS first,
       max(e."startTime") AS last
FROM "LiteLLM_ErrorLogs" AS e
WHERE true
  AND e."startTime" >= :from
  AND e."startTime" < :to
  AND e.model_group = :model_group
  AND e.litellm_model_name = :model
GROUP BY e.exception_type, e.litellm_model_name, e.api_base
ORDER BY errors DESC, e.exception_type, e.litellm_model_name, e.api_base
LIMIT :limit
