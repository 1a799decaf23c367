/* All days, not the last 30. The gateway's view fails as a whole when request_tags of any row is no array; here such a row has no */
/* tag, and neither has an element that is no text. A tag that a request has twice counts twice, as there. */
SELECT e.value AS individual_request_tag,
       date(s."startTime") AS spend_date,
       count(*) AS log_count,
       coffer_sum(s.spend) AS total_spend
FROM "LiteLLM_SpendLogs" AS s,
     json_each(s.request_tags) AS e
WHERE typeof(e.key) = 'integer'
  AND e.type = 'text'
GROUP BY e.value, date(s."startTime")
