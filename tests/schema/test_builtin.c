/*
 * The built-in schema against what LiteLLM 1.52 makes of its own: every table, column, type, default,
 * key, index and foreign key, as the server deparses them.
 */
#include "coffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *table, *name, *type, *default_sql;
	bool is_nullable;
	coffer_client_default client_default;
	bool is_updated_at;
} columns[] = {
	{"LiteLLM_BudgetTable", "budget_id", "text", NULL, false, COFFER_CLIENT_UUID, false},
	{"LiteLLM_BudgetTable", "max_budget", "double precision", NULL, true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_BudgetTable", "soft_budget", "double precision", NULL, true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_BudgetTable", "max_parallel_requests", "integer", NULL, true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_BudgetTable", "tpm_limit", "bigint", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_BudgetTable", "rpm_limit", "bigint", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_BudgetTable", "model_max_budget", "jsonb", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_BudgetTable", "budget_duration", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_BudgetTable", "budget_reset_at", "timestamp(3) without time zone", NULL, true,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_BudgetTable", "created_at", "timestamp(3) without time zone", "CURRENT_TIMESTAMP",
	 false, COFFER_CLIENT_NOW, false},
	{"LiteLLM_BudgetTable", "created_by", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_BudgetTable", "updated_at", "timestamp(3) without time zone", "CURRENT_TIMESTAMP",
	 false, COFFER_CLIENT_NOW, true},
	{"LiteLLM_BudgetTable", "updated_by", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_ProxyModelTable", "model_id", "text", NULL, false, COFFER_CLIENT_UUID, false},
	{"LiteLLM_ProxyModelTable", "model_name", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_ProxyModelTable", "litellm_params", "jsonb", NULL, false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_ProxyModelTable", "model_info", "jsonb", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_ProxyModelTable", "created_at", "timestamp(3) without time zone",
	 "CURRENT_TIMESTAMP", false, COFFER_CLIENT_NOW, false},
	{"LiteLLM_ProxyModelTable", "created_by", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_ProxyModelTable", "updated_at", "timestamp(3) without time zone",
	 "CURRENT_TIMESTAMP", false, COFFER_CLIENT_NOW, true},
	{"LiteLLM_ProxyModelTable", "updated_by", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_OrganizationTable", "organization_id", "text", NULL, false, COFFER_CLIENT_UUID,
	 false},
	{"LiteLLM_OrganizationTable", "organization_alias", "text", NULL, false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_OrganizationTable", "budget_id", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_OrganizationTable", "metadata", "jsonb", "'{}'::jsonb", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_OrganizationTable", "models", "text[]", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_OrganizationTable", "spend", "double precision", "0.0", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_OrganizationTable", "model_spend", "jsonb", "'{}'::jsonb", false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_OrganizationTable", "created_at", "timestamp(3) without time zone",
	 "CURRENT_TIMESTAMP", false, COFFER_CLIENT_NOW, false},
	{"LiteLLM_OrganizationTable", "created_by", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_OrganizationTable", "updated_at", "timestamp(3) without time zone",
	 "CURRENT_TIMESTAMP", false, COFFER_CLIENT_NOW, true},
	{"LiteLLM_OrganizationTable", "updated_by", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_ModelTable", "id", "integer",
	 "nextval('\"LiteLLM_ModelTable_id_seq\"'::regclass)", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_ModelTable", "aliases", "jsonb", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_ModelTable", "created_at", "timestamp(3) without time zone", "CURRENT_TIMESTAMP",
	 false, COFFER_CLIENT_NOW, false},
	{"LiteLLM_ModelTable", "created_by", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_ModelTable", "updated_at", "timestamp(3) without time zone", "CURRENT_TIMESTAMP",
	 false, COFFER_CLIENT_NOW, true},
	{"LiteLLM_ModelTable", "updated_by", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "team_id", "text", NULL, false, COFFER_CLIENT_UUID, false},
	{"LiteLLM_TeamTable", "team_alias", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "organization_id", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "admins", "text[]", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "members", "text[]", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "members_with_roles", "jsonb", "'{}'::jsonb", false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "metadata", "jsonb", "'{}'::jsonb", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "max_budget", "double precision", NULL, true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_TeamTable", "spend", "double precision", "0.0", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "models", "text[]", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "max_parallel_requests", "integer", NULL, true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_TeamTable", "tpm_limit", "bigint", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "rpm_limit", "bigint", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "budget_duration", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "budget_reset_at", "timestamp(3) without time zone", NULL, true,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "blocked", "boolean", "false", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamTable", "created_at", "timestamp(3) without time zone", "CURRENT_TIMESTAMP",
	 false, COFFER_CLIENT_NOW, false},
	{"LiteLLM_TeamTable", "updated_at", "timestamp(3) without time zone", "CURRENT_TIMESTAMP",
	 false, COFFER_CLIENT_NOW, true},
	{"LiteLLM_TeamTable", "model_spend", "jsonb", "'{}'::jsonb", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_TeamTable", "model_max_budget", "jsonb", "'{}'::jsonb", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_TeamTable", "model_id", "integer", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "user_id", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "user_alias", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "team_id", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "organization_id", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "password", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "teams", "text[]", "ARRAY[]::text[]", true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_UserTable", "user_role", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "max_budget", "double precision", NULL, true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_UserTable", "spend", "double precision", "0.0", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "user_email", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "models", "text[]", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "metadata", "jsonb", "'{}'::jsonb", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "max_parallel_requests", "integer", NULL, true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_UserTable", "tpm_limit", "bigint", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "rpm_limit", "bigint", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "budget_duration", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "budget_reset_at", "timestamp(3) without time zone", NULL, true,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "allowed_cache_controls", "text[]", "ARRAY[]::text[]", true,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserTable", "model_spend", "jsonb", "'{}'::jsonb", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_UserTable", "model_max_budget", "jsonb", "'{}'::jsonb", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_VerificationToken", "token", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "key_name", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "key_alias", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "soft_budget_cooldown", "boolean", "false", false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "spend", "double precision", "0.0", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_VerificationToken", "expires", "timestamp(3) without time zone", NULL, true,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "models", "text[]", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "aliases", "jsonb", "'{}'::jsonb", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_VerificationToken", "config", "jsonb", "'{}'::jsonb", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_VerificationToken", "user_id", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "team_id", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "permissions", "jsonb", "'{}'::jsonb", false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "max_parallel_requests", "integer", NULL, true,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "metadata", "jsonb", "'{}'::jsonb", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_VerificationToken", "blocked", "boolean", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "tpm_limit", "bigint", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "rpm_limit", "bigint", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "max_budget", "double precision", NULL, true,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "budget_duration", "text", NULL, true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_VerificationToken", "budget_reset_at", "timestamp(3) without time zone", NULL,
	 true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "allowed_cache_controls", "text[]", "ARRAY[]::text[]", true,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "model_spend", "jsonb", "'{}'::jsonb", false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "model_max_budget", "jsonb", "'{}'::jsonb", false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "budget_id", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_VerificationToken", "created_at", "timestamp(3) without time zone",
	 "CURRENT_TIMESTAMP", true, COFFER_CLIENT_NOW, false},
	{"LiteLLM_VerificationToken", "updated_at", "timestamp(3) without time zone",
	 "CURRENT_TIMESTAMP", true, COFFER_CLIENT_NOW, true},
	{"LiteLLM_EndUserTable", "user_id", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_EndUserTable", "alias", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_EndUserTable", "spend", "double precision", "0.0", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_EndUserTable", "allowed_model_region", "text", NULL, true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_EndUserTable", "default_model", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_EndUserTable", "budget_id", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_EndUserTable", "blocked", "boolean", "false", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_Config", "param_name", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_Config", "param_value", "jsonb", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "request_id", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "call_type", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "api_key", "text", "''::text", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "spend", "double precision", "0.0", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "total_tokens", "integer", "0", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "prompt_tokens", "integer", "0", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "completion_tokens", "integer", "0", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_SpendLogs", "startTime", "timestamp(3) without time zone", NULL, false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "endTime", "timestamp(3) without time zone", NULL, false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "completionStartTime", "timestamp(3) without time zone", NULL, true,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "model", "text", "''::text", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "model_id", "text", "''::text", true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "model_group", "text", "''::text", true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "api_base", "text", "''::text", true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "user", "text", "''::text", true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "metadata", "jsonb", "'{}'::jsonb", true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "cache_hit", "text", "''::text", true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "cache_key", "text", "''::text", true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "request_tags", "jsonb", "'[]'::jsonb", true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_SpendLogs", "team_id", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "end_user", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_SpendLogs", "requester_ip_address", "text", NULL, true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_ErrorLogs", "request_id", "text", NULL, false, COFFER_CLIENT_UUID, false},
	{"LiteLLM_ErrorLogs", "startTime", "timestamp(3) without time zone", NULL, false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_ErrorLogs", "endTime", "timestamp(3) without time zone", NULL, false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_ErrorLogs", "api_base", "text", "''::text", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_ErrorLogs", "model_group", "text", "''::text", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_ErrorLogs", "litellm_model_name", "text", "''::text", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_ErrorLogs", "model_id", "text", "''::text", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_ErrorLogs", "request_kwargs", "jsonb", "'{}'::jsonb", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_ErrorLogs", "exception_type", "text", "''::text", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_ErrorLogs", "exception_string", "text", "''::text", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_ErrorLogs", "status_code", "text", "''::text", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserNotifications", "request_id", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserNotifications", "user_id", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserNotifications", "models", "text[]", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_UserNotifications", "justification", "text", NULL, false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_UserNotifications", "status", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamMembership", "user_id", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamMembership", "team_id", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_TeamMembership", "spend", "double precision", "0.0", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_TeamMembership", "budget_id", "text", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_OrganizationMembership", "user_id", "text", NULL, false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_OrganizationMembership", "organization_id", "text", NULL, false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_OrganizationMembership", "user_role", "text", NULL, true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_OrganizationMembership", "spend", "double precision", "0.0", true,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_OrganizationMembership", "budget_id", "text", NULL, true, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_OrganizationMembership", "created_at", "timestamp(3) without time zone",
	 "CURRENT_TIMESTAMP", true, COFFER_CLIENT_NOW, false},
	{"LiteLLM_OrganizationMembership", "updated_at", "timestamp(3) without time zone",
	 "CURRENT_TIMESTAMP", true, COFFER_CLIENT_NOW, true},
	{"LiteLLM_InvitationLink", "id", "text", NULL, false, COFFER_CLIENT_UUID, false},
	{"LiteLLM_InvitationLink", "user_id", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_InvitationLink", "is_accepted", "boolean", "false", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_InvitationLink", "accepted_at", "timestamp(3) without time zone", NULL, true,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_InvitationLink", "expires_at", "timestamp(3) without time zone", NULL, false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_InvitationLink", "created_at", "timestamp(3) without time zone", NULL, false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_InvitationLink", "created_by", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_InvitationLink", "updated_at", "timestamp(3) without time zone", NULL, false,
	 COFFER_CLIENT_NONE, false},
	{"LiteLLM_InvitationLink", "updated_by", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_AuditLog", "id", "text", NULL, false, COFFER_CLIENT_UUID, false},
	{"LiteLLM_AuditLog", "updated_at", "timestamp(3) without time zone", "CURRENT_TIMESTAMP",
	 false, COFFER_CLIENT_NOW, false},
	{"LiteLLM_AuditLog", "changed_by", "text", "''::text", false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_AuditLog", "changed_by_api_key", "text", "''::text", false, COFFER_CLIENT_NONE,
	 false},
	{"LiteLLM_AuditLog", "action", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_AuditLog", "table_name", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_AuditLog", "object_id", "text", NULL, false, COFFER_CLIENT_NONE, false},
	{"LiteLLM_AuditLog", "before_value", "jsonb", NULL, true, COFFER_CLIENT_NONE, false},
	{"LiteLLM_AuditLog", "updated_values", "jsonb", NULL, true, COFFER_CLIENT_NONE, false},
};

static const struct {
	const char *table, *name, *definition;
	bool is_unique;
} indexes[] = {
	{"LiteLLM_BudgetTable", "LiteLLM_BudgetTable_pkey", "PRIMARY KEY (budget_id)", true},
	{"LiteLLM_ProxyModelTable", "LiteLLM_ProxyModelTable_pkey", "PRIMARY KEY (model_id)", true},
	{"LiteLLM_OrganizationTable", "LiteLLM_OrganizationTable_pkey",
	 "PRIMARY KEY (organization_id)", true},
	{"LiteLLM_ModelTable", "LiteLLM_ModelTable_pkey", "PRIMARY KEY (id)", true},
	{"LiteLLM_TeamTable", "LiteLLM_TeamTable_pkey", "PRIMARY KEY (team_id)", true},
	{"LiteLLM_TeamTable", "LiteLLM_TeamTable_model_id_key", "btree (model_id)", true},
	{"LiteLLM_UserTable", "LiteLLM_UserTable_pkey", "PRIMARY KEY (user_id)", true},
	{"LiteLLM_VerificationToken", "LiteLLM_VerificationToken_pkey", "PRIMARY KEY (token)",
	 true},
	{"LiteLLM_EndUserTable", "LiteLLM_EndUserTable_pkey", "PRIMARY KEY (user_id)", true},
	{"LiteLLM_Config", "LiteLLM_Config_pkey", "PRIMARY KEY (param_name)", true},
	{"LiteLLM_SpendLogs", "LiteLLM_SpendLogs_pkey", "PRIMARY KEY (request_id)", true},
	{"LiteLLM_SpendLogs", "LiteLLM_SpendLogs_startTime_idx", "btree (\"startTime\")", false},
	{"LiteLLM_SpendLogs", "LiteLLM_SpendLogs_end_user_idx", "btree (end_user)", false},
	{"LiteLLM_ErrorLogs", "LiteLLM_ErrorLogs_pkey", "PRIMARY KEY (request_id)", true},
	{"LiteLLM_UserNotifications", "LiteLLM_UserNotifications_pkey", "PRIMARY KEY (request_id)",
	 true},
	{"LiteLLM_TeamMembership", "LiteLLM_TeamMembership_pkey", "PRIMARY KEY (user_id, team_id)",
	 true},
	{"LiteLLM_OrganizationMembership", "LiteLLM_OrganizationMembership_pkey",
	 "PRIMARY KEY (user_id, organization_id)", true},
	{"LiteLLM_OrganizationMembership",
	 "LiteLLM_OrganizationMembership_user_id_organization_id_key",
	 "btree (user_id, organization_id)", true},
	{"LiteLLM_InvitationLink", "LiteLLM_InvitationLink_pkey", "PRIMARY KEY (id)", true},
	{"LiteLLM_AuditLog", "LiteLLM_AuditLog_pkey", "PRIMARY KEY (id)", true},
};

static const struct {
	const char *table, *column, *target, *target_column;
	coffer_action on_delete;
} keys[] = {
	{"LiteLLM_OrganizationTable", "budget_id", "LiteLLM_BudgetTable", "budget_id",
	 COFFER_RESTRICT},
	{"LiteLLM_TeamTable", "organization_id", "LiteLLM_OrganizationTable", "organization_id",
	 COFFER_SET_NULL},
	{"LiteLLM_TeamTable", "model_id", "LiteLLM_ModelTable", "id", COFFER_SET_NULL},
	{"LiteLLM_UserTable", "organization_id", "LiteLLM_OrganizationTable", "organization_id",
	 COFFER_SET_NULL},
	{"LiteLLM_VerificationToken", "budget_id", "LiteLLM_BudgetTable", "budget_id",
	 COFFER_SET_NULL},
	{"LiteLLM_EndUserTable", "budget_id", "LiteLLM_BudgetTable", "budget_id", COFFER_SET_NULL},
	{"LiteLLM_TeamMembership", "budget_id", "LiteLLM_BudgetTable", "budget_id",
	 COFFER_SET_NULL},
	{"LiteLLM_OrganizationMembership", "user_id", "LiteLLM_UserTable", "user_id",
	 COFFER_RESTRICT},
	{"LiteLLM_OrganizationMembership", "budget_id", "LiteLLM_BudgetTable", "budget_id",
	 COFFER_SET_NULL},
	{"LiteLLM_InvitationLink", "user_id", "LiteLLM_UserTable", "user_id", COFFER_RESTRICT},
	{"LiteLLM_InvitationLink", "created_by", "LiteLLM_UserTable", "user_id", COFFER_RESTRICT},
	{"LiteLLM_InvitationLink", "updated_by", "LiteLLM_UserTable", "user_id", COFFER_RESTRICT},
};

static const struct {
	const char *table, *column, *target;
} soft[] = {
	{"LiteLLM_SpendLogs", "api_key", "LiteLLM_VerificationToken"},
	{"LiteLLM_SpendLogs", "user", "LiteLLM_UserTable"},
	{"LiteLLM_SpendLogs", "team_id", "LiteLLM_TeamTable"},
	{"LiteLLM_SpendLogs", "end_user", "LiteLLM_EndUserTable"},
	{"LiteLLM_VerificationToken", "user_id", "LiteLLM_UserTable"},
	{"LiteLLM_VerificationToken", "team_id", "LiteLLM_TeamTable"},
	{"LiteLLM_TeamMembership", "user_id", "LiteLLM_UserTable"},
	{"LiteLLM_TeamMembership", "team_id", "LiteLLM_TeamTable"},
	{"LiteLLM_OrganizationMembership", "organization_id", "LiteLLM_OrganizationTable"},
	{"LiteLLM_UserTable", "team_id", "LiteLLM_TeamTable"},
	{"LiteLLM_UserNotifications", "user_id", "LiteLLM_UserTable"},
	{"LiteLLM_AuditLog", "changed_by", "LiteLLM_UserTable"},
	{"LiteLLM_AuditLog", "object_id", "*"},
};

static coffer_schema *schema;

static int
open_builtin(void **state)
{
	(void)state;
	return coffer_schema_builtin(&schema, NULL) != COFFER_OK;
}

static int
close_builtin(void **state)
{
	(void)state;
	coffer_schema_free(schema);
	return 0;
}

static const coffer_table *
find(const char *name)
{
	uint32_t number = coffer_schema_find_table(schema, name);

	assert_true(number != COFFER_NO_TABLE);
	return &schema->tables[number];
}

static const coffer_relation *
find_relation(const coffer_table *table, const char *column, bool is_soft)
{
	for (size_t i = 0; i < table->relation_count; i++)
		if (table->relations[i].is_soft == is_soft &&
		    table->relations[i].column_count == 1 &&
		    table->relations[i].columns[0] == coffer_table_find_column(table, column))
			return &table->relations[i];
	fail_msg("no relation of %s.%s", table->name, column);
	return NULL;
}

static void
test_columns_are_the_gateways(void **state)
{
	size_t count = 0;

	(void)state;
	assert_int_equal(schema->table_count, 16);
	for (size_t i = 0; i < schema->table_count; i++)
		count += schema->tables[i].column_count;
	assert_int_equal(count, 181);
	assert_int_equal(sizeof(columns) / sizeof(*columns), 181);
	for (size_t i = 0; i < count; i++) {
		const coffer_table *table = find(columns[i].table);
		uint16_t number = coffer_table_find_column(table, columns[i].name);
		const coffer_column *column = &table->columns[number];

		assert_true(number != COFFER_NO_COLUMN);
		assert_string_equal(column->type, columns[i].type);
		assert_int_equal(column->is_nullable, columns[i].is_nullable);
		assert_int_equal(column->client_default, columns[i].client_default);
		assert_int_equal(column->is_updated_at, columns[i].is_updated_at);
		assert_int_equal(!column->default_sql, !columns[i].default_sql);
		if (column->default_sql)
			assert_string_equal(column->default_sql, columns[i].default_sql);
	}
}

static void
test_columns_stand_in_the_gateways_order(void **state)
{
	const coffer_table *table = find(columns[0].table);
	size_t number = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++, number++) {
		if (strcmp(table->name, columns[i].table) != 0) {
			table++;
			number = 0;
		}
		assert_string_equal(table->name, columns[i].table);
		assert_string_equal(table->columns[number].name, columns[i].name);
	}
}

static void
test_indexes_are_the_gateways(void **state)
{
	size_t count = 0;

	(void)state;
	for (size_t t = 0; t < schema->table_count; t++)
		for (size_t i = 0; i < schema->tables[t].index_count; i++)
			count += schema->tables[t].indexes[i].definition != NULL;
	assert_int_equal(count, sizeof(indexes) / sizeof(*indexes));
	for (size_t i = 0; i < count; i++) {
		const coffer_table *table = find(indexes[i].table);
		uint16_t number = coffer_table_find_index(table, indexes[i].name);

		assert_true(number != COFFER_NO_INDEX);
		assert_string_equal(table->indexes[number].definition, indexes[i].definition);
		assert_int_equal(table->indexes[number].is_unique, indexes[i].is_unique);
		assert_int_equal(table->indexes[number].tree,
				 indexes[i].is_unique ? COFFER_TREE_HASHED : COFFER_TREE_ORDERED);
	}
}

static void
test_foreign_keys_are_the_gateways(void **state)
{
	size_t count = 0;

	(void)state;
	for (size_t t = 0; t < schema->table_count; t++)
		for (size_t i = 0; i < schema->tables[t].relation_count; i++)
			count += !schema->tables[t].relations[i].is_soft;
	assert_int_equal(count, sizeof(keys) / sizeof(*keys));
	for (size_t i = 0; i < count; i++) {
		const coffer_table *table = find(keys[i].table);
		const coffer_relation *relation = find_relation(table, keys[i].column, false);

		assert_string_equal(relation->target, keys[i].target);
		assert_string_equal(relation->target_columns[0], keys[i].target_column);
		assert_int_equal(relation->on_delete, keys[i].on_delete);
		assert_int_equal(relation->on_update, COFFER_CASCADE);
	}
}

static void
test_soft_relations_are_indexed_and_interned(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(soft) / sizeof(*soft); i++) {
		const coffer_table *table = find(soft[i].table);
		const coffer_relation *relation = find_relation(table, soft[i].column, true);
		const coffer_index *index = &table->indexes[relation->index];

		assert_string_equal(relation->target, soft[i].target);
		assert_true(relation->index < table->index_count);
		assert_int_equal(index->tree, COFFER_TREE_ORDERED);
		assert_int_equal(index->key_columns[0], relation->columns[0]);
		assert_true(table->columns[relation->columns[0]].is_interned);
		if (strcmp(soft[i].target, "*") == 0)
			assert_int_equal(relation->target_index, COFFER_NO_INDEX);
		else
			assert_int_equal(relation->target_index, find(soft[i].target)->primary);
	}
}

static void
test_log_indexes_end_with_the_time(void **state)
{
	static const char *const names[] = {"api_key", "user", "team_id", "end_user"};
	const coffer_table *table = find("LiteLLM_SpendLogs");

	(void)state;
	assert_string_equal(table->columns[table->time_column].name, "startTime");
	for (size_t i = 0; i < 4; i++) {
		const coffer_relation *relation = find_relation(table, names[i], true);
		const coffer_index *index = &table->indexes[relation->index];

		assert_int_equal(index->key_column_count, 2);
		assert_int_equal(index->key_columns[1], table->time_column);
	}
	assert_true(find("LiteLLM_ErrorLogs")->time_column == 1);
	assert_true(find("LiteLLM_AuditLog")->time_column == 1);
	assert_true(find("LiteLLM_Config")->time_column == COFFER_NO_COLUMN);
}

static void
test_unreferenced_keys_are_not_interned(void **state)
{
	const coffer_table *logs = find("LiteLLM_SpendLogs");

	(void)state;
	assert_false(logs->columns[coffer_table_find_column(logs, "request_id")].is_interned);
	assert_false(logs->columns[coffer_table_find_column(logs, "cache_key")].is_interned);
	assert_true(logs->columns[coffer_table_find_column(logs, "request_tags")].is_interned);
	assert_true(find("LiteLLM_VerificationToken")->columns[0].is_interned);
	assert_false(find("LiteLLM_AuditLog")->columns[0].is_interned);
}

static void
test_ids_and_the_one_sequence(void **state)
{
	(void)state;
	for (size_t i = 0; i < schema->table_count; i++) {
		assert_int_equal(schema->tables[i].id, 16 + i);
		assert_true(schema->tables[i].is_known);
	}
	assert_int_equal(schema->sequence_count, 1);
	assert_string_equal(schema->sequences[0].name, "LiteLLM_ModelTable_id_seq");
	assert_string_equal(schema->sequences[0].owner_table, "LiteLLM_ModelTable");
	assert_string_equal(schema->sequences[0].owner_column, "id");
	assert_int_equal(schema->sequences[0].maximum, INT32_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns_are_the_gateways),
		cmocka_unit_test(test_columns_stand_in_the_gateways_order),
		cmocka_unit_test(test_indexes_are_the_gateways),
		cmocka_unit_test(test_foreign_keys_are_the_gateways),
		cmocka_unit_test(test_soft_relations_are_indexed_and_interned),
		cmocka_unit_test(test_log_indexes_end_with_the_time),
		cmocka_unit_test(test_unreferenced_keys_are_not_interned),
		cmocka_unit_test(test_ids_and_the_one_sequence),
	};

	return cmocka_run_group_tests(tests, open_builtin, close_builtin);
}
