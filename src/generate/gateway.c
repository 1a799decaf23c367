/*
 * How many of everything, and the list of tables. The counts follow the number of spend logs as in
 * real gateways; with no logs at all it is a gateway that was just set up.
 */
#include "generate/era.h"

#include <stdlib.h>

const struct coffer_gateway_table coffer_gateway_tables[COFFER_GATEWAY_TABLES] = {
	[COFFER_BUDGETS] =
		{
			"LiteLLM_BudgetTable",
			"budget_id max_budget soft_budget max_parallel_requests tpm_limit "
			"rpm_limit "
			"model_max_budget budget_duration budget_reset_at created_at created_by "
			"updated_at "
			"updated_by",
			NULL,
			coffer_budget_row_write,
		},
	[COFFER_ORGANIZATIONS] =
		{
			"LiteLLM_OrganizationTable",
			"organization_id organization_alias budget_id metadata models spend "
			"model_spend "
			"created_at created_by updated_at updated_by",
			NULL,
			coffer_organization_row_write,
		},
	[COFFER_ALIASES] =
		{
			"LiteLLM_ModelTable",
			"id aliases created_at created_by updated_at updated_by",
			NULL,
			coffer_alias_row_write,
		},
	[COFFER_TEAMS] =
		{
			"LiteLLM_TeamTable",
			"team_id team_alias organization_id admins members members_with_roles "
			"metadata "
			"max_budget spend models max_parallel_requests tpm_limit rpm_limit "
			"budget_duration "
			"budget_reset_at blocked created_at updated_at model_spend "
			"model_max_budget model_id",
			NULL,
			coffer_team_row_write,
		},
	[COFFER_USERS] =
		{
			"LiteLLM_UserTable",
			"user_id user_alias team_id organization_id password teams user_role "
			"max_budget spend "
			"user_email models metadata max_parallel_requests tpm_limit rpm_limit "
			"budget_duration "
			"budget_reset_at allowed_cache_controls model_spend model_max_budget",
			NULL,
			coffer_user_row_write,
		},
	[COFFER_KEYS] =
		{
			"LiteLLM_VerificationToken",
			"token key_name key_alias soft_budget_cooldown spend expires models "
			"aliases config "
			"user_id team_id permissions max_parallel_requests metadata blocked "
			"tpm_limit rpm_limit "
			"max_budget budget_duration budget_reset_at allowed_cache_controls "
			"model_spend "
			"model_max_budget budget_id created_at updated_at",
			NULL,
			coffer_key_row_write,
		},
	[COFFER_END_USERS] =
		{
			"LiteLLM_EndUserTable",
			"user_id alias spend allowed_model_region default_model budget_id blocked",
			NULL,
			coffer_end_user_row_write,
		},
	[COFFER_MODELS] =
		{
			"LiteLLM_ProxyModelTable",
			"model_id model_name litellm_params model_info created_at created_by "
			"updated_at "
			"updated_by",
			NULL,
			coffer_deployment_row_write,
		},
	[COFFER_CONFIG] =
		{
			"LiteLLM_Config",
			"param_name param_value",
			NULL,
			coffer_config_row_write,
		},
	[COFFER_TEAM_MEMBERS] =
		{
			"LiteLLM_TeamMembership",
			"user_id team_id spend budget_id",
			NULL,
			coffer_team_member_row_write,
		},
	[COFFER_ORGANIZATION_MEMBERS] =
		{
			"LiteLLM_OrganizationMembership",
			"user_id organization_id user_role spend budget_id created_at updated_at",
			NULL,
			coffer_organization_member_row_write,
		},
	[COFFER_INVITATIONS] =
		{
			"LiteLLM_InvitationLink",
			"id user_id is_accepted accepted_at expires_at created_at created_by "
			"updated_at "
			"updated_by",
			NULL,
			coffer_invitation_row_write,
		},
	[COFFER_NOTIFICATIONS] =
		{
			"LiteLLM_UserNotifications",
			"request_id user_id models justification status",
			NULL,
			coffer_notification_row_write,
		},
	[COFFER_SPEND_LOGS] =
		{
			"LiteLLM_SpendLogs",
			"request_id call_type api_key spend total_tokens prompt_tokens "
			"completion_tokens "
			"startTime endTime completionStartTime model model_id model_group api_base "
			"user metadata "
			"cache_hit cache_key request_tags team_id end_user requester_ip_address",
			COFFER_TODAY_COLUMNS,
			coffer_spend_log_row_write,
		},
	[COFFER_ERROR_LOGS] =
		{
			"LiteLLM_ErrorLogs",
			"request_id startTime endTime api_base model_group litellm_model_name "
			"model_id "
			"request_kwargs exception_type exception_string status_code",
			NULL,
			coffer_error_log_row_write,
		},
	[COFFER_AUDIT_LOGS] =
		{
			"LiteLLM_AuditLog",
			"id updated_at changed_by changed_by_api_key action table_name object_id "
			"before_value "
			"updated_values",
			NULL,
			coffer_audit_log_row_write,
		},
};

/* One row in `divisor` beside the `base` that a gateway without logs has; at most `most`. */
static const struct {
	uint32_t base, divisor, most;
} proportions[COFFER_GATEWAY_TABLES] = {
	[COFFER_BUDGETS] = {2, 4000, 1000},
	[COFFER_ORGANIZATIONS] = {1, 50000, 50},
	[COFFER_ALIASES] = {1, 20000, 500},
	[COFFER_TEAMS] = {2, 5000, 1000},
	[COFFER_USERS] = {3, 500, 10000},
	[COFFER_KEYS] = {4, 250, 100000},
	[COFFER_END_USERS] = {0, 20, 50000},
	[COFFER_MODELS] = {3, 20000, 57},
	[COFFER_CONFIG] = {5, UINT32_MAX, 5},
	[COFFER_TEAM_MEMBERS] = {2, 350, 14000},
	[COFFER_ORGANIZATION_MEMBERS] = {1, 2000, 2500},
	[COFFER_INVITATIONS] = {1, 5000, 2000},
	[COFFER_NOTIFICATIONS] = {0, 2000, 1000},
	[COFFER_SPEND_LOGS] = {0, 1, UINT32_MAX},
	[COFFER_ERROR_LOGS] = {0, 50, UINT32_MAX},
	[COFFER_AUDIT_LOGS] = {1, 500, UINT32_MAX},
};

static coffer_status
init_tables(struct coffer_gateway *gateway, coffer_error *error)
{
	if (!coffer_calendar_init(&gateway->calendar, gateway->seed) ||
	    !coffer_zipf_init(&gateway->keys, gateway->counts[COFFER_KEYS], 2) ||
	    !coffer_zipf_init(&gateway->end_users, gateway->counts[COFFER_END_USERS], 3) ||
	    !coffer_zipf_init(&gateway->tag_lists, gateway->counts[COFFER_KEYS] / 2 + 8, 3) ||
	    (gateway->era == COFFER_ERA_TODAY && !coffer_model_maps_init(gateway)))
		return coffer_error_set(error, COFFER_NO_MEMORY,
					"no memory for the generator's tables");
	return COFFER_OK;
}

coffer_status
coffer_gateway_init(struct coffer_gateway *gateway, const coffer_generate_options *options,
		    coffer_error *error)
{
	uint64_t count;
	uint32_t table;

	*gateway = (struct coffer_gateway){
		.seed = options->seed, .era = options->era, .prompts = options->prompts_percent};
	if (options->rows > COFFER_GENERATE_ROWS_MAX)
		return coffer_error_set(error, COFFER_LIMIT,
					"%llu rows asked for, at most %llu can be made",
					(unsigned long long)options->rows,
					(unsigned long long)COFFER_GENERATE_ROWS_MAX);
	if (options->prompts_percent > (options->era == COFFER_ERA_TODAY ? 100u : 0u))
		return coffer_error_set(
			error, COFFER_INVALID, "prompts in %u of 100 rows asked for, %s",
			options->prompts_percent,
			options->era == COFFER_ERA_TODAY ? "at most 100 can be"
							 : "the older era has no columns for them");
	if (options->era == COFFER_ERA_TODAY)
		gateway->later_ms = COFFER_TODAY_LATER_MS;
	for (table = 0; table < COFFER_GATEWAY_TABLES; table++) {
		count = proportions[table].base + options->rows / proportions[table].divisor;
		gateway->counts[table] =
			(uint32_t)(count < proportions[table].most ? count
								   : proportions[table].most);
	}
	return init_tables(gateway, error);
}

void
coffer_gateway_release(struct coffer_gateway *gateway)
{
	coffer_calendar_release(&gateway->calendar);
	coffer_zipf_release(&gateway->keys);
	coffer_zipf_release(&gateway->end_users);
	coffer_zipf_release(&gateway->tag_lists);
	free(gateway->model_maps);
	gateway->model_maps = NULL;
}

void
coffer_gateway_write(const struct coffer_gateway *gateway, uint32_t table, uint32_t number,
		     struct coffer_draft *draft)
{
	draft->count = 0;
	draft->later_ms = gateway->later_ms;
	draft->pen.at = draft->pen.from = draft->bytes;
	draft->pen.end = draft->bytes + sizeof draft->bytes;
	coffer_gateway_tables[table].write(gateway, number, draft);
}
