/* The texts of request_tags, a JSON array; a value that is no array, and elements that are no texts, have no tag. A tag that */
/* a request has twice counts twice, as the gateway counts it. */
SELECT e.value AS tag,
       date(s."startTime") AS day,
       count(*) AS requests,
       coffer_sum(s.spend) AS spend,
       sum(s.total_tokens) AS total_tokens
FROM "LiteLLM_SpendLogs" AS s,
     json_each(s.request_tags) AS e
WHERE typeof(e.key) = 'integer'
  AND e.type = 'text'
  AND s."startTime" >= :from
  AND s."startTime" < :to
  AND s.api_key = :key
  AND s."user" = :user
  AND s.team_id = :team
  AND s.end_user = :end_user
  AND s.model = :model
  AND s.model_group = :model_group
  AND e.value = :tag
GROUP BY date(s."startTime"), e.value
ORDER BY day, spend DESC, tag
LIMIT :limit
