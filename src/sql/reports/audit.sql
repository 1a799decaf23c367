/* The values are rows as they were and as they became, and may hold secrets: of a key that was created its plain text. */
/* A team or key is looked for in both. */
SELECT a.id,
       a.updated_at,
       a.changed_by,
       a.changed_by_api_key,
       a.action,
       a.table_name,
       a.object_id,
       a.before_value,
       a.updated_values
FROM "LiteLLM_AuditLog" AS a
WHERE true
  AND a.updated_at >= :from
  AND a.updated_at < :to
  AND a.changed_by = :changed_by
  AND a.changed_by_api_key = :changed_by_key
  AND a.action = :action
  AND a.table_name = :table
  AND a.object_id = :object
  AND :team IN (CASE WHEN json_valid(a.before_value) THEN a.before_value ->> '$.team_id' END, CASE WHEN json_valid(a.updated_values) THEN a.updated_values ->> '$.team_id' END)
  AND :key IN (CASE WHEN json_valid(a.before_value) THEN a.before_value ->> '$.token' END, CASE WHEN json_valid(a.updated_values) THEN a.updated_values ->> '$.token' END)
ORDER BY a.updated_at DESC --? order=newest
ORDER BY a.updated_at --? order=oldest
LIMIT :limit
OFFSET :offset
