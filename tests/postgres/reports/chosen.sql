-- Before each twin: the logs that the filters leave. A filter of '*' leaves all.
SET timezone = 'UTC';
CREATE TEMP TABLE chosen AS SELECT * FROM "LiteLLM_SpendLogs"
WHERE (:'from' = '*' OR "startTime" >= CAST(nullif(:'from', '*') AS timestamp))
AND (:'to' = '*' OR "startTime" < CAST(nullif(:'to', '*') AS timestamp))
AND (:'key' = '*' OR api_key = :'key') AND (:'user' = '*' OR "user" = :'user')
AND (:'team' = '*' OR team_id = :'team') AND (:'end_user' = '*' OR end_user = :'end_user')
AND (:'model' = '*' OR model = :'model') AND (:'model_group' = '*' OR model_group = :'model_group');
