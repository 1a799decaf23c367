/* Failed requests of gateways from version 1.63 on, which keep them among the spend logs. A row without error_information has */
/* NULL there. */
SELECT g.error_code,
       g.error_class,
       g.model,
       count(*) AS errors,
       min(g."startTime") AS first,
       max(g."startTime") AS last
FROM (
SELECT s."startTime",
       CASE WHEN json_valid(s.metadata) THEN s.metadata ->> '$.error_information.error_code' END AS error_code,
       CASE WHEN json_valid(s.metadata) THEN s.metadata ->> '$.error_information.error_class' END AS error_class,
       nullif(s.model, '') AS model
FROM "LiteLLM_SpendLogs" AS s
WHERE s.status = 'failure'
  AND s."startTime" >= :from
  AND s."startTime" < :to
  AND s.api_key = :key
  AND s."user" = :user
  AND s.team_id = :team
  AND s.end_user = :end_user
  AND s.model = :model
  AND s.model_group = :model_group
) AS g
WHERE true
  AND g.error_code = :code
GROUP BY g.error_code, g.error_class, g.model
ORDER BY errors DESC, g.error_code NULLS LAST, g.error_class NULLS LAST, g.model NULLS LAST
LIMIT :limit
