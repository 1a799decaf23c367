#!/bin/sh
# Write fixture-today.sql: a schema in the shape of a gateway of today, in our own words.
#
#	sh tests/postgres/today.sh >tests/postgres/fixture-today.sql
#
# A line below is T table; C its columns; P primary key; U unique index; X index; R columns, referenced
# table, referenced columns, ON DELETE; A columns that a later version appended. A column is
# name:type[!][=default]; types are s text, f double precision, i integer, l bigint, b boolean, t timestamp(3),
# j jsonb, a text[], y bytea, S serial, e "JobStatus"; ! is NOT NULL. Each table gets four rows: all columns
# set, those that may be NULL are, defaults taken, and one after the later columns came.
set -eu

awk '
BEGIN {
	type["s"] = "TEXT"; type["f"] = "DOUBLE PRECISION"; type["i"] = "INTEGER"; type["l"] = "BIGINT"
	type["b"] = "BOOLEAN"; type["t"] = "TIMESTAMP(3)"; type["j"] = "JSONB"; type["a"] = "TEXT[]"
	type["y"] = "BYTEA"; type["S"] = "SERIAL"; type["e"] = "\"JobStatus\""
	print "-- Written by today.sh; change that.\n\nSET client_min_messages = warning;"
	print "SET TimeZone = '\''UTC'\'';\n\nCREATE TYPE \"JobStatus\" AS ENUM ('\''ACTIVE'\'', '\''INACTIVE'\'');"
}

function literal(text) { return "'\''" text "'\''" }

# A name as the gateway'\''s client makes it: cut to 63 bytes before its ending.
function named(base, ending) { return "\"" substr(base, 1, 63 - length(ending)) ending "\"" }

function list(columns,   part, n, i, out) {
	n = split(columns, part, ",")
	for (i = 1; i <= n; i++) {
		sub(":desc", "", part[i])
		out = out (i > 1 ? ", " : "") "\"" part[i] "\"" (columns ~ part[i] ":desc" ? " DESC" : "")
	}
	return out
}

function joined(columns) { gsub(":desc", "", columns); gsub(",", "_", columns); return table "_" columns }

function default_of(kind, text) {
	if (text == "now") return "CURRENT_TIMESTAMP"
	if (kind == "a") return "ARRAY[]::TEXT[]"
	if (kind == "s" || kind == "j" || kind == "e") return literal(text)
	return text
}

function take(word,   part, at) {
	count++
	at = index(word, "=")
	has[count] = at > 0
	preset[count] = at ? substr(word, at + 1) : ""
	split(at ? substr(word, 1, at - 1) : word, part, ":")
	column[count] = part[1]
	kind[count] = substr(part[2], 1, 1)
	must[count] = part[2] ~ /!/
}

function declare(i) {
	return "\"" column[i] "\" " type[kind[i]] (must[i] ? " NOT NULL" : "") \
		(has[i] ? " DEFAULT " default_of(kind[i], preset[i]) : "")
}

function value(i, n) {
	if (n == 2 && !must[i]) return "NULL"
	if (n == 3 && has[i]) return "DEFAULT"
	if (column[i] in refers) return refers[column[i]] == "#" ? n : literal(refers[column[i]] "-" n)
	if (kind[i] == "s") return literal(column[i] "-" n)
	if (kind[i] == "f") return n * 0.1 "e-" n
	if (kind[i] == "i") return n * 10
	if (kind[i] == "l") return "9007199254740992 + " n
	if (kind[i] == "b") return n % 2 ? "true" : "false"
	if (kind[i] == "t") return literal("2026-0" n "-11 10:20:30." n "2" n)
	if (kind[i] == "j" && preset[i] == "[]") return literal("[\"tag " n "\", \"User-Agent: curl\"]")
	if (kind[i] == "j") return literal("{\"n\": " n ".50, \"" column[i] "\": [null, {\"deep\": \"é\"}]}")
	if (kind[i] == "a") return "ARRAY[" literal(column[i]) ", NULL, " literal("with \"quote\", and comma") "]"
	if (kind[i] == "y") return "decode(" literal("00ff0" n) ", " literal("hex") ")"
	return literal(n % 2 ? "ACTIVE" : "INACTIVE")
}

function row(n, upto,   i, names, values) {
	for (i = 1; i <= upto; i++) {
		if (kind[i] == "S") continue
		names = names (names ? ", " : "") "\"" column[i] "\""
		values = values (values ? ", " : "") value(i, n)
	}
	print "INSERT INTO \"" table "\" (" names ")\n\tVALUES (" values ");"
}

function finish(   i) {
	if (!table) return
	print "\nCREATE TABLE \"" table "\" ("
	for (i = 1; i <= first; i++) print "\t" declare(i) ","
	print "\tCONSTRAINT " named(table, "_pkey") " PRIMARY KEY (" list(primary) ")\n);"
	for (i = 1; i <= 3; i++) row(i, first)
	for (i = first + 1; i <= count; i++) print "ALTER TABLE \"" table "\" ADD COLUMN " declare(i) ";"
	row(4, count)
	printf "%s", after
}

$1 == "T" { finish(); table = "LiteLLM_" $2; count = first = 0; after = ""; split("", refers) }
$1 == "C" { for (i = 2; i <= NF; i++) take($i); first = count }
$1 == "A" { for (i = 2; i <= NF; i++) take($i) }
$1 == "P" { primary = $2 }
$1 == "U" { after = after "CREATE UNIQUE INDEX " named(joined($2), "_key") " ON \"" table "\" (" list($2) ");\n" }
$1 == "X" { after = after "CREATE INDEX " named(joined($2), "_idx") " ON \"" table "\" (" list($2) ");\n" }
$1 == "R" {
	refers[$2] = $4 == "id" && $3 == "ModelTable" ? "#" : $4
	keys = keys "ALTER TABLE \"" table "\" ADD CONSTRAINT " named(joined($2), "_fkey") " FOREIGN KEY (" list($2) \
		")\n\tREFERENCES \"LiteLLM_" $3 "\" (" list($4) ") ON DELETE " ($5 == "NULL" ? "SET NULL" : $5) " ON UPDATE CASCADE;\n"
}
END { finish(); printf "\n%s", keys }
' <<'END'
T BudgetTable
C budget_id:s! max_budget:f soft_budget:f max_parallel_requests:i tpm_limit:l rpm_limit:l model_max_budget:j budget_duration:s budget_reset_at:t created_at:t!=now created_by:s! updated_at:t!=now updated_by:s!
A allowed_models:a= tpd_limit:l
P budget_id
T ProxyModelTable
C model_id:s! model_name:s! litellm_params:j! model_info:j created_at:t!=now created_by:s! updated_at:t!=now updated_by:s!
A blocked:b!=false
P model_id
T ObjectPermissionTable
C object_permission_id:s! mcp_servers:a= vector_stores:a=
A agents:a= mcp_access_groups:a= mcp_tool_permissions:j
P object_permission_id
T OrganizationTable
C organization_id:s! organization_alias:s! budget_id:s! metadata:j!={} models:a spend:f!=0.0 model_spend:j!={} created_at:t!=now created_by:s! updated_at:t!=now updated_by:s!
A object_permission_id:s
P organization_id
R budget_id BudgetTable budget_id RESTRICT
R object_permission_id ObjectPermissionTable object_permission_id NULL
T ModelTable
C id:S! aliases:j created_at:t!=now created_by:s! updated_at:t!=now updated_by:s!
P id
T TeamTable
C team_id:s! team_alias:s organization_id:s admins:a members:a members_with_roles:j!={} metadata:j!={} max_budget:f spend:f!=0.0 models:a max_parallel_requests:i tpm_limit:l rpm_limit:l budget_duration:s budget_reset_at:t blocked:b!=false created_at:t!=now updated_at:t!=now model_spend:j!={} model_max_budget:j!={} model_id:i
A team_member_permissions:a= object_permission_id:s router_settings:j={} policies:a= allow_team_guardrail_config:b!=false soft_budget:f access_group_ids:a= budget_limits:j tpd_limit:l
P team_id
U model_id
X organization_id
X team_alias
X created_at:desc
R organization_id OrganizationTable organization_id NULL
R model_id ModelTable id NULL
R object_permission_id ObjectPermissionTable object_permission_id NULL
T UserTable
C user_id:s! user_alias:s team_id:s organization_id:s password:s teams:a= user_role:s max_budget:f spend:f!=0.0 user_email:s models:a metadata:j!={} max_parallel_requests:i tpm_limit:l rpm_limit:l budget_duration:s budget_reset_at:t allowed_cache_controls:a= model_spend:j!={} model_max_budget:j!={}
A created_at:t=now updated_at:t=now sso_user_id:s object_permission_id:s policies:a=
P user_id
U sso_user_id
R organization_id OrganizationTable organization_id NULL
R object_permission_id ObjectPermissionTable object_permission_id NULL
T ProjectTable
C project_id:s! project_alias:s team_id:s budget_id:s metadata:j!={} models:a= spend:f!=0.0 model_rpm_limit:j!={} blocked:b!=false created_at:t!=now created_by:s! updated_at:t! updated_by:s!
P project_id
R team_id TeamTable team_id NULL
R budget_id BudgetTable budget_id NULL
T VerificationToken
C token:s! key_name:s key_alias:s soft_budget_cooldown:b!=false spend:f!=0.0 expires:t models:a aliases:j!={} config:j!={} user_id:s team_id:s permissions:j!={} max_parallel_requests:i metadata:j!={} blocked:b tpm_limit:l rpm_limit:l max_budget:f budget_duration:s budget_reset_at:t allowed_cache_controls:a= model_spend:j!={} model_max_budget:j!={} budget_id:s created_at:t=now updated_at:t=now
A organization_id:s created_by:s updated_by:s allowed_routes:a= object_permission_id:s rotation_count:i=0 auto_rotate:b=false rotation_interval:s last_rotation_at:t key_rotation_at:t router_settings:j={} policies:a= access_group_ids:a= project_id:s agent_id:s last_active:t budget_limits:j key_type:s=default
P token
X user_id,team_id
X team_id
X budget_reset_at,expires
R budget_id BudgetTable budget_id NULL
R organization_id OrganizationTable organization_id NULL
R object_permission_id ObjectPermissionTable object_permission_id NULL
R project_id ProjectTable project_id NULL
T EndUserTable
C user_id:s! alias:s spend:f!=0.0 allowed_model_region:s default_model:s budget_id:s blocked:b!=false
A object_permission_id:s
P user_id
R budget_id BudgetTable budget_id NULL
R object_permission_id ObjectPermissionTable object_permission_id NULL
T Config
C param_name:s! param_value:j
P param_name
T SpendLogs
C request_id:s! call_type:s! api_key:s!= spend:f!=0.0 total_tokens:i!=0 prompt_tokens:i!=0 completion_tokens:i!=0 startTime:t! endTime:t! completionStartTime:t model:s!= model_id:s= model_group:s= api_base:s= user:s= metadata:j={} cache_hit:s= cache_key:s= request_tags:j=[] team_id:s end_user:s requester_ip_address:s
A custom_llm_provider:s= messages:j={} response:j={} session_id:s proxy_server_request:j={} status:s mcp_namespaced_tool_name:s organization_id:s agent_id:s request_duration_ms:i
P request_id
X startTime
X startTime,request_id
X end_user
X session_id
X api_key,startTime:desc
T ErrorLogs
C request_id:s! startTime:t! endTime:t! api_base:s!= model_group:s!= litellm_model_name:s!= model_id:s!= request_kwargs:j!={} exception_type:s!= exception_string:s!= status_code:s!=
P request_id
T UserNotifications
C request_id:s! user_id:s! models:a justification:s! status:s!
P request_id
T TeamMembership
C user_id:s! team_id:s! spend:f!=0.0 budget_id:s
A total_spend:f=0.0
P user_id,team_id
R budget_id BudgetTable budget_id NULL
T OrganizationMembership
C user_id:s! organization_id:s! user_role:s spend:f=0.0 budget_id:s created_at:t=now updated_at:t=now
P user_id,organization_id
U user_id,organization_id
R user_id UserTable user_id RESTRICT
R organization_id OrganizationTable organization_id RESTRICT
R budget_id BudgetTable budget_id NULL
T InvitationLink
C id:s! user_id:s! is_accepted:b!=false accepted_at:t expires_at:t! created_at:t! created_by:s! updated_at:t! updated_by:s!
P id
R user_id UserTable user_id RESTRICT
R created_by UserTable user_id RESTRICT
R updated_by UserTable user_id RESTRICT
T AuditLog
C id:s! updated_at:t!=now changed_by:s!= changed_by_api_key:s!= action:s! table_name:s! object_id:s! before_value:j updated_values:j
P id
T CredentialsTable
C credential_id:s! credential_name:s! credential_values:j! credential_info:j created_at:t!=now created_by:s! updated_at:t!=now updated_by:s!
P credential_id
U credential_name
T DailyUserSpend
C id:s! user_id:s date:s! api_key:s! model:s model_group:s custom_llm_provider:s mcp_namespaced_tool_name:s endpoint:s prompt_tokens:l!=0 completion_tokens:l!=0 cache_read_tokens:l!=0 spend:f!=0.0 api_requests:l!=0 successful_requests:l!=0 failed_requests:l!=0 created_at:t!=now updated_at:t!
P id
U user_id,date,api_key,model,custom_llm_provider,mcp_namespaced_tool_name,endpoint
X date
X user_id,date
X mcp_namespaced_tool_name
T DailyTeamSpend
C id:s! team_id:s date:s! api_key:s! model:s custom_llm_provider:s mcp_namespaced_tool_name:s endpoint:s prompt_tokens:l!=0 spend:f!=0.0 api_requests:l!=0 created_at:t!=now updated_at:t!
P id
U team_id,date,api_key,model,custom_llm_provider,mcp_namespaced_tool_name,endpoint
X team_id,date
T DailyTagSpend
C id:s! request_id:s tag:s date:s! api_key:s! model:s custom_llm_provider:s mcp_namespaced_tool_name:s endpoint:s spend:f!=0.0 api_requests:l!=0 created_at:t!=now updated_at:t!
P id
U tag,date,api_key,model,custom_llm_provider,mcp_namespaced_tool_name,endpoint
X tag,date
T DailyOrganizationSpend
C id:s! organization_id:s date:s! api_key:s! model:s custom_llm_provider:s mcp_namespaced_tool_name:s endpoint:s spend:f!=0.0 created_at:t!=now updated_at:t!
P id
U organization_id,date,api_key,model,custom_llm_provider,mcp_namespaced_tool_name,endpoint
X mcp_namespaced_tool_name
T DailyEndUserSpend
C id:s! end_user_id:s date:s! api_key:s! model:s custom_llm_provider:s mcp_namespaced_tool_name:s endpoint:s spend:f!=0.0 created_at:t!=now updated_at:t!
P id
U end_user_id,date,api_key,model,custom_llm_provider,mcp_namespaced_tool_name,endpoint
T DailyAgentSpend
C id:s! agent_id:s date:s! api_key:s! model:s custom_llm_provider:s mcp_namespaced_tool_name:s endpoint:s spend:f!=0.0 created_at:t!=now updated_at:t!
P id
U agent_id,date,api_key,model,custom_llm_provider,mcp_namespaced_tool_name,endpoint
T TagTable
C tag_name:s! description:s models:a= model_info:j spend:f!=0.0 budget_id:s created_at:t!=now created_by:s updated_at:t!=now
P tag_name
R budget_id BudgetTable budget_id NULL
T DeletedVerificationToken
C id:s! token:s! key_name:s spend:f!=0.0 metadata:j!={} user_id:s team_id:s created_at:t deleted_at:t!=now deleted_by:s
P id
X deleted_at:desc
X token
T DeletedTeamTable
C id:s! team_id:s! team_alias:s members_with_roles:j!={} spend:f!=0.0 created_at:t deleted_at:t!=now deleted_by:s
P id
X deleted_at:desc
T DeprecatedVerificationToken
C id:s! token:s! active_token_id:s! revoke_at:t! created_at:t!=now
P id
U token
X token,revoke_at
T JWTKeyMapping
C id:s! jwt_claim_name:s! jwt_claim_value:s! token:s! description:s is_active:b!=true created_at:t!=now
P id
U jwt_claim_name,jwt_claim_value
R token VerificationToken token CASCADE
T CronJob
C cronjob_id:s! pod_id:s! status:e!=INACTIVE last_updated:t!=now ttl:t!
P cronjob_id
T ManagedFileTable
C id:s! unified_file_id:s! file_object:j model_mappings:j! flat_model_file_ids:a= storage_backend:s created_at:t!=now created_by:s updated_at:t!
P id
U unified_file_id
X unified_file_id
T ManagedObjectTable
C id:s! unified_object_id:s! model_object_id:s! file_object:j! file_purpose:s! status:s created_at:t!=now updated_at:t!
P id
U unified_object_id
U model_object_id
T ManagedVectorStoresTable
C vector_store_id:s! custom_llm_provider:s! vector_store_name:s vector_store_metadata:j created_at:t!=now updated_at:t! litellm_credential_name:s
P vector_store_id
T ManagedVectorStoreTable
C id:s! unified_resource_id:s! resource_object:j model_mappings:j! flat_model_resource_ids:a= created_at:t!=now
P id
U unified_resource_id
T ManagedVectorStoreIndexTable
C id:s! index_name:s! litellm_params:j! index_info:j created_at:t!=now created_by:s updated_at:t!
P id
U index_name
T GuardrailsTable
C guardrail_id:s! guardrail_name:s! litellm_params:j! guardrail_info:j created_at:t!=now updated_at:t! status:s!=active
P guardrail_id
U guardrail_name
T DailyGuardrailMetrics
C guardrail_id:s! date:s! requests_evaluated:l!=0 passed_count:l!=0 blocked_count:l!=0 avg_score:f avg_latency_ms:f
P guardrail_id,date
X date
T DailyPolicyMetrics
C policy_id:s! date:s! requests_evaluated:l!=0 passed_count:l!=0 blocked_count:l!=0
P policy_id,date
T SpendLogGuardrailIndex
C request_id:s! guardrail_id:s! policy_id:s start_time:t!
P request_id,guardrail_id
X guardrail_id,start_time:desc
T SpendLogToolIndex
C request_id:s! tool_name:s! start_time:t!
P request_id,tool_name
X tool_name,start_time:desc
T MCPServerTable
C server_id:s! server_name:s alias:s url:s transport:s!=sse auth_type:s credentials:j={} mcp_info:j={} args:a= env:j={} created_at:t=now updated_at:t=now
P server_id
T MCPToolsetTable
C toolset_id:s! toolset_name:s! tools:j!=[] created_at:t!=now
P toolset_id
U toolset_name
T MCPUserCredentials
C id:s! user_id:s! server_id:s! credential_b64:s! created_at:t!=now
P id
U user_id,server_id
R server_id MCPServerTable server_id CASCADE
T AgentsTable
C agent_id:s! agent_name:s! agent_card_params:j! litellm_params:j access_groups:a= spend:f!=0.0 object_permission_id:s created_at:t!=now
P agent_id
U agent_name
R object_permission_id ObjectPermissionTable object_permission_id NULL
T PromptTable
C id:s! prompt_id:s! version:i!=1 litellm_params:j! prompt_info:j created_at:t!=now
P id
U prompt_id,version
X prompt_id
T HealthCheckTable
C health_check_id:s! model_name:s! model_id:s status:s! healthy_count:i!=0 response_time_ms:f details:j checked_at:t!=now
P health_check_id
X model_name
X checked_at:desc
X status
T SearchToolsTable
C search_tool_id:s! search_tool_name:s! litellm_params:j! search_tool_info:j created_at:t!=now
P search_tool_id
U search_tool_name
T SSOConfig
C id:s!=sso_config sso_settings:j! created_at:t!=now
P id
T CacheConfig
C id:s!=cache_config cache_settings:j! created_at:t!=now
P id
T UISettings
C id:s!=ui_settings ui_settings:j! created_at:t!=now
P id
T ConfigOverrides
C config_type:s! config_value:j! created_at:t!=now
P config_type
T SkillsTable
C skill_id:s! display_title:s source:s!=custom file_content:y file_name:s file_type:s metadata:j={} created_at:t!=now
P skill_id
T PolicyTable
C policy_id:s! policy_name:s! inherit:s guardrails_add:a= guardrails_remove:a= condition:j={} version_number:i!=1 is_latest:b!=true created_at:t!=now
P policy_id
U policy_name,version_number
X policy_name,version_number:desc
T PolicyAttachmentTable
C attachment_id:s! policy_name:s! scope:s teams:a= keys:a= models:a= priority:i!=-1 created_at:t!=now
P attachment_id
T ToolTable
C tool_id:s! tool_name:s! origin:s call_policy:s!=untrusted call_count:i!=0 assignments:j={} created_at:t!=now
P tool_id
U tool_name
T AccessGroupTable
C access_group_id:s! access_group_name:s! access_model_names:a= assigned_team_ids:a= created_at:t!=now
P access_group_id
U access_group_name
T ClaudeCodePluginTable
C id:s! name:s! version:s manifest_json:s files_json:s={} enabled:b!=true created_at:t=now
P id
U name
T MemoryTable
C memory_id:s! key:s! value:s! metadata:j user_id:s team_id:s created_at:t!=now
P memory_id
U key
X user_id
T AdaptiveRouterState
C router_name:s! request_type:s! model_name:s! alpha:f! beta:f! total_samples:i!=0 last_updated_at:t!=now
P router_name,request_type,model_name
T AdaptiveRouterSession
C session_id:s! router_name:s! model_name:s! misalignment_count:i!=-2147483648 last_activity_at:t!=now tool_call_history:j!=[]
P session_id,router_name,model_name
X last_activity_at
T WorkflowRun
C run_id:s! session_id:s! workflow_type:s! status:s!=pending input:j output:j created_at:t!=now
P run_id
U session_id
X workflow_type,status
T WorkflowEvent
C event_id:s! run_id:s! sequence_number:i! event_type:s! data:j created_at:t!=now
P event_id
U run_id,sequence_number
R run_id WorkflowRun run_id CASCADE
T WorkflowMessage
C message_id:s! run_id:s! role:s! content:s! sequence_number:i! created_at:t!=now
P message_id
U run_id,sequence_number
R run_id WorkflowRun run_id CASCADE
END

cat <<'END'

CREATE INDEX "LiteLLM_UserTable_user_email_lower_idx" ON "LiteLLM_UserTable" (LOWER(user_email));
CREATE INDEX "LiteLLM_VerificationToken_key_alias_prefix_idx" ON "LiteLLM_VerificationToken" (key_alias text_pattern_ops)
	WHERE key_alias IS NOT NULL;

CREATE TABLE _prisma_migrations (
	id character varying(36) PRIMARY KEY,
	checksum character varying(64) NOT NULL,
	finished_at timestamp with time zone,
	migration_name character varying(255) NOT NULL,
	logs text,
	rolled_back_at timestamp with time zone,
	started_at timestamp with time zone DEFAULT now() NOT NULL,
	applied_steps_count integer DEFAULT 0 NOT NULL
);
INSERT INTO _prisma_migrations VALUES
	('6b1f1f0e-0000-4000-8000-000000000001', repeat('e3b0c44298fc1c14', 4), '2025-03-26 16:21:13.123456+00',
	 '20250326162113_baseline', NULL, NULL, '2025-03-26 16:21:12+00', 1);

CREATE VIEW "LiteLLM_VerificationTokenView" AS
	SELECT v.*, t.spend AS team_spend, t.max_budget AS team_max_budget, t.tpm_limit AS team_tpm_limit,
	       t.rpm_limit AS team_rpm_limit
	FROM "LiteLLM_VerificationToken" v LEFT JOIN "LiteLLM_TeamTable" t ON v.team_id = t.team_id;
CREATE VIEW "MonthlyGlobalSpend" AS
	SELECT date("startTime") AS day, sum(spend) AS spend FROM "LiteLLM_SpendLogs"
	WHERE "startTime" >= CURRENT_DATE - INTERVAL '30 days' GROUP BY date("startTime");
CREATE VIEW "MonthlyGlobalSpendPerKey" AS
	SELECT date("startTime") AS day, sum(spend) AS spend, api_key FROM "LiteLLM_SpendLogs"
	WHERE "startTime" >= CURRENT_DATE - INTERVAL '30 days' GROUP BY date("startTime"), api_key;
CREATE VIEW "MonthlyGlobalSpendPerUserPerKey" AS
	SELECT date("startTime") AS day, sum(spend) AS spend, api_key, "user" FROM "LiteLLM_SpendLogs"
	WHERE "startTime" >= CURRENT_DATE - INTERVAL '30 days' GROUP BY date("startTime"), "user", api_key;
CREATE VIEW "Last30dKeysBySpend" AS
	SELECT l.api_key, v.key_alias, v.key_name, sum(l.spend) AS total FROM "LiteLLM_SpendLogs" l
	LEFT JOIN "LiteLLM_VerificationToken" v ON l.api_key = v.token
	WHERE l."startTime" >= CURRENT_DATE - INTERVAL '30 days'
	GROUP BY l.api_key, v.key_alias, v.key_name ORDER BY total DESC;
CREATE VIEW "Last30dModelsBySpend" AS
	SELECT model, sum(spend) AS total FROM "LiteLLM_SpendLogs"
	WHERE "startTime" >= CURRENT_DATE - INTERVAL '30 days' AND model <> '' GROUP BY model ORDER BY total DESC;
CREATE VIEW "Last30dTopEndUsersSpend" AS
	SELECT end_user, count(*) AS events, sum(spend) AS total FROM "LiteLLM_SpendLogs"
	WHERE end_user <> '' AND end_user <> user GROUP BY end_user ORDER BY total DESC LIMIT 100;
CREATE VIEW DailyTagSpend AS
	SELECT jsonb_array_elements_text(request_tags) AS tag, date("startTime") AS day, count(*) AS events, sum(spend) AS spend
	FROM "LiteLLM_SpendLogs" s GROUP BY 1, 2;
END
