SELECT id, updated_at, changed_by, changed_by_api_key, action, table_name, object_id, before_value::text, updated_values::text
FROM "LiteLLM_AuditLog"
WHERE (:'from' = '*' OR updated_at >= CAST(nullif(:'from', '*') AS timestamp))
AND (:'to' = '*' OR updated_at < CAST(nullif(:'to', '*') AS timestamp))
AND (:'changed_by' = '*' OR changed_by = :'changed_by')
AND (:'changed_by_key' = '*' OR changed_by_api_key = :'changed_by_key')
AND (:'action' = '*' OR action = :'action') AND (:'table' = '*' OR table_name = :'table')
AND (:'object' = '*' OR object_id = :'object')
AND (:'team' = '*' OR before_value @> jsonb_build_object('team_id', :'team'::text)
	OR updated_values @> jsonb_build_object('team_id', :'team'::text))
AND (:'key' = '*' OR before_value @> jsonb_build_object('token', :'key'::text)
	OR updated_values @> jsonb_build_object('token', :'key'::text))
ORDER BY CASE :'order' WHEN 'newest' THEN updated_at END DESC, CASE :'order' WHEN 'oldest' THEN updated_at END
LIMIT :limit OFFSET :offset
