-- Rows at the edges for a gateway of today: what is none in each of its forms, quotes, tags that are no list of texts, sessions,
-- failures, times at midnight, keys and teams that are nowhere.
INSERT INTO "LiteLLM_SpendLogs" ("request_id", "call_type", "api_key", "spend", "total_tokens", "prompt_tokens", "completion_tokens",
	"startTime", "endTime", "model", "model_group", "user", "team_id", "end_user", "request_tags", "metadata", "session_id", "status",
	"request_duration_ms")
SELECT 'edge-' || n, 'acompletion', (ARRAY['', 'None', 'token-1', 'litellm_proxy_master_key', repeat('ab', 32)])[1 + n % 5],
	CASE n % 9 WHEN 0 THEN 0 WHEN 1 THEN 0.1 WHEN 2 THEN 1e-300 WHEN 3 THEN 0.00022500000000000002 ELSE n * 0.0173 END,
	n, n / 3, n - n / 3,
	timestamp '2026-05-01 00:00:00' + n * interval '4 hours', timestamp '2026-05-01 00:00:01' + n * interval '4 hours',
	(ARRAY['', 'm1', 'm2', 'azure/m"3'])[1 + n / 2 % 4], (ARRAY[NULL, '', 'g1'])[1 + n % 3],
	(ARRAY[NULL, '', 'u', 'x''y"z', 'Ü'])[1 + n % 5], (ARRAY[NULL, '', 'team_id-1', 'x''y"z', 'nowhere'])[1 + n / 2 % 5],
	(ARRAY[NULL, '', 'u', 'x''y"z', 'Straße'])[1 + n / 3 % 5],
	(ARRAY['[]', NULL, 'null', '{}', '"tag"', '7', '["a", "b", "a"]', '["a", 5, null, true, ["a"], {"a": "b"}, 1.50]',
		'["it''s", "ü\"", ""]', '{"a": "b"}'])[1 + n % 10]::jsonb,
	(ARRAY['{}', NULL, 'null', '[]', '{"error_information": null}', '{"error_information": {"error_code": "429", "error_class": "RateLimitError"}}',
		'{"error_information": {"error_code": "500"}}', '"text"', '{"error_information": "no object"}'])[1 + n % 9]::jsonb,
	(ARRAY[NULL, '', 's-1', 's-2', 's-3'])[1 + n % 5], (ARRAY[NULL, 'success', 'failure', ''])[1 + n % 4], n % 7
FROM generate_series(1, 120) AS n;
INSERT INTO "LiteLLM_AuditLog" ("id", "updated_at", "changed_by", "changed_by_api_key", "action", "table_name", "object_id",
	"before_value", "updated_values")
VALUES ('edge-1', '2026-06-01', '', '', 'created', 'LiteLLM_TeamTable', 't-1', NULL, '{"team_id": "t-1"}'),
('edge-2', '2026-06-02', '', '', 'updated', 'LiteLLM_TeamTable', 't-1', '{"team_id": "t-1"}', '{"team_id": "t-2"}'),
('edge-3', '2026-06-03', '', '', 'updated', 'LiteLLM_TeamTable', 't-1', '{"team_id": null}', '"t-3"'),
('edge-4', '2026-06-04', '', '', 'updated', 'LiteLLM_TeamTable', 't-1', '[{"team_id": "t-2"}]', '{"team_id": "t-3"}');
