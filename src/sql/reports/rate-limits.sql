/* Requests that a provider refused with 429. The gateway has written these logs up to version 1.62; of newer ones */
/* `failures --code 429` tells. */
SELECT date(e."startTime") AS day,
       e.api_base,
       count(*) AS errors
FROM "LiteLLM_ErrorLogs" AS e
WHERE e.status_code = '429'
  AND e."startTime" >= :from
  AND e."startTime" < :to
  AND e.model_group = :model_group
  AND e.litellm_model_name = :model
GROUP BY date(e."startTime"), e.api_base
ORDER BY day, errors DESC, e.api_base
