/* One request with all that is kept of it; of a partitioned table an id may have several rows. */
SELECT s.*
FROM "LiteLLM_SpendLogs" AS s
WHERE s.request_id = :request
