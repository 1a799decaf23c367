-- Written by today.sh; change that.

SET client_min_messages = warning;
SET TimeZone = 'UTC';

CREATE TYPE "JobStatus" AS ENUM ('ACTIVE', 'INACTIVE');

CREATE TABLE "LiteLLM_BudgetTable" (
	"budget_id" TEXT NOT NULL,
	"max_budget" DOUBLE PRECISION,
	"soft_budget" DOUBLE PRECISION,
	"max_parallel_requests" INTEGER,
	"tpm_limit" BIGINT,
	"rpm_limit" BIGINT,
	"model_max_budget" JSONB,
	"budget_duration" TEXT,
	"budget_reset_at" TIMESTAMP(3),
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"created_by" TEXT NOT NULL,
	"updated_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_by" TEXT NOT NULL,
	CONSTRAINT "LiteLLM_BudgetTable_pkey" PRIMARY KEY ("budget_id")
);
INSERT INTO "LiteLLM_BudgetTable" ("budget_id", "max_budget", "soft_budget", "max_parallel_requests", "tpm_limit", "rpm_limit", "model_max_budget", "budget_duration", "budget_reset_at", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('budget_id-1', 0.1e-1, 0.1e-1, 10, 9007199254740992 + 1, 9007199254740992 + 1, '{"n": 1.50, "model_max_budget": [null, {"deep": "é"}]}', 'budget_duration-1', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121', 'created_by-1', '2026-01-11 10:20:30.121', 'updated_by-1');
INSERT INTO "LiteLLM_BudgetTable" ("budget_id", "max_budget", "soft_budget", "max_parallel_requests", "tpm_limit", "rpm_limit", "model_max_budget", "budget_duration", "budget_reset_at", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('budget_id-2', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2026-02-11 10:20:30.222', 'created_by-2', '2026-02-11 10:20:30.222', 'updated_by-2');
INSERT INTO "LiteLLM_BudgetTable" ("budget_id", "max_budget", "soft_budget", "max_parallel_requests", "tpm_limit", "rpm_limit", "model_max_budget", "budget_duration", "budget_reset_at", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('budget_id-3', 0.3e-3, 0.3e-3, 30, 9007199254740992 + 3, 9007199254740992 + 3, '{"n": 3.50, "model_max_budget": [null, {"deep": "é"}]}', 'budget_duration-3', '2026-03-11 10:20:30.323', DEFAULT, 'created_by-3', DEFAULT, 'updated_by-3');
ALTER TABLE "LiteLLM_BudgetTable" ADD COLUMN "allowed_models" TEXT[] DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "LiteLLM_BudgetTable" ADD COLUMN "tpd_limit" BIGINT;
INSERT INTO "LiteLLM_BudgetTable" ("budget_id", "max_budget", "soft_budget", "max_parallel_requests", "tpm_limit", "rpm_limit", "model_max_budget", "budget_duration", "budget_reset_at", "created_at", "created_by", "updated_at", "updated_by", "allowed_models", "tpd_limit")
	VALUES ('budget_id-4', 0.4e-4, 0.4e-4, 40, 9007199254740992 + 4, 9007199254740992 + 4, '{"n": 4.50, "model_max_budget": [null, {"deep": "é"}]}', 'budget_duration-4', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', 'created_by-4', '2026-04-11 10:20:30.424', 'updated_by-4', ARRAY['allowed_models', NULL, 'with "quote", and comma'], 9007199254740992 + 4);

CREATE TABLE "LiteLLM_ProxyModelTable" (
	"model_id" TEXT NOT NULL,
	"model_name" TEXT NOT NULL,
	"litellm_params" JSONB NOT NULL,
	"model_info" JSONB,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"created_by" TEXT NOT NULL,
	"updated_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_by" TEXT NOT NULL,
	CONSTRAINT "LiteLLM_ProxyModelTable_pkey" PRIMARY KEY ("model_id")
);
INSERT INTO "LiteLLM_ProxyModelTable" ("model_id", "model_name", "litellm_params", "model_info", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('model_id-1', 'model_name-1', '{"n": 1.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 1.50, "model_info": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121', 'created_by-1', '2026-01-11 10:20:30.121', 'updated_by-1');
INSERT INTO "LiteLLM_ProxyModelTable" ("model_id", "model_name", "litellm_params", "model_info", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('model_id-2', 'model_name-2', '{"n": 2.50, "litellm_params": [null, {"deep": "é"}]}', NULL, '2026-02-11 10:20:30.222', 'created_by-2', '2026-02-11 10:20:30.222', 'updated_by-2');
INSERT INTO "LiteLLM_ProxyModelTable" ("model_id", "model_name", "litellm_params", "model_info", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('model_id-3', 'model_name-3', '{"n": 3.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 3.50, "model_info": [null, {"deep": "é"}]}', DEFAULT, 'created_by-3', DEFAULT, 'updated_by-3');
ALTER TABLE "LiteLLM_ProxyModelTable" ADD COLUMN "blocked" BOOLEAN NOT NULL DEFAULT false;
INSERT INTO "LiteLLM_ProxyModelTable" ("model_id", "model_name", "litellm_params", "model_info", "created_at", "created_by", "updated_at", "updated_by", "blocked")
	VALUES ('model_id-4', 'model_name-4', '{"n": 4.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 4.50, "model_info": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424', 'created_by-4', '2026-04-11 10:20:30.424', 'updated_by-4', false);

CREATE TABLE "LiteLLM_ObjectPermissionTable" (
	"object_permission_id" TEXT NOT NULL,
	"mcp_servers" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"vector_stores" TEXT[] DEFAULT ARRAY[]::TEXT[],
	CONSTRAINT "LiteLLM_ObjectPermissionTable_pkey" PRIMARY KEY ("object_permission_id")
);
INSERT INTO "LiteLLM_ObjectPermissionTable" ("object_permission_id", "mcp_servers", "vector_stores")
	VALUES ('object_permission_id-1', ARRAY['mcp_servers', NULL, 'with "quote", and comma'], ARRAY['vector_stores', NULL, 'with "quote", and comma']);
INSERT INTO "LiteLLM_ObjectPermissionTable" ("object_permission_id", "mcp_servers", "vector_stores")
	VALUES ('object_permission_id-2', NULL, NULL);
INSERT INTO "LiteLLM_ObjectPermissionTable" ("object_permission_id", "mcp_servers", "vector_stores")
	VALUES ('object_permission_id-3', DEFAULT, DEFAULT);
ALTER TABLE "LiteLLM_ObjectPermissionTable" ADD COLUMN "agents" TEXT[] DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "LiteLLM_ObjectPermissionTable" ADD COLUMN "mcp_access_groups" TEXT[] DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "LiteLLM_ObjectPermissionTable" ADD COLUMN "mcp_tool_permissions" JSONB;
INSERT INTO "LiteLLM_ObjectPermissionTable" ("object_permission_id", "mcp_servers", "vector_stores", "agents", "mcp_access_groups", "mcp_tool_permissions")
	VALUES ('object_permission_id-4', ARRAY['mcp_servers', NULL, 'with "quote", and comma'], ARRAY['vector_stores', NULL, 'with "quote", and comma'], ARRAY['agents', NULL, 'with "quote", and comma'], ARRAY['mcp_access_groups', NULL, 'with "quote", and comma'], '{"n": 4.50, "mcp_tool_permissions": [null, {"deep": "é"}]}');

CREATE TABLE "LiteLLM_OrganizationTable" (
	"organization_id" TEXT NOT NULL,
	"organization_alias" TEXT NOT NULL,
	"budget_id" TEXT NOT NULL,
	"metadata" JSONB NOT NULL DEFAULT '{}',
	"models" TEXT[],
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"model_spend" JSONB NOT NULL DEFAULT '{}',
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"created_by" TEXT NOT NULL,
	"updated_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_by" TEXT NOT NULL,
	CONSTRAINT "LiteLLM_OrganizationTable_pkey" PRIMARY KEY ("organization_id")
);
INSERT INTO "LiteLLM_OrganizationTable" ("organization_id", "organization_alias", "budget_id", "metadata", "models", "spend", "model_spend", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('organization_id-1', 'organization_alias-1', 'budget_id-1', '{"n": 1.50, "metadata": [null, {"deep": "é"}]}', ARRAY['models', NULL, 'with "quote", and comma'], 0.1e-1, '{"n": 1.50, "model_spend": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121', 'created_by-1', '2026-01-11 10:20:30.121', 'updated_by-1');
INSERT INTO "LiteLLM_OrganizationTable" ("organization_id", "organization_alias", "budget_id", "metadata", "models", "spend", "model_spend", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('organization_id-2', 'organization_alias-2', 'budget_id-2', '{"n": 2.50, "metadata": [null, {"deep": "é"}]}', NULL, 0.2e-2, '{"n": 2.50, "model_spend": [null, {"deep": "é"}]}', '2026-02-11 10:20:30.222', 'created_by-2', '2026-02-11 10:20:30.222', 'updated_by-2');
INSERT INTO "LiteLLM_OrganizationTable" ("organization_id", "organization_alias", "budget_id", "metadata", "models", "spend", "model_spend", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('organization_id-3', 'organization_alias-3', 'budget_id-3', DEFAULT, ARRAY['models', NULL, 'with "quote", and comma'], DEFAULT, DEFAULT, DEFAULT, 'created_by-3', DEFAULT, 'updated_by-3');
ALTER TABLE "LiteLLM_OrganizationTable" ADD COLUMN "object_permission_id" TEXT;
INSERT INTO "LiteLLM_OrganizationTable" ("organization_id", "organization_alias", "budget_id", "metadata", "models", "spend", "model_spend", "created_at", "created_by", "updated_at", "updated_by", "object_permission_id")
	VALUES ('organization_id-4', 'organization_alias-4', 'budget_id-4', '{"n": 4.50, "metadata": [null, {"deep": "é"}]}', ARRAY['models', NULL, 'with "quote", and comma'], 0.4e-4, '{"n": 4.50, "model_spend": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424', 'created_by-4', '2026-04-11 10:20:30.424', 'updated_by-4', 'object_permission_id-4');

CREATE TABLE "LiteLLM_ModelTable" (
	"id" SERIAL NOT NULL,
	"aliases" JSONB,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"created_by" TEXT NOT NULL,
	"updated_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_by" TEXT NOT NULL,
	CONSTRAINT "LiteLLM_ModelTable_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_ModelTable" ("aliases", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('{"n": 1.50, "aliases": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121', 'created_by-1', '2026-01-11 10:20:30.121', 'updated_by-1');
INSERT INTO "LiteLLM_ModelTable" ("aliases", "created_at", "created_by", "updated_at", "updated_by")
	VALUES (NULL, '2026-02-11 10:20:30.222', 'created_by-2', '2026-02-11 10:20:30.222', 'updated_by-2');
INSERT INTO "LiteLLM_ModelTable" ("aliases", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('{"n": 3.50, "aliases": [null, {"deep": "é"}]}', DEFAULT, 'created_by-3', DEFAULT, 'updated_by-3');
INSERT INTO "LiteLLM_ModelTable" ("aliases", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('{"n": 4.50, "aliases": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424', 'created_by-4', '2026-04-11 10:20:30.424', 'updated_by-4');

CREATE TABLE "LiteLLM_TeamTable" (
	"team_id" TEXT NOT NULL,
	"team_alias" TEXT,
	"organization_id" TEXT,
	"admins" TEXT[],
	"members" TEXT[],
	"members_with_roles" JSONB NOT NULL DEFAULT '{}',
	"metadata" JSONB NOT NULL DEFAULT '{}',
	"max_budget" DOUBLE PRECISION,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"models" TEXT[],
	"max_parallel_requests" INTEGER,
	"tpm_limit" BIGINT,
	"rpm_limit" BIGINT,
	"budget_duration" TEXT,
	"budget_reset_at" TIMESTAMP(3),
	"blocked" BOOLEAN NOT NULL DEFAULT false,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"model_spend" JSONB NOT NULL DEFAULT '{}',
	"model_max_budget" JSONB NOT NULL DEFAULT '{}',
	"model_id" INTEGER,
	CONSTRAINT "LiteLLM_TeamTable_pkey" PRIMARY KEY ("team_id")
);
INSERT INTO "LiteLLM_TeamTable" ("team_id", "team_alias", "organization_id", "admins", "members", "members_with_roles", "metadata", "max_budget", "spend", "models", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration", "budget_reset_at", "blocked", "created_at", "updated_at", "model_spend", "model_max_budget", "model_id")
	VALUES ('team_id-1', 'team_alias-1', 'organization_id-1', ARRAY['admins', NULL, 'with "quote", and comma'], ARRAY['members', NULL, 'with "quote", and comma'], '{"n": 1.50, "members_with_roles": [null, {"deep": "é"}]}', '{"n": 1.50, "metadata": [null, {"deep": "é"}]}', 0.1e-1, 0.1e-1, ARRAY['models', NULL, 'with "quote", and comma'], 10, 9007199254740992 + 1, 9007199254740992 + 1, 'budget_duration-1', '2026-01-11 10:20:30.121', true, '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121', '{"n": 1.50, "model_spend": [null, {"deep": "é"}]}', '{"n": 1.50, "model_max_budget": [null, {"deep": "é"}]}', 1);
INSERT INTO "LiteLLM_TeamTable" ("team_id", "team_alias", "organization_id", "admins", "members", "members_with_roles", "metadata", "max_budget", "spend", "models", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration", "budget_reset_at", "blocked", "created_at", "updated_at", "model_spend", "model_max_budget", "model_id")
	VALUES ('team_id-2', NULL, NULL, NULL, NULL, '{"n": 2.50, "members_with_roles": [null, {"deep": "é"}]}', '{"n": 2.50, "metadata": [null, {"deep": "é"}]}', NULL, 0.2e-2, NULL, NULL, NULL, NULL, NULL, NULL, false, '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222', '{"n": 2.50, "model_spend": [null, {"deep": "é"}]}', '{"n": 2.50, "model_max_budget": [null, {"deep": "é"}]}', NULL);
INSERT INTO "LiteLLM_TeamTable" ("team_id", "team_alias", "organization_id", "admins", "members", "members_with_roles", "metadata", "max_budget", "spend", "models", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration", "budget_reset_at", "blocked", "created_at", "updated_at", "model_spend", "model_max_budget", "model_id")
	VALUES ('team_id-3', 'team_alias-3', 'organization_id-3', ARRAY['admins', NULL, 'with "quote", and comma'], ARRAY['members', NULL, 'with "quote", and comma'], DEFAULT, DEFAULT, 0.3e-3, DEFAULT, ARRAY['models', NULL, 'with "quote", and comma'], 30, 9007199254740992 + 3, 9007199254740992 + 3, 'budget_duration-3', '2026-03-11 10:20:30.323', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, 3);
ALTER TABLE "LiteLLM_TeamTable" ADD COLUMN "team_member_permissions" TEXT[] DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "LiteLLM_TeamTable" ADD COLUMN "object_permission_id" TEXT;
ALTER TABLE "LiteLLM_TeamTable" ADD COLUMN "router_settings" JSONB DEFAULT '{}';
ALTER TABLE "LiteLLM_TeamTable" ADD COLUMN "policies" TEXT[] DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "LiteLLM_TeamTable" ADD COLUMN "allow_team_guardrail_config" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "LiteLLM_TeamTable" ADD COLUMN "soft_budget" DOUBLE PRECISION;
ALTER TABLE "LiteLLM_TeamTable" ADD COLUMN "access_group_ids" TEXT[] DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "LiteLLM_TeamTable" ADD COLUMN "budget_limits" JSONB;
ALTER TABLE "LiteLLM_TeamTable" ADD COLUMN "tpd_limit" BIGINT;
INSERT INTO "LiteLLM_TeamTable" ("team_id", "team_alias", "organization_id", "admins", "members", "members_with_roles", "metadata", "max_budget", "spend", "models", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration", "budget_reset_at", "blocked", "created_at", "updated_at", "model_spend", "model_max_budget", "model_id", "team_member_permissions", "object_permission_id", "router_settings", "policies", "allow_team_guardrail_config", "soft_budget", "access_group_ids", "budget_limits", "tpd_limit")
	VALUES ('team_id-4', 'team_alias-4', 'organization_id-4', ARRAY['admins', NULL, 'with "quote", and comma'], ARRAY['members', NULL, 'with "quote", and comma'], '{"n": 4.50, "members_with_roles": [null, {"deep": "é"}]}', '{"n": 4.50, "metadata": [null, {"deep": "é"}]}', 0.4e-4, 0.4e-4, ARRAY['models', NULL, 'with "quote", and comma'], 40, 9007199254740992 + 4, 9007199254740992 + 4, 'budget_duration-4', '2026-04-11 10:20:30.424', false, '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', '{"n": 4.50, "model_spend": [null, {"deep": "é"}]}', '{"n": 4.50, "model_max_budget": [null, {"deep": "é"}]}', 4, ARRAY['team_member_permissions', NULL, 'with "quote", and comma'], 'object_permission_id-4', '{"n": 4.50, "router_settings": [null, {"deep": "é"}]}', ARRAY['policies', NULL, 'with "quote", and comma'], false, 0.4e-4, ARRAY['access_group_ids', NULL, 'with "quote", and comma'], '{"n": 4.50, "budget_limits": [null, {"deep": "é"}]}', 9007199254740992 + 4);
CREATE UNIQUE INDEX "LiteLLM_TeamTable_model_id_key" ON "LiteLLM_TeamTable" ("model_id");
CREATE INDEX "LiteLLM_TeamTable_organization_id_idx" ON "LiteLLM_TeamTable" ("organization_id");
CREATE INDEX "LiteLLM_TeamTable_team_alias_idx" ON "LiteLLM_TeamTable" ("team_alias");
CREATE INDEX "LiteLLM_TeamTable_created_at_idx" ON "LiteLLM_TeamTable" ("created_at" DESC);

CREATE TABLE "LiteLLM_UserTable" (
	"user_id" TEXT NOT NULL,
	"user_alias" TEXT,
	"team_id" TEXT,
	"organization_id" TEXT,
	"password" TEXT,
	"teams" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"user_role" TEXT,
	"max_budget" DOUBLE PRECISION,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"user_email" TEXT,
	"models" TEXT[],
	"metadata" JSONB NOT NULL DEFAULT '{}',
	"max_parallel_requests" INTEGER,
	"tpm_limit" BIGINT,
	"rpm_limit" BIGINT,
	"budget_duration" TEXT,
	"budget_reset_at" TIMESTAMP(3),
	"allowed_cache_controls" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"model_spend" JSONB NOT NULL DEFAULT '{}',
	"model_max_budget" JSONB NOT NULL DEFAULT '{}',
	CONSTRAINT "LiteLLM_UserTable_pkey" PRIMARY KEY ("user_id")
);
INSERT INTO "LiteLLM_UserTable" ("user_id", "user_alias", "team_id", "organization_id", "password", "teams", "user_role", "max_budget", "spend", "user_email", "models", "metadata", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration", "budget_reset_at", "allowed_cache_controls", "model_spend", "model_max_budget")
	VALUES ('user_id-1', 'user_alias-1', 'team_id-1', 'organization_id-1', 'password-1', ARRAY['teams', NULL, 'with "quote", and comma'], 'user_role-1', 0.1e-1, 0.1e-1, 'user_email-1', ARRAY['models', NULL, 'with "quote", and comma'], '{"n": 1.50, "metadata": [null, {"deep": "é"}]}', 10, 9007199254740992 + 1, 9007199254740992 + 1, 'budget_duration-1', '2026-01-11 10:20:30.121', ARRAY['allowed_cache_controls', NULL, 'with "quote", and comma'], '{"n": 1.50, "model_spend": [null, {"deep": "é"}]}', '{"n": 1.50, "model_max_budget": [null, {"deep": "é"}]}');
INSERT INTO "LiteLLM_UserTable" ("user_id", "user_alias", "team_id", "organization_id", "password", "teams", "user_role", "max_budget", "spend", "user_email", "models", "metadata", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration", "budget_reset_at", "allowed_cache_controls", "model_spend", "model_max_budget")
	VALUES ('user_id-2', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0.2e-2, NULL, NULL, '{"n": 2.50, "metadata": [null, {"deep": "é"}]}', NULL, NULL, NULL, NULL, NULL, NULL, '{"n": 2.50, "model_spend": [null, {"deep": "é"}]}', '{"n": 2.50, "model_max_budget": [null, {"deep": "é"}]}');
INSERT INTO "LiteLLM_UserTable" ("user_id", "user_alias", "team_id", "organization_id", "password", "teams", "user_role", "max_budget", "spend", "user_email", "models", "metadata", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration", "budget_reset_at", "allowed_cache_controls", "model_spend", "model_max_budget")
	VALUES ('user_id-3', 'user_alias-3', 'team_id-3', 'organization_id-3', 'password-3', DEFAULT, 'user_role-3', 0.3e-3, DEFAULT, 'user_email-3', ARRAY['models', NULL, 'with "quote", and comma'], DEFAULT, 30, 9007199254740992 + 3, 9007199254740992 + 3, 'budget_duration-3', '2026-03-11 10:20:30.323', DEFAULT, DEFAULT, DEFAULT);
ALTER TABLE "LiteLLM_UserTable" ADD COLUMN "created_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "LiteLLM_UserTable" ADD COLUMN "updated_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "LiteLLM_UserTable" ADD COLUMN "sso_user_id" TEXT;
ALTER TABLE "LiteLLM_UserTable" ADD COLUMN "object_permission_id" TEXT;
ALTER TABLE "LiteLLM_UserTable" ADD COLUMN "policies" TEXT[] DEFAULT ARRAY[]::TEXT[];
INSERT INTO "LiteLLM_UserTable" ("user_id", "user_alias", "team_id", "organization_id", "password", "teams", "user_role", "max_budget", "spend", "user_email", "models", "metadata", "max_parallel_requests", "tpm_limit", "rpm_limit", "budget_duration", "budget_reset_at", "allowed_cache_controls", "model_spend", "model_max_budget", "created_at", "updated_at", "sso_user_id", "object_permission_id", "policies")
	VALUES ('user_id-4', 'user_alias-4', 'team_id-4', 'organization_id-4', 'password-4', ARRAY['teams', NULL, 'with "quote", and comma'], 'user_role-4', 0.4e-4, 0.4e-4, 'user_email-4', ARRAY['models', NULL, 'with "quote", and comma'], '{"n": 4.50, "metadata": [null, {"deep": "é"}]}', 40, 9007199254740992 + 4, 9007199254740992 + 4, 'budget_duration-4', '2026-04-11 10:20:30.424', ARRAY['allowed_cache_controls', NULL, 'with "quote", and comma'], '{"n": 4.50, "model_spend": [null, {"deep": "é"}]}', '{"n": 4.50, "model_max_budget": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', 'sso_user_id-4', 'object_permission_id-4', ARRAY['policies', NULL, 'with "quote", and comma']);
CREATE UNIQUE INDEX "LiteLLM_UserTable_sso_user_id_key" ON "LiteLLM_UserTable" ("sso_user_id");

CREATE TABLE "LiteLLM_ProjectTable" (
	"project_id" TEXT NOT NULL,
	"project_alias" TEXT,
	"team_id" TEXT,
	"budget_id" TEXT,
	"metadata" JSONB NOT NULL DEFAULT '{}',
	"models" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"model_rpm_limit" JSONB NOT NULL DEFAULT '{}',
	"blocked" BOOLEAN NOT NULL DEFAULT false,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"created_by" TEXT NOT NULL,
	"updated_at" TIMESTAMP(3) NOT NULL,
	"updated_by" TEXT NOT NULL,
	CONSTRAINT "LiteLLM_ProjectTable_pkey" PRIMARY KEY ("project_id")
);
INSERT INTO "LiteLLM_ProjectTable" ("project_id", "project_alias", "team_id", "budget_id", "metadata", "models", "spend", "model_rpm_limit", "blocked", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('project_id-1', 'project_alias-1', 'team_id-1', 'budget_id-1', '{"n": 1.50, "metadata": [null, {"deep": "é"}]}', ARRAY['models', NULL, 'with "quote", and comma'], 0.1e-1, '{"n": 1.50, "model_rpm_limit": [null, {"deep": "é"}]}', true, '2026-01-11 10:20:30.121', 'created_by-1', '2026-01-11 10:20:30.121', 'updated_by-1');
INSERT INTO "LiteLLM_ProjectTable" ("project_id", "project_alias", "team_id", "budget_id", "metadata", "models", "spend", "model_rpm_limit", "blocked", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('project_id-2', NULL, NULL, NULL, '{"n": 2.50, "metadata": [null, {"deep": "é"}]}', NULL, 0.2e-2, '{"n": 2.50, "model_rpm_limit": [null, {"deep": "é"}]}', false, '2026-02-11 10:20:30.222', 'created_by-2', '2026-02-11 10:20:30.222', 'updated_by-2');
INSERT INTO "LiteLLM_ProjectTable" ("project_id", "project_alias", "team_id", "budget_id", "metadata", "models", "spend", "model_rpm_limit", "blocked", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('project_id-3', 'project_alias-3', 'team_id-3', 'budget_id-3', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, 'created_by-3', '2026-03-11 10:20:30.323', 'updated_by-3');
INSERT INTO "LiteLLM_ProjectTable" ("project_id", "project_alias", "team_id", "budget_id", "metadata", "models", "spend", "model_rpm_limit", "blocked", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('project_id-4', 'project_alias-4', 'team_id-4', 'budget_id-4', '{"n": 4.50, "metadata": [null, {"deep": "é"}]}', ARRAY['models', NULL, 'with "quote", and comma'], 0.4e-4, '{"n": 4.50, "model_rpm_limit": [null, {"deep": "é"}]}', false, '2026-04-11 10:20:30.424', 'created_by-4', '2026-04-11 10:20:30.424', 'updated_by-4');

CREATE TABLE "LiteLLM_VerificationToken" (
	"token" TEXT NOT NULL,
	"key_name" TEXT,
	"key_alias" TEXT,
	"soft_budget_cooldown" BOOLEAN NOT NULL DEFAULT false,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"expires" TIMESTAMP(3),
	"models" TEXT[],
	"aliases" JSONB NOT NULL DEFAULT '{}',
	"config" JSONB NOT NULL DEFAULT '{}',
	"user_id" TEXT,
	"team_id" TEXT,
	"permissions" JSONB NOT NULL DEFAULT '{}',
	"max_parallel_requests" INTEGER,
	"metadata" JSONB NOT NULL DEFAULT '{}',
	"blocked" BOOLEAN,
	"tpm_limit" BIGINT,
	"rpm_limit" BIGINT,
	"max_budget" DOUBLE PRECISION,
	"budget_duration" TEXT,
	"budget_reset_at" TIMESTAMP(3),
	"allowed_cache_controls" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"model_spend" JSONB NOT NULL DEFAULT '{}',
	"model_max_budget" JSONB NOT NULL DEFAULT '{}',
	"budget_id" TEXT,
	"created_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_VerificationToken_pkey" PRIMARY KEY ("token")
);
INSERT INTO "LiteLLM_VerificationToken" ("token", "key_name", "key_alias", "soft_budget_cooldown", "spend", "expires", "models", "aliases", "config", "user_id", "team_id", "permissions", "max_parallel_requests", "metadata", "blocked", "tpm_limit", "rpm_limit", "max_budget", "budget_duration", "budget_reset_at", "allowed_cache_controls", "model_spend", "model_max_budget", "budget_id", "created_at", "updated_at")
	VALUES ('token-1', 'key_name-1', 'key_alias-1', true, 0.1e-1, '2026-01-11 10:20:30.121', ARRAY['models', NULL, 'with "quote", and comma'], '{"n": 1.50, "aliases": [null, {"deep": "é"}]}', '{"n": 1.50, "config": [null, {"deep": "é"}]}', 'user_id-1', 'team_id-1', '{"n": 1.50, "permissions": [null, {"deep": "é"}]}', 10, '{"n": 1.50, "metadata": [null, {"deep": "é"}]}', true, 9007199254740992 + 1, 9007199254740992 + 1, 0.1e-1, 'budget_duration-1', '2026-01-11 10:20:30.121', ARRAY['allowed_cache_controls', NULL, 'with "quote", and comma'], '{"n": 1.50, "model_spend": [null, {"deep": "é"}]}', '{"n": 1.50, "model_max_budget": [null, {"deep": "é"}]}', 'budget_id-1', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_VerificationToken" ("token", "key_name", "key_alias", "soft_budget_cooldown", "spend", "expires", "models", "aliases", "config", "user_id", "team_id", "permissions", "max_parallel_requests", "metadata", "blocked", "tpm_limit", "rpm_limit", "max_budget", "budget_duration", "budget_reset_at", "allowed_cache_controls", "model_spend", "model_max_budget", "budget_id", "created_at", "updated_at")
	VALUES ('token-2', NULL, NULL, false, 0.2e-2, NULL, NULL, '{"n": 2.50, "aliases": [null, {"deep": "é"}]}', '{"n": 2.50, "config": [null, {"deep": "é"}]}', NULL, NULL, '{"n": 2.50, "permissions": [null, {"deep": "é"}]}', NULL, '{"n": 2.50, "metadata": [null, {"deep": "é"}]}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"n": 2.50, "model_spend": [null, {"deep": "é"}]}', '{"n": 2.50, "model_max_budget": [null, {"deep": "é"}]}', NULL, NULL, NULL);
INSERT INTO "LiteLLM_VerificationToken" ("token", "key_name", "key_alias", "soft_budget_cooldown", "spend", "expires", "models", "aliases", "config", "user_id", "team_id", "permissions", "max_parallel_requests", "metadata", "blocked", "tpm_limit", "rpm_limit", "max_budget", "budget_duration", "budget_reset_at", "allowed_cache_controls", "model_spend", "model_max_budget", "budget_id", "created_at", "updated_at")
	VALUES ('token-3', 'key_name-3', 'key_alias-3', DEFAULT, DEFAULT, '2026-03-11 10:20:30.323', ARRAY['models', NULL, 'with "quote", and comma'], DEFAULT, DEFAULT, 'user_id-3', 'team_id-3', DEFAULT, 30, DEFAULT, true, 9007199254740992 + 3, 9007199254740992 + 3, 0.3e-3, 'budget_duration-3', '2026-03-11 10:20:30.323', DEFAULT, DEFAULT, DEFAULT, 'budget_id-3', DEFAULT, DEFAULT);
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "organization_id" TEXT;
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "created_by" TEXT;
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "updated_by" TEXT;
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "allowed_routes" TEXT[] DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "object_permission_id" TEXT;
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "rotation_count" INTEGER DEFAULT 0;
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "auto_rotate" BOOLEAN DEFAULT false;
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "rotation_interval" TEXT;
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "last_rotation_at" TIMESTAMP(3);
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "key_rotation_at" TIMESTAMP(3);
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "router_settings" JSONB DEFAULT '{}';
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "policies" TEXT[] DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "access_group_ids" TEXT[] DEFAULT ARRAY[]::TEXT[];
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "project_id" TEXT;
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "agent_id" TEXT;
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "last_active" TIMESTAMP(3);
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "budget_limits" JSONB;
ALTER TABLE "LiteLLM_VerificationToken" ADD COLUMN "key_type" TEXT DEFAULT 'default';
INSERT INTO "LiteLLM_VerificationToken" ("token", "key_name", "key_alias", "soft_budget_cooldown", "spend", "expires", "models", "aliases", "config", "user_id", "team_id", "permissions", "max_parallel_requests", "metadata", "blocked", "tpm_limit", "rpm_limit", "max_budget", "budget_duration", "budget_reset_at", "allowed_cache_controls", "model_spend", "model_max_budget", "budget_id", "created_at", "updated_at", "organization_id", "created_by", "updated_by", "allowed_routes", "object_permission_id", "rotation_count", "auto_rotate", "rotation_interval", "last_rotation_at", "key_rotation_at", "router_settings", "policies", "access_group_ids", "project_id", "agent_id", "last_active", "budget_limits", "key_type")
	VALUES ('token-4', 'key_name-4', 'key_alias-4', false, 0.4e-4, '2026-04-11 10:20:30.424', ARRAY['models', NULL, 'with "quote", and comma'], '{"n": 4.50, "aliases": [null, {"deep": "é"}]}', '{"n": 4.50, "config": [null, {"deep": "é"}]}', 'user_id-4', 'team_id-4', '{"n": 4.50, "permissions": [null, {"deep": "é"}]}', 40, '{"n": 4.50, "metadata": [null, {"deep": "é"}]}', false, 9007199254740992 + 4, 9007199254740992 + 4, 0.4e-4, 'budget_duration-4', '2026-04-11 10:20:30.424', ARRAY['allowed_cache_controls', NULL, 'with "quote", and comma'], '{"n": 4.50, "model_spend": [null, {"deep": "é"}]}', '{"n": 4.50, "model_max_budget": [null, {"deep": "é"}]}', 'budget_id-4', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', 'organization_id-4', 'created_by-4', 'updated_by-4', ARRAY['allowed_routes', NULL, 'with "quote", and comma'], 'object_permission_id-4', 40, false, 'rotation_interval-4', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', '{"n": 4.50, "router_settings": [null, {"deep": "é"}]}', ARRAY['policies', NULL, 'with "quote", and comma'], ARRAY['access_group_ids', NULL, 'with "quote", and comma'], 'project_id-4', 'agent_id-4', '2026-04-11 10:20:30.424', '{"n": 4.50, "budget_limits": [null, {"deep": "é"}]}', 'key_type-4');
CREATE INDEX "LiteLLM_VerificationToken_user_id_team_id_idx" ON "LiteLLM_VerificationToken" ("user_id", "team_id");
CREATE INDEX "LiteLLM_VerificationToken_team_id_idx" ON "LiteLLM_VerificationToken" ("team_id");
CREATE INDEX "LiteLLM_VerificationToken_budget_reset_at_expires_idx" ON "LiteLLM_VerificationToken" ("budget_reset_at", "expires");

CREATE TABLE "LiteLLM_EndUserTable" (
	"user_id" TEXT NOT NULL,
	"alias" TEXT,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"allowed_model_region" TEXT,
	"default_model" TEXT,
	"budget_id" TEXT,
	"blocked" BOOLEAN NOT NULL DEFAULT false,
	CONSTRAINT "LiteLLM_EndUserTable_pkey" PRIMARY KEY ("user_id")
);
INSERT INTO "LiteLLM_EndUserTable" ("user_id", "alias", "spend", "allowed_model_region", "default_model", "budget_id", "blocked")
	VALUES ('user_id-1', 'alias-1', 0.1e-1, 'allowed_model_region-1', 'default_model-1', 'budget_id-1', true);
INSERT INTO "LiteLLM_EndUserTable" ("user_id", "alias", "spend", "allowed_model_region", "default_model", "budget_id", "blocked")
	VALUES ('user_id-2', NULL, 0.2e-2, NULL, NULL, NULL, false);
INSERT INTO "LiteLLM_EndUserTable" ("user_id", "alias", "spend", "allowed_model_region", "default_model", "budget_id", "blocked")
	VALUES ('user_id-3', 'alias-3', DEFAULT, 'allowed_model_region-3', 'default_model-3', 'budget_id-3', DEFAULT);
ALTER TABLE "LiteLLM_EndUserTable" ADD COLUMN "object_permission_id" TEXT;
INSERT INTO "LiteLLM_EndUserTable" ("user_id", "alias", "spend", "allowed_model_region", "default_model", "budget_id", "blocked", "object_permission_id")
	VALUES ('user_id-4', 'alias-4', 0.4e-4, 'allowed_model_region-4', 'default_model-4', 'budget_id-4', false, 'object_permission_id-4');

CREATE TABLE "LiteLLM_Config" (
	"param_name" TEXT NOT NULL,
	"param_value" JSONB,
	CONSTRAINT "LiteLLM_Config_pkey" PRIMARY KEY ("param_name")
);
INSERT INTO "LiteLLM_Config" ("param_name", "param_value")
	VALUES ('param_name-1', '{"n": 1.50, "param_value": [null, {"deep": "é"}]}');
INSERT INTO "LiteLLM_Config" ("param_name", "param_value")
	VALUES ('param_name-2', NULL);
INSERT INTO "LiteLLM_Config" ("param_name", "param_value")
	VALUES ('param_name-3', '{"n": 3.50, "param_value": [null, {"deep": "é"}]}');
INSERT INTO "LiteLLM_Config" ("param_name", "param_value")
	VALUES ('param_name-4', '{"n": 4.50, "param_value": [null, {"deep": "é"}]}');

CREATE TABLE "LiteLLM_SpendLogs" (
	"request_id" TEXT NOT NULL,
	"call_type" TEXT NOT NULL,
	"api_key" TEXT NOT NULL DEFAULT '',
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"total_tokens" INTEGER NOT NULL DEFAULT 0,
	"prompt_tokens" INTEGER NOT NULL DEFAULT 0,
	"completion_tokens" INTEGER NOT NULL DEFAULT 0,
	"startTime" TIMESTAMP(3) NOT NULL,
	"endTime" TIMESTAMP(3) NOT NULL,
	"completionStartTime" TIMESTAMP(3),
	"model" TEXT NOT NULL DEFAULT '',
	"model_id" TEXT DEFAULT '',
	"model_group" TEXT DEFAULT '',
	"api_base" TEXT DEFAULT '',
	"user" TEXT DEFAULT '',
	"metadata" JSONB DEFAULT '{}',
	"cache_hit" TEXT DEFAULT '',
	"cache_key" TEXT DEFAULT '',
	"request_tags" JSONB DEFAULT '[]',
	"team_id" TEXT,
	"end_user" TEXT,
	"requester_ip_address" TEXT,
	CONSTRAINT "LiteLLM_SpendLogs_pkey" PRIMARY KEY ("request_id")
);
INSERT INTO "LiteLLM_SpendLogs" ("request_id", "call_type", "api_key", "spend", "total_tokens", "prompt_tokens", "completion_tokens", "startTime", "endTime", "completionStartTime", "model", "model_id", "model_group", "api_base", "user", "metadata", "cache_hit", "cache_key", "request_tags", "team_id", "end_user", "requester_ip_address")
	VALUES ('request_id-1', 'call_type-1', 'api_key-1', 0.1e-1, 10, 10, 10, '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121', 'model-1', 'model_id-1', 'model_group-1', 'api_base-1', 'user-1', '{"n": 1.50, "metadata": [null, {"deep": "é"}]}', 'cache_hit-1', 'cache_key-1', '["tag 1", "User-Agent: curl"]', 'team_id-1', 'end_user-1', 'requester_ip_address-1');
INSERT INTO "LiteLLM_SpendLogs" ("request_id", "call_type", "api_key", "spend", "total_tokens", "prompt_tokens", "completion_tokens", "startTime", "endTime", "completionStartTime", "model", "model_id", "model_group", "api_base", "user", "metadata", "cache_hit", "cache_key", "request_tags", "team_id", "end_user", "requester_ip_address")
	VALUES ('request_id-2', 'call_type-2', 'api_key-2', 0.2e-2, 20, 20, 20, '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222', NULL, 'model-2', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "LiteLLM_SpendLogs" ("request_id", "call_type", "api_key", "spend", "total_tokens", "prompt_tokens", "completion_tokens", "startTime", "endTime", "completionStartTime", "model", "model_id", "model_group", "api_base", "user", "metadata", "cache_hit", "cache_key", "request_tags", "team_id", "end_user", "requester_ip_address")
	VALUES ('request_id-3', 'call_type-3', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, '2026-03-11 10:20:30.323', '2026-03-11 10:20:30.323', '2026-03-11 10:20:30.323', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, 'team_id-3', 'end_user-3', 'requester_ip_address-3');
ALTER TABLE "LiteLLM_SpendLogs" ADD COLUMN "custom_llm_provider" TEXT DEFAULT '';
ALTER TABLE "LiteLLM_SpendLogs" ADD COLUMN "messages" JSONB DEFAULT '{}';
ALTER TABLE "LiteLLM_SpendLogs" ADD COLUMN "response" JSONB DEFAULT '{}';
ALTER TABLE "LiteLLM_SpendLogs" ADD COLUMN "session_id" TEXT;
ALTER TABLE "LiteLLM_SpendLogs" ADD COLUMN "proxy_server_request" JSONB DEFAULT '{}';
ALTER TABLE "LiteLLM_SpendLogs" ADD COLUMN "status" TEXT;
ALTER TABLE "LiteLLM_SpendLogs" ADD COLUMN "mcp_namespaced_tool_name" TEXT;
ALTER TABLE "LiteLLM_SpendLogs" ADD COLUMN "organization_id" TEXT;
ALTER TABLE "LiteLLM_SpendLogs" ADD COLUMN "agent_id" TEXT;
ALTER TABLE "LiteLLM_SpendLogs" ADD COLUMN "request_duration_ms" INTEGER;
INSERT INTO "LiteLLM_SpendLogs" ("request_id", "call_type", "api_key", "spend", "total_tokens", "prompt_tokens", "completion_tokens", "startTime", "endTime", "completionStartTime", "model", "model_id", "model_group", "api_base", "user", "metadata", "cache_hit", "cache_key", "request_tags", "team_id", "end_user", "requester_ip_address", "custom_llm_provider", "messages", "response", "session_id", "proxy_server_request", "status", "mcp_namespaced_tool_name", "organization_id", "agent_id", "request_duration_ms")
	VALUES ('request_id-4', 'call_type-4', 'api_key-4', 0.4e-4, 40, 40, 40, '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', 'model-4', 'model_id-4', 'model_group-4', 'api_base-4', 'user-4', '{"n": 4.50, "metadata": [null, {"deep": "é"}]}', 'cache_hit-4', 'cache_key-4', '["tag 4", "User-Agent: curl"]', 'team_id-4', 'end_user-4', 'requester_ip_address-4', 'custom_llm_provider-4', '{"n": 4.50, "messages": [null, {"deep": "é"}]}', '{"n": 4.50, "response": [null, {"deep": "é"}]}', 'session_id-4', '{"n": 4.50, "proxy_server_request": [null, {"deep": "é"}]}', 'status-4', 'mcp_namespaced_tool_name-4', 'organization_id-4', 'agent_id-4', 40);
CREATE INDEX "LiteLLM_SpendLogs_startTime_idx" ON "LiteLLM_SpendLogs" ("startTime");
CREATE INDEX "LiteLLM_SpendLogs_startTime_request_id_idx" ON "LiteLLM_SpendLogs" ("startTime", "request_id");
CREATE INDEX "LiteLLM_SpendLogs_end_user_idx" ON "LiteLLM_SpendLogs" ("end_user");
CREATE INDEX "LiteLLM_SpendLogs_session_id_idx" ON "LiteLLM_SpendLogs" ("session_id");
CREATE INDEX "LiteLLM_SpendLogs_api_key_startTime_idx" ON "LiteLLM_SpendLogs" ("api_key", "startTime" DESC);

CREATE TABLE "LiteLLM_ErrorLogs" (
	"request_id" TEXT NOT NULL,
	"startTime" TIMESTAMP(3) NOT NULL,
	"endTime" TIMESTAMP(3) NOT NULL,
	"api_base" TEXT NOT NULL DEFAULT '',
	"model_group" TEXT NOT NULL DEFAULT '',
	"litellm_model_name" TEXT NOT NULL DEFAULT '',
	"model_id" TEXT NOT NULL DEFAULT '',
	"request_kwargs" JSONB NOT NULL DEFAULT '{}',
	"exception_type" TEXT NOT NULL DEFAULT '',
	"exception_string" TEXT NOT NULL DEFAULT '',
	"status_code" TEXT NOT NULL DEFAULT '',
	CONSTRAINT "LiteLLM_ErrorLogs_pkey" PRIMARY KEY ("request_id")
);
INSERT INTO "LiteLLM_ErrorLogs" ("request_id", "startTime", "endTime", "api_base", "model_group", "litellm_model_name", "model_id", "request_kwargs", "exception_type", "exception_string", "status_code")
	VALUES ('request_id-1', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121', 'api_base-1', 'model_group-1', 'litellm_model_name-1', 'model_id-1', '{"n": 1.50, "request_kwargs": [null, {"deep": "é"}]}', 'exception_type-1', 'exception_string-1', 'status_code-1');
INSERT INTO "LiteLLM_ErrorLogs" ("request_id", "startTime", "endTime", "api_base", "model_group", "litellm_model_name", "model_id", "request_kwargs", "exception_type", "exception_string", "status_code")
	VALUES ('request_id-2', '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222', 'api_base-2', 'model_group-2', 'litellm_model_name-2', 'model_id-2', '{"n": 2.50, "request_kwargs": [null, {"deep": "é"}]}', 'exception_type-2', 'exception_string-2', 'status_code-2');
INSERT INTO "LiteLLM_ErrorLogs" ("request_id", "startTime", "endTime", "api_base", "model_group", "litellm_model_name", "model_id", "request_kwargs", "exception_type", "exception_string", "status_code")
	VALUES ('request_id-3', '2026-03-11 10:20:30.323', '2026-03-11 10:20:30.323', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_ErrorLogs" ("request_id", "startTime", "endTime", "api_base", "model_group", "litellm_model_name", "model_id", "request_kwargs", "exception_type", "exception_string", "status_code")
	VALUES ('request_id-4', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', 'api_base-4', 'model_group-4', 'litellm_model_name-4', 'model_id-4', '{"n": 4.50, "request_kwargs": [null, {"deep": "é"}]}', 'exception_type-4', 'exception_string-4', 'status_code-4');

CREATE TABLE "LiteLLM_UserNotifications" (
	"request_id" TEXT NOT NULL,
	"user_id" TEXT NOT NULL,
	"models" TEXT[],
	"justification" TEXT NOT NULL,
	"status" TEXT NOT NULL,
	CONSTRAINT "LiteLLM_UserNotifications_pkey" PRIMARY KEY ("request_id")
);
INSERT INTO "LiteLLM_UserNotifications" ("request_id", "user_id", "models", "justification", "status")
	VALUES ('request_id-1', 'user_id-1', ARRAY['models', NULL, 'with "quote", and comma'], 'justification-1', 'status-1');
INSERT INTO "LiteLLM_UserNotifications" ("request_id", "user_id", "models", "justification", "status")
	VALUES ('request_id-2', 'user_id-2', NULL, 'justification-2', 'status-2');
INSERT INTO "LiteLLM_UserNotifications" ("request_id", "user_id", "models", "justification", "status")
	VALUES ('request_id-3', 'user_id-3', ARRAY['models', NULL, 'with "quote", and comma'], 'justification-3', 'status-3');
INSERT INTO "LiteLLM_UserNotifications" ("request_id", "user_id", "models", "justification", "status")
	VALUES ('request_id-4', 'user_id-4', ARRAY['models', NULL, 'with "quote", and comma'], 'justification-4', 'status-4');

CREATE TABLE "LiteLLM_TeamMembership" (
	"user_id" TEXT NOT NULL,
	"team_id" TEXT NOT NULL,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"budget_id" TEXT,
	CONSTRAINT "LiteLLM_TeamMembership_pkey" PRIMARY KEY ("user_id", "team_id")
);
INSERT INTO "LiteLLM_TeamMembership" ("user_id", "team_id", "spend", "budget_id")
	VALUES ('user_id-1', 'team_id-1', 0.1e-1, 'budget_id-1');
INSERT INTO "LiteLLM_TeamMembership" ("user_id", "team_id", "spend", "budget_id")
	VALUES ('user_id-2', 'team_id-2', 0.2e-2, NULL);
INSERT INTO "LiteLLM_TeamMembership" ("user_id", "team_id", "spend", "budget_id")
	VALUES ('user_id-3', 'team_id-3', DEFAULT, 'budget_id-3');
ALTER TABLE "LiteLLM_TeamMembership" ADD COLUMN "total_spend" DOUBLE PRECISION DEFAULT 0.0;
INSERT INTO "LiteLLM_TeamMembership" ("user_id", "team_id", "spend", "budget_id", "total_spend")
	VALUES ('user_id-4', 'team_id-4', 0.4e-4, 'budget_id-4', 0.4e-4);

CREATE TABLE "LiteLLM_OrganizationMembership" (
	"user_id" TEXT NOT NULL,
	"organization_id" TEXT NOT NULL,
	"user_role" TEXT,
	"spend" DOUBLE PRECISION DEFAULT 0.0,
	"budget_id" TEXT,
	"created_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_OrganizationMembership_pkey" PRIMARY KEY ("user_id", "organization_id")
);
INSERT INTO "LiteLLM_OrganizationMembership" ("user_id", "organization_id", "user_role", "spend", "budget_id", "created_at", "updated_at")
	VALUES ('user_id-1', 'organization_id-1', 'user_role-1', 0.1e-1, 'budget_id-1', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_OrganizationMembership" ("user_id", "organization_id", "user_role", "spend", "budget_id", "created_at", "updated_at")
	VALUES ('user_id-2', 'organization_id-2', NULL, NULL, NULL, NULL, NULL);
INSERT INTO "LiteLLM_OrganizationMembership" ("user_id", "organization_id", "user_role", "spend", "budget_id", "created_at", "updated_at")
	VALUES ('user_id-3', 'organization_id-3', 'user_role-3', DEFAULT, 'budget_id-3', DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_OrganizationMembership" ("user_id", "organization_id", "user_role", "spend", "budget_id", "created_at", "updated_at")
	VALUES ('user_id-4', 'organization_id-4', 'user_role-4', 0.4e-4, 'budget_id-4', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_OrganizationMembership_user_id_organization_id_key" ON "LiteLLM_OrganizationMembership" ("user_id", "organization_id");

CREATE TABLE "LiteLLM_InvitationLink" (
	"id" TEXT NOT NULL,
	"user_id" TEXT NOT NULL,
	"is_accepted" BOOLEAN NOT NULL DEFAULT false,
	"accepted_at" TIMESTAMP(3),
	"expires_at" TIMESTAMP(3) NOT NULL,
	"created_at" TIMESTAMP(3) NOT NULL,
	"created_by" TEXT NOT NULL,
	"updated_at" TIMESTAMP(3) NOT NULL,
	"updated_by" TEXT NOT NULL,
	CONSTRAINT "LiteLLM_InvitationLink_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_InvitationLink" ("id", "user_id", "is_accepted", "accepted_at", "expires_at", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('id-1', 'user_id-1', true, '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121', 'user_id-1', '2026-01-11 10:20:30.121', 'user_id-1');
INSERT INTO "LiteLLM_InvitationLink" ("id", "user_id", "is_accepted", "accepted_at", "expires_at", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('id-2', 'user_id-2', false, NULL, '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222', 'user_id-2', '2026-02-11 10:20:30.222', 'user_id-2');
INSERT INTO "LiteLLM_InvitationLink" ("id", "user_id", "is_accepted", "accepted_at", "expires_at", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('id-3', 'user_id-3', DEFAULT, '2026-03-11 10:20:30.323', '2026-03-11 10:20:30.323', '2026-03-11 10:20:30.323', 'user_id-3', '2026-03-11 10:20:30.323', 'user_id-3');
INSERT INTO "LiteLLM_InvitationLink" ("id", "user_id", "is_accepted", "accepted_at", "expires_at", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('id-4', 'user_id-4', false, '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', 'user_id-4', '2026-04-11 10:20:30.424', 'user_id-4');

CREATE TABLE "LiteLLM_AuditLog" (
	"id" TEXT NOT NULL,
	"updated_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"changed_by" TEXT NOT NULL DEFAULT '',
	"changed_by_api_key" TEXT NOT NULL DEFAULT '',
	"action" TEXT NOT NULL,
	"table_name" TEXT NOT NULL,
	"object_id" TEXT NOT NULL,
	"before_value" JSONB,
	"updated_values" JSONB,
	CONSTRAINT "LiteLLM_AuditLog_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_AuditLog" ("id", "updated_at", "changed_by", "changed_by_api_key", "action", "table_name", "object_id", "before_value", "updated_values")
	VALUES ('id-1', '2026-01-11 10:20:30.121', 'changed_by-1', 'changed_by_api_key-1', 'action-1', 'table_name-1', 'object_id-1', '{"n": 1.50, "before_value": [null, {"deep": "é"}]}', '{"n": 1.50, "updated_values": [null, {"deep": "é"}]}');
INSERT INTO "LiteLLM_AuditLog" ("id", "updated_at", "changed_by", "changed_by_api_key", "action", "table_name", "object_id", "before_value", "updated_values")
	VALUES ('id-2', '2026-02-11 10:20:30.222', 'changed_by-2', 'changed_by_api_key-2', 'action-2', 'table_name-2', 'object_id-2', NULL, NULL);
INSERT INTO "LiteLLM_AuditLog" ("id", "updated_at", "changed_by", "changed_by_api_key", "action", "table_name", "object_id", "before_value", "updated_values")
	VALUES ('id-3', DEFAULT, DEFAULT, DEFAULT, 'action-3', 'table_name-3', 'object_id-3', '{"n": 3.50, "before_value": [null, {"deep": "é"}]}', '{"n": 3.50, "updated_values": [null, {"deep": "é"}]}');
INSERT INTO "LiteLLM_AuditLog" ("id", "updated_at", "changed_by", "changed_by_api_key", "action", "table_name", "object_id", "before_value", "updated_values")
	VALUES ('id-4', '2026-04-11 10:20:30.424', 'changed_by-4', 'changed_by_api_key-4', 'action-4', 'table_name-4', 'object_id-4', '{"n": 4.50, "before_value": [null, {"deep": "é"}]}', '{"n": 4.50, "updated_values": [null, {"deep": "é"}]}');

CREATE TABLE "LiteLLM_CredentialsTable" (
	"credential_id" TEXT NOT NULL,
	"credential_name" TEXT NOT NULL,
	"credential_values" JSONB NOT NULL,
	"credential_info" JSONB,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"created_by" TEXT NOT NULL,
	"updated_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_by" TEXT NOT NULL,
	CONSTRAINT "LiteLLM_CredentialsTable_pkey" PRIMARY KEY ("credential_id")
);
INSERT INTO "LiteLLM_CredentialsTable" ("credential_id", "credential_name", "credential_values", "credential_info", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('credential_id-1', 'credential_name-1', '{"n": 1.50, "credential_values": [null, {"deep": "é"}]}', '{"n": 1.50, "credential_info": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121', 'created_by-1', '2026-01-11 10:20:30.121', 'updated_by-1');
INSERT INTO "LiteLLM_CredentialsTable" ("credential_id", "credential_name", "credential_values", "credential_info", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('credential_id-2', 'credential_name-2', '{"n": 2.50, "credential_values": [null, {"deep": "é"}]}', NULL, '2026-02-11 10:20:30.222', 'created_by-2', '2026-02-11 10:20:30.222', 'updated_by-2');
INSERT INTO "LiteLLM_CredentialsTable" ("credential_id", "credential_name", "credential_values", "credential_info", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('credential_id-3', 'credential_name-3', '{"n": 3.50, "credential_values": [null, {"deep": "é"}]}', '{"n": 3.50, "credential_info": [null, {"deep": "é"}]}', DEFAULT, 'created_by-3', DEFAULT, 'updated_by-3');
INSERT INTO "LiteLLM_CredentialsTable" ("credential_id", "credential_name", "credential_values", "credential_info", "created_at", "created_by", "updated_at", "updated_by")
	VALUES ('credential_id-4', 'credential_name-4', '{"n": 4.50, "credential_values": [null, {"deep": "é"}]}', '{"n": 4.50, "credential_info": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424', 'created_by-4', '2026-04-11 10:20:30.424', 'updated_by-4');
CREATE UNIQUE INDEX "LiteLLM_CredentialsTable_credential_name_key" ON "LiteLLM_CredentialsTable" ("credential_name");

CREATE TABLE "LiteLLM_DailyUserSpend" (
	"id" TEXT NOT NULL,
	"user_id" TEXT,
	"date" TEXT NOT NULL,
	"api_key" TEXT NOT NULL,
	"model" TEXT,
	"model_group" TEXT,
	"custom_llm_provider" TEXT,
	"mcp_namespaced_tool_name" TEXT,
	"endpoint" TEXT,
	"prompt_tokens" BIGINT NOT NULL DEFAULT 0,
	"completion_tokens" BIGINT NOT NULL DEFAULT 0,
	"cache_read_tokens" BIGINT NOT NULL DEFAULT 0,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"api_requests" BIGINT NOT NULL DEFAULT 0,
	"successful_requests" BIGINT NOT NULL DEFAULT 0,
	"failed_requests" BIGINT NOT NULL DEFAULT 0,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "LiteLLM_DailyUserSpend_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_DailyUserSpend" ("id", "user_id", "date", "api_key", "model", "model_group", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "prompt_tokens", "completion_tokens", "cache_read_tokens", "spend", "api_requests", "successful_requests", "failed_requests", "created_at", "updated_at")
	VALUES ('id-1', 'user_id-1', 'date-1', 'api_key-1', 'model-1', 'model_group-1', 'custom_llm_provider-1', 'mcp_namespaced_tool_name-1', 'endpoint-1', 9007199254740992 + 1, 9007199254740992 + 1, 9007199254740992 + 1, 0.1e-1, 9007199254740992 + 1, 9007199254740992 + 1, 9007199254740992 + 1, '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_DailyUserSpend" ("id", "user_id", "date", "api_key", "model", "model_group", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "prompt_tokens", "completion_tokens", "cache_read_tokens", "spend", "api_requests", "successful_requests", "failed_requests", "created_at", "updated_at")
	VALUES ('id-2', NULL, 'date-2', 'api_key-2', NULL, NULL, NULL, NULL, NULL, 9007199254740992 + 2, 9007199254740992 + 2, 9007199254740992 + 2, 0.2e-2, 9007199254740992 + 2, 9007199254740992 + 2, 9007199254740992 + 2, '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_DailyUserSpend" ("id", "user_id", "date", "api_key", "model", "model_group", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "prompt_tokens", "completion_tokens", "cache_read_tokens", "spend", "api_requests", "successful_requests", "failed_requests", "created_at", "updated_at")
	VALUES ('id-3', 'user_id-3', 'date-3', 'api_key-3', 'model-3', 'model_group-3', 'custom_llm_provider-3', 'mcp_namespaced_tool_name-3', 'endpoint-3', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, '2026-03-11 10:20:30.323');
INSERT INTO "LiteLLM_DailyUserSpend" ("id", "user_id", "date", "api_key", "model", "model_group", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "prompt_tokens", "completion_tokens", "cache_read_tokens", "spend", "api_requests", "successful_requests", "failed_requests", "created_at", "updated_at")
	VALUES ('id-4', 'user_id-4', 'date-4', 'api_key-4', 'model-4', 'model_group-4', 'custom_llm_provider-4', 'mcp_namespaced_tool_name-4', 'endpoint-4', 9007199254740992 + 4, 9007199254740992 + 4, 9007199254740992 + 4, 0.4e-4, 9007199254740992 + 4, 9007199254740992 + 4, 9007199254740992 + 4, '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_DailyUserSpend_user_id_date_api_key_model_custom_ll_key" ON "LiteLLM_DailyUserSpend" ("user_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint");
CREATE INDEX "LiteLLM_DailyUserSpend_date_idx" ON "LiteLLM_DailyUserSpend" ("date");
CREATE INDEX "LiteLLM_DailyUserSpend_user_id_date_idx" ON "LiteLLM_DailyUserSpend" ("user_id", "date");
CREATE INDEX "LiteLLM_DailyUserSpend_mcp_namespaced_tool_name_idx" ON "LiteLLM_DailyUserSpend" ("mcp_namespaced_tool_name");

CREATE TABLE "LiteLLM_DailyTeamSpend" (
	"id" TEXT NOT NULL,
	"team_id" TEXT,
	"date" TEXT NOT NULL,
	"api_key" TEXT NOT NULL,
	"model" TEXT,
	"custom_llm_provider" TEXT,
	"mcp_namespaced_tool_name" TEXT,
	"endpoint" TEXT,
	"prompt_tokens" BIGINT NOT NULL DEFAULT 0,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"api_requests" BIGINT NOT NULL DEFAULT 0,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "LiteLLM_DailyTeamSpend_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_DailyTeamSpend" ("id", "team_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "prompt_tokens", "spend", "api_requests", "created_at", "updated_at")
	VALUES ('id-1', 'team_id-1', 'date-1', 'api_key-1', 'model-1', 'custom_llm_provider-1', 'mcp_namespaced_tool_name-1', 'endpoint-1', 9007199254740992 + 1, 0.1e-1, 9007199254740992 + 1, '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_DailyTeamSpend" ("id", "team_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "prompt_tokens", "spend", "api_requests", "created_at", "updated_at")
	VALUES ('id-2', NULL, 'date-2', 'api_key-2', NULL, NULL, NULL, NULL, 9007199254740992 + 2, 0.2e-2, 9007199254740992 + 2, '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_DailyTeamSpend" ("id", "team_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "prompt_tokens", "spend", "api_requests", "created_at", "updated_at")
	VALUES ('id-3', 'team_id-3', 'date-3', 'api_key-3', 'model-3', 'custom_llm_provider-3', 'mcp_namespaced_tool_name-3', 'endpoint-3', DEFAULT, DEFAULT, DEFAULT, DEFAULT, '2026-03-11 10:20:30.323');
INSERT INTO "LiteLLM_DailyTeamSpend" ("id", "team_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "prompt_tokens", "spend", "api_requests", "created_at", "updated_at")
	VALUES ('id-4', 'team_id-4', 'date-4', 'api_key-4', 'model-4', 'custom_llm_provider-4', 'mcp_namespaced_tool_name-4', 'endpoint-4', 9007199254740992 + 4, 0.4e-4, 9007199254740992 + 4, '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_DailyTeamSpend_team_id_date_api_key_model_custom_ll_key" ON "LiteLLM_DailyTeamSpend" ("team_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint");
CREATE INDEX "LiteLLM_DailyTeamSpend_team_id_date_idx" ON "LiteLLM_DailyTeamSpend" ("team_id", "date");

CREATE TABLE "LiteLLM_DailyTagSpend" (
	"id" TEXT NOT NULL,
	"request_id" TEXT,
	"tag" TEXT,
	"date" TEXT NOT NULL,
	"api_key" TEXT NOT NULL,
	"model" TEXT,
	"custom_llm_provider" TEXT,
	"mcp_namespaced_tool_name" TEXT,
	"endpoint" TEXT,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"api_requests" BIGINT NOT NULL DEFAULT 0,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "LiteLLM_DailyTagSpend_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_DailyTagSpend" ("id", "request_id", "tag", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "api_requests", "created_at", "updated_at")
	VALUES ('id-1', 'request_id-1', 'tag-1', 'date-1', 'api_key-1', 'model-1', 'custom_llm_provider-1', 'mcp_namespaced_tool_name-1', 'endpoint-1', 0.1e-1, 9007199254740992 + 1, '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_DailyTagSpend" ("id", "request_id", "tag", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "api_requests", "created_at", "updated_at")
	VALUES ('id-2', NULL, NULL, 'date-2', 'api_key-2', NULL, NULL, NULL, NULL, 0.2e-2, 9007199254740992 + 2, '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_DailyTagSpend" ("id", "request_id", "tag", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "api_requests", "created_at", "updated_at")
	VALUES ('id-3', 'request_id-3', 'tag-3', 'date-3', 'api_key-3', 'model-3', 'custom_llm_provider-3', 'mcp_namespaced_tool_name-3', 'endpoint-3', DEFAULT, DEFAULT, DEFAULT, '2026-03-11 10:20:30.323');
INSERT INTO "LiteLLM_DailyTagSpend" ("id", "request_id", "tag", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "api_requests", "created_at", "updated_at")
	VALUES ('id-4', 'request_id-4', 'tag-4', 'date-4', 'api_key-4', 'model-4', 'custom_llm_provider-4', 'mcp_namespaced_tool_name-4', 'endpoint-4', 0.4e-4, 9007199254740992 + 4, '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_DailyTagSpend_tag_date_api_key_model_custom_llm_pro_key" ON "LiteLLM_DailyTagSpend" ("tag", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint");
CREATE INDEX "LiteLLM_DailyTagSpend_tag_date_idx" ON "LiteLLM_DailyTagSpend" ("tag", "date");

CREATE TABLE "LiteLLM_DailyOrganizationSpend" (
	"id" TEXT NOT NULL,
	"organization_id" TEXT,
	"date" TEXT NOT NULL,
	"api_key" TEXT NOT NULL,
	"model" TEXT,
	"custom_llm_provider" TEXT,
	"mcp_namespaced_tool_name" TEXT,
	"endpoint" TEXT,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "LiteLLM_DailyOrganizationSpend_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_DailyOrganizationSpend" ("id", "organization_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "created_at", "updated_at")
	VALUES ('id-1', 'organization_id-1', 'date-1', 'api_key-1', 'model-1', 'custom_llm_provider-1', 'mcp_namespaced_tool_name-1', 'endpoint-1', 0.1e-1, '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_DailyOrganizationSpend" ("id", "organization_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "created_at", "updated_at")
	VALUES ('id-2', NULL, 'date-2', 'api_key-2', NULL, NULL, NULL, NULL, 0.2e-2, '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_DailyOrganizationSpend" ("id", "organization_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "created_at", "updated_at")
	VALUES ('id-3', 'organization_id-3', 'date-3', 'api_key-3', 'model-3', 'custom_llm_provider-3', 'mcp_namespaced_tool_name-3', 'endpoint-3', DEFAULT, DEFAULT, '2026-03-11 10:20:30.323');
INSERT INTO "LiteLLM_DailyOrganizationSpend" ("id", "organization_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "created_at", "updated_at")
	VALUES ('id-4', 'organization_id-4', 'date-4', 'api_key-4', 'model-4', 'custom_llm_provider-4', 'mcp_namespaced_tool_name-4', 'endpoint-4', 0.4e-4, '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_DailyOrganizationSpend_organization_id_date_api_key_key" ON "LiteLLM_DailyOrganizationSpend" ("organization_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint");
CREATE INDEX "LiteLLM_DailyOrganizationSpend_mcp_namespaced_tool_name_idx" ON "LiteLLM_DailyOrganizationSpend" ("mcp_namespaced_tool_name");

CREATE TABLE "LiteLLM_DailyEndUserSpend" (
	"id" TEXT NOT NULL,
	"end_user_id" TEXT,
	"date" TEXT NOT NULL,
	"api_key" TEXT NOT NULL,
	"model" TEXT,
	"custom_llm_provider" TEXT,
	"mcp_namespaced_tool_name" TEXT,
	"endpoint" TEXT,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "LiteLLM_DailyEndUserSpend_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_DailyEndUserSpend" ("id", "end_user_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "created_at", "updated_at")
	VALUES ('id-1', 'end_user_id-1', 'date-1', 'api_key-1', 'model-1', 'custom_llm_provider-1', 'mcp_namespaced_tool_name-1', 'endpoint-1', 0.1e-1, '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_DailyEndUserSpend" ("id", "end_user_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "created_at", "updated_at")
	VALUES ('id-2', NULL, 'date-2', 'api_key-2', NULL, NULL, NULL, NULL, 0.2e-2, '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_DailyEndUserSpend" ("id", "end_user_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "created_at", "updated_at")
	VALUES ('id-3', 'end_user_id-3', 'date-3', 'api_key-3', 'model-3', 'custom_llm_provider-3', 'mcp_namespaced_tool_name-3', 'endpoint-3', DEFAULT, DEFAULT, '2026-03-11 10:20:30.323');
INSERT INTO "LiteLLM_DailyEndUserSpend" ("id", "end_user_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "created_at", "updated_at")
	VALUES ('id-4', 'end_user_id-4', 'date-4', 'api_key-4', 'model-4', 'custom_llm_provider-4', 'mcp_namespaced_tool_name-4', 'endpoint-4', 0.4e-4, '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_DailyEndUserSpend_end_user_id_date_api_key_model_cu_key" ON "LiteLLM_DailyEndUserSpend" ("end_user_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint");

CREATE TABLE "LiteLLM_DailyAgentSpend" (
	"id" TEXT NOT NULL,
	"agent_id" TEXT,
	"date" TEXT NOT NULL,
	"api_key" TEXT NOT NULL,
	"model" TEXT,
	"custom_llm_provider" TEXT,
	"mcp_namespaced_tool_name" TEXT,
	"endpoint" TEXT,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "LiteLLM_DailyAgentSpend_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_DailyAgentSpend" ("id", "agent_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "created_at", "updated_at")
	VALUES ('id-1', 'agent_id-1', 'date-1', 'api_key-1', 'model-1', 'custom_llm_provider-1', 'mcp_namespaced_tool_name-1', 'endpoint-1', 0.1e-1, '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_DailyAgentSpend" ("id", "agent_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "created_at", "updated_at")
	VALUES ('id-2', NULL, 'date-2', 'api_key-2', NULL, NULL, NULL, NULL, 0.2e-2, '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_DailyAgentSpend" ("id", "agent_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "created_at", "updated_at")
	VALUES ('id-3', 'agent_id-3', 'date-3', 'api_key-3', 'model-3', 'custom_llm_provider-3', 'mcp_namespaced_tool_name-3', 'endpoint-3', DEFAULT, DEFAULT, '2026-03-11 10:20:30.323');
INSERT INTO "LiteLLM_DailyAgentSpend" ("id", "agent_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint", "spend", "created_at", "updated_at")
	VALUES ('id-4', 'agent_id-4', 'date-4', 'api_key-4', 'model-4', 'custom_llm_provider-4', 'mcp_namespaced_tool_name-4', 'endpoint-4', 0.4e-4, '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_DailyAgentSpend_agent_id_date_api_key_model_custom__key" ON "LiteLLM_DailyAgentSpend" ("agent_id", "date", "api_key", "model", "custom_llm_provider", "mcp_namespaced_tool_name", "endpoint");

CREATE TABLE "LiteLLM_TagTable" (
	"tag_name" TEXT NOT NULL,
	"description" TEXT,
	"models" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"model_info" JSONB,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"budget_id" TEXT,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"created_by" TEXT,
	"updated_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_TagTable_pkey" PRIMARY KEY ("tag_name")
);
INSERT INTO "LiteLLM_TagTable" ("tag_name", "description", "models", "model_info", "spend", "budget_id", "created_at", "created_by", "updated_at")
	VALUES ('tag_name-1', 'description-1', ARRAY['models', NULL, 'with "quote", and comma'], '{"n": 1.50, "model_info": [null, {"deep": "é"}]}', 0.1e-1, 'budget_id-1', '2026-01-11 10:20:30.121', 'created_by-1', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_TagTable" ("tag_name", "description", "models", "model_info", "spend", "budget_id", "created_at", "created_by", "updated_at")
	VALUES ('tag_name-2', NULL, NULL, NULL, 0.2e-2, NULL, '2026-02-11 10:20:30.222', NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_TagTable" ("tag_name", "description", "models", "model_info", "spend", "budget_id", "created_at", "created_by", "updated_at")
	VALUES ('tag_name-3', 'description-3', DEFAULT, '{"n": 3.50, "model_info": [null, {"deep": "é"}]}', DEFAULT, 'budget_id-3', DEFAULT, 'created_by-3', DEFAULT);
INSERT INTO "LiteLLM_TagTable" ("tag_name", "description", "models", "model_info", "spend", "budget_id", "created_at", "created_by", "updated_at")
	VALUES ('tag_name-4', 'description-4', ARRAY['models', NULL, 'with "quote", and comma'], '{"n": 4.50, "model_info": [null, {"deep": "é"}]}', 0.4e-4, 'budget_id-4', '2026-04-11 10:20:30.424', 'created_by-4', '2026-04-11 10:20:30.424');

CREATE TABLE "LiteLLM_DeletedVerificationToken" (
	"id" TEXT NOT NULL,
	"token" TEXT NOT NULL,
	"key_name" TEXT,
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"metadata" JSONB NOT NULL DEFAULT '{}',
	"user_id" TEXT,
	"team_id" TEXT,
	"created_at" TIMESTAMP(3),
	"deleted_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"deleted_by" TEXT,
	CONSTRAINT "LiteLLM_DeletedVerificationToken_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_DeletedVerificationToken" ("id", "token", "key_name", "spend", "metadata", "user_id", "team_id", "created_at", "deleted_at", "deleted_by")
	VALUES ('id-1', 'token-1', 'key_name-1', 0.1e-1, '{"n": 1.50, "metadata": [null, {"deep": "é"}]}', 'user_id-1', 'team_id-1', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121', 'deleted_by-1');
INSERT INTO "LiteLLM_DeletedVerificationToken" ("id", "token", "key_name", "spend", "metadata", "user_id", "team_id", "created_at", "deleted_at", "deleted_by")
	VALUES ('id-2', 'token-2', NULL, 0.2e-2, '{"n": 2.50, "metadata": [null, {"deep": "é"}]}', NULL, NULL, NULL, '2026-02-11 10:20:30.222', NULL);
INSERT INTO "LiteLLM_DeletedVerificationToken" ("id", "token", "key_name", "spend", "metadata", "user_id", "team_id", "created_at", "deleted_at", "deleted_by")
	VALUES ('id-3', 'token-3', 'key_name-3', DEFAULT, DEFAULT, 'user_id-3', 'team_id-3', '2026-03-11 10:20:30.323', DEFAULT, 'deleted_by-3');
INSERT INTO "LiteLLM_DeletedVerificationToken" ("id", "token", "key_name", "spend", "metadata", "user_id", "team_id", "created_at", "deleted_at", "deleted_by")
	VALUES ('id-4', 'token-4', 'key_name-4', 0.4e-4, '{"n": 4.50, "metadata": [null, {"deep": "é"}]}', 'user_id-4', 'team_id-4', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', 'deleted_by-4');
CREATE INDEX "LiteLLM_DeletedVerificationToken_deleted_at_idx" ON "LiteLLM_DeletedVerificationToken" ("deleted_at" DESC);
CREATE INDEX "LiteLLM_DeletedVerificationToken_token_idx" ON "LiteLLM_DeletedVerificationToken" ("token");

CREATE TABLE "LiteLLM_DeletedTeamTable" (
	"id" TEXT NOT NULL,
	"team_id" TEXT NOT NULL,
	"team_alias" TEXT,
	"members_with_roles" JSONB NOT NULL DEFAULT '{}',
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"created_at" TIMESTAMP(3),
	"deleted_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"deleted_by" TEXT,
	CONSTRAINT "LiteLLM_DeletedTeamTable_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_DeletedTeamTable" ("id", "team_id", "team_alias", "members_with_roles", "spend", "created_at", "deleted_at", "deleted_by")
	VALUES ('id-1', 'team_id-1', 'team_alias-1', '{"n": 1.50, "members_with_roles": [null, {"deep": "é"}]}', 0.1e-1, '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121', 'deleted_by-1');
INSERT INTO "LiteLLM_DeletedTeamTable" ("id", "team_id", "team_alias", "members_with_roles", "spend", "created_at", "deleted_at", "deleted_by")
	VALUES ('id-2', 'team_id-2', NULL, '{"n": 2.50, "members_with_roles": [null, {"deep": "é"}]}', 0.2e-2, NULL, '2026-02-11 10:20:30.222', NULL);
INSERT INTO "LiteLLM_DeletedTeamTable" ("id", "team_id", "team_alias", "members_with_roles", "spend", "created_at", "deleted_at", "deleted_by")
	VALUES ('id-3', 'team_id-3', 'team_alias-3', DEFAULT, DEFAULT, '2026-03-11 10:20:30.323', DEFAULT, 'deleted_by-3');
INSERT INTO "LiteLLM_DeletedTeamTable" ("id", "team_id", "team_alias", "members_with_roles", "spend", "created_at", "deleted_at", "deleted_by")
	VALUES ('id-4', 'team_id-4', 'team_alias-4', '{"n": 4.50, "members_with_roles": [null, {"deep": "é"}]}', 0.4e-4, '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', 'deleted_by-4');
CREATE INDEX "LiteLLM_DeletedTeamTable_deleted_at_idx" ON "LiteLLM_DeletedTeamTable" ("deleted_at" DESC);

CREATE TABLE "LiteLLM_DeprecatedVerificationToken" (
	"id" TEXT NOT NULL,
	"token" TEXT NOT NULL,
	"active_token_id" TEXT NOT NULL,
	"revoke_at" TIMESTAMP(3) NOT NULL,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_DeprecatedVerificationToken_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_DeprecatedVerificationToken" ("id", "token", "active_token_id", "revoke_at", "created_at")
	VALUES ('id-1', 'token-1', 'active_token_id-1', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_DeprecatedVerificationToken" ("id", "token", "active_token_id", "revoke_at", "created_at")
	VALUES ('id-2', 'token-2', 'active_token_id-2', '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_DeprecatedVerificationToken" ("id", "token", "active_token_id", "revoke_at", "created_at")
	VALUES ('id-3', 'token-3', 'active_token_id-3', '2026-03-11 10:20:30.323', DEFAULT);
INSERT INTO "LiteLLM_DeprecatedVerificationToken" ("id", "token", "active_token_id", "revoke_at", "created_at")
	VALUES ('id-4', 'token-4', 'active_token_id-4', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_DeprecatedVerificationToken_token_key" ON "LiteLLM_DeprecatedVerificationToken" ("token");
CREATE INDEX "LiteLLM_DeprecatedVerificationToken_token_revoke_at_idx" ON "LiteLLM_DeprecatedVerificationToken" ("token", "revoke_at");

CREATE TABLE "LiteLLM_JWTKeyMapping" (
	"id" TEXT NOT NULL,
	"jwt_claim_name" TEXT NOT NULL,
	"jwt_claim_value" TEXT NOT NULL,
	"token" TEXT NOT NULL,
	"description" TEXT,
	"is_active" BOOLEAN NOT NULL DEFAULT true,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_JWTKeyMapping_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_JWTKeyMapping" ("id", "jwt_claim_name", "jwt_claim_value", "token", "description", "is_active", "created_at")
	VALUES ('id-1', 'jwt_claim_name-1', 'jwt_claim_value-1', 'token-1', 'description-1', true, '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_JWTKeyMapping" ("id", "jwt_claim_name", "jwt_claim_value", "token", "description", "is_active", "created_at")
	VALUES ('id-2', 'jwt_claim_name-2', 'jwt_claim_value-2', 'token-2', NULL, false, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_JWTKeyMapping" ("id", "jwt_claim_name", "jwt_claim_value", "token", "description", "is_active", "created_at")
	VALUES ('id-3', 'jwt_claim_name-3', 'jwt_claim_value-3', 'token-3', 'description-3', DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_JWTKeyMapping" ("id", "jwt_claim_name", "jwt_claim_value", "token", "description", "is_active", "created_at")
	VALUES ('id-4', 'jwt_claim_name-4', 'jwt_claim_value-4', 'token-4', 'description-4', false, '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_JWTKeyMapping_jwt_claim_name_jwt_claim_value_key" ON "LiteLLM_JWTKeyMapping" ("jwt_claim_name", "jwt_claim_value");

CREATE TABLE "LiteLLM_CronJob" (
	"cronjob_id" TEXT NOT NULL,
	"pod_id" TEXT NOT NULL,
	"status" "JobStatus" NOT NULL DEFAULT 'INACTIVE',
	"last_updated" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"ttl" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "LiteLLM_CronJob_pkey" PRIMARY KEY ("cronjob_id")
);
INSERT INTO "LiteLLM_CronJob" ("cronjob_id", "pod_id", "status", "last_updated", "ttl")
	VALUES ('cronjob_id-1', 'pod_id-1', 'ACTIVE', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_CronJob" ("cronjob_id", "pod_id", "status", "last_updated", "ttl")
	VALUES ('cronjob_id-2', 'pod_id-2', 'INACTIVE', '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_CronJob" ("cronjob_id", "pod_id", "status", "last_updated", "ttl")
	VALUES ('cronjob_id-3', 'pod_id-3', DEFAULT, DEFAULT, '2026-03-11 10:20:30.323');
INSERT INTO "LiteLLM_CronJob" ("cronjob_id", "pod_id", "status", "last_updated", "ttl")
	VALUES ('cronjob_id-4', 'pod_id-4', 'INACTIVE', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424');

CREATE TABLE "LiteLLM_ManagedFileTable" (
	"id" TEXT NOT NULL,
	"unified_file_id" TEXT NOT NULL,
	"file_object" JSONB,
	"model_mappings" JSONB NOT NULL,
	"flat_model_file_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"storage_backend" TEXT,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"created_by" TEXT,
	"updated_at" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "LiteLLM_ManagedFileTable_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_ManagedFileTable" ("id", "unified_file_id", "file_object", "model_mappings", "flat_model_file_ids", "storage_backend", "created_at", "created_by", "updated_at")
	VALUES ('id-1', 'unified_file_id-1', '{"n": 1.50, "file_object": [null, {"deep": "é"}]}', '{"n": 1.50, "model_mappings": [null, {"deep": "é"}]}', ARRAY['flat_model_file_ids', NULL, 'with "quote", and comma'], 'storage_backend-1', '2026-01-11 10:20:30.121', 'created_by-1', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_ManagedFileTable" ("id", "unified_file_id", "file_object", "model_mappings", "flat_model_file_ids", "storage_backend", "created_at", "created_by", "updated_at")
	VALUES ('id-2', 'unified_file_id-2', NULL, '{"n": 2.50, "model_mappings": [null, {"deep": "é"}]}', NULL, NULL, '2026-02-11 10:20:30.222', NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_ManagedFileTable" ("id", "unified_file_id", "file_object", "model_mappings", "flat_model_file_ids", "storage_backend", "created_at", "created_by", "updated_at")
	VALUES ('id-3', 'unified_file_id-3', '{"n": 3.50, "file_object": [null, {"deep": "é"}]}', '{"n": 3.50, "model_mappings": [null, {"deep": "é"}]}', DEFAULT, 'storage_backend-3', DEFAULT, 'created_by-3', '2026-03-11 10:20:30.323');
INSERT INTO "LiteLLM_ManagedFileTable" ("id", "unified_file_id", "file_object", "model_mappings", "flat_model_file_ids", "storage_backend", "created_at", "created_by", "updated_at")
	VALUES ('id-4', 'unified_file_id-4', '{"n": 4.50, "file_object": [null, {"deep": "é"}]}', '{"n": 4.50, "model_mappings": [null, {"deep": "é"}]}', ARRAY['flat_model_file_ids', NULL, 'with "quote", and comma'], 'storage_backend-4', '2026-04-11 10:20:30.424', 'created_by-4', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_ManagedFileTable_unified_file_id_key" ON "LiteLLM_ManagedFileTable" ("unified_file_id");
CREATE INDEX "LiteLLM_ManagedFileTable_unified_file_id_idx" ON "LiteLLM_ManagedFileTable" ("unified_file_id");

CREATE TABLE "LiteLLM_ManagedObjectTable" (
	"id" TEXT NOT NULL,
	"unified_object_id" TEXT NOT NULL,
	"model_object_id" TEXT NOT NULL,
	"file_object" JSONB NOT NULL,
	"file_purpose" TEXT NOT NULL,
	"status" TEXT,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "LiteLLM_ManagedObjectTable_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_ManagedObjectTable" ("id", "unified_object_id", "model_object_id", "file_object", "file_purpose", "status", "created_at", "updated_at")
	VALUES ('id-1', 'unified_object_id-1', 'model_object_id-1', '{"n": 1.50, "file_object": [null, {"deep": "é"}]}', 'file_purpose-1', 'status-1', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_ManagedObjectTable" ("id", "unified_object_id", "model_object_id", "file_object", "file_purpose", "status", "created_at", "updated_at")
	VALUES ('id-2', 'unified_object_id-2', 'model_object_id-2', '{"n": 2.50, "file_object": [null, {"deep": "é"}]}', 'file_purpose-2', NULL, '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_ManagedObjectTable" ("id", "unified_object_id", "model_object_id", "file_object", "file_purpose", "status", "created_at", "updated_at")
	VALUES ('id-3', 'unified_object_id-3', 'model_object_id-3', '{"n": 3.50, "file_object": [null, {"deep": "é"}]}', 'file_purpose-3', 'status-3', DEFAULT, '2026-03-11 10:20:30.323');
INSERT INTO "LiteLLM_ManagedObjectTable" ("id", "unified_object_id", "model_object_id", "file_object", "file_purpose", "status", "created_at", "updated_at")
	VALUES ('id-4', 'unified_object_id-4', 'model_object_id-4', '{"n": 4.50, "file_object": [null, {"deep": "é"}]}', 'file_purpose-4', 'status-4', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_ManagedObjectTable_unified_object_id_key" ON "LiteLLM_ManagedObjectTable" ("unified_object_id");
CREATE UNIQUE INDEX "LiteLLM_ManagedObjectTable_model_object_id_key" ON "LiteLLM_ManagedObjectTable" ("model_object_id");

CREATE TABLE "LiteLLM_ManagedVectorStoresTable" (
	"vector_store_id" TEXT NOT NULL,
	"custom_llm_provider" TEXT NOT NULL,
	"vector_store_name" TEXT,
	"vector_store_metadata" JSONB,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) NOT NULL,
	"litellm_credential_name" TEXT,
	CONSTRAINT "LiteLLM_ManagedVectorStoresTable_pkey" PRIMARY KEY ("vector_store_id")
);
INSERT INTO "LiteLLM_ManagedVectorStoresTable" ("vector_store_id", "custom_llm_provider", "vector_store_name", "vector_store_metadata", "created_at", "updated_at", "litellm_credential_name")
	VALUES ('vector_store_id-1', 'custom_llm_provider-1', 'vector_store_name-1', '{"n": 1.50, "vector_store_metadata": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121', 'litellm_credential_name-1');
INSERT INTO "LiteLLM_ManagedVectorStoresTable" ("vector_store_id", "custom_llm_provider", "vector_store_name", "vector_store_metadata", "created_at", "updated_at", "litellm_credential_name")
	VALUES ('vector_store_id-2', 'custom_llm_provider-2', NULL, NULL, '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222', NULL);
INSERT INTO "LiteLLM_ManagedVectorStoresTable" ("vector_store_id", "custom_llm_provider", "vector_store_name", "vector_store_metadata", "created_at", "updated_at", "litellm_credential_name")
	VALUES ('vector_store_id-3', 'custom_llm_provider-3', 'vector_store_name-3', '{"n": 3.50, "vector_store_metadata": [null, {"deep": "é"}]}', DEFAULT, '2026-03-11 10:20:30.323', 'litellm_credential_name-3');
INSERT INTO "LiteLLM_ManagedVectorStoresTable" ("vector_store_id", "custom_llm_provider", "vector_store_name", "vector_store_metadata", "created_at", "updated_at", "litellm_credential_name")
	VALUES ('vector_store_id-4', 'custom_llm_provider-4', 'vector_store_name-4', '{"n": 4.50, "vector_store_metadata": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', 'litellm_credential_name-4');

CREATE TABLE "LiteLLM_ManagedVectorStoreTable" (
	"id" TEXT NOT NULL,
	"unified_resource_id" TEXT NOT NULL,
	"resource_object" JSONB,
	"model_mappings" JSONB NOT NULL,
	"flat_model_resource_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_ManagedVectorStoreTable_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_ManagedVectorStoreTable" ("id", "unified_resource_id", "resource_object", "model_mappings", "flat_model_resource_ids", "created_at")
	VALUES ('id-1', 'unified_resource_id-1', '{"n": 1.50, "resource_object": [null, {"deep": "é"}]}', '{"n": 1.50, "model_mappings": [null, {"deep": "é"}]}', ARRAY['flat_model_resource_ids', NULL, 'with "quote", and comma'], '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_ManagedVectorStoreTable" ("id", "unified_resource_id", "resource_object", "model_mappings", "flat_model_resource_ids", "created_at")
	VALUES ('id-2', 'unified_resource_id-2', NULL, '{"n": 2.50, "model_mappings": [null, {"deep": "é"}]}', NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_ManagedVectorStoreTable" ("id", "unified_resource_id", "resource_object", "model_mappings", "flat_model_resource_ids", "created_at")
	VALUES ('id-3', 'unified_resource_id-3', '{"n": 3.50, "resource_object": [null, {"deep": "é"}]}', '{"n": 3.50, "model_mappings": [null, {"deep": "é"}]}', DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_ManagedVectorStoreTable" ("id", "unified_resource_id", "resource_object", "model_mappings", "flat_model_resource_ids", "created_at")
	VALUES ('id-4', 'unified_resource_id-4', '{"n": 4.50, "resource_object": [null, {"deep": "é"}]}', '{"n": 4.50, "model_mappings": [null, {"deep": "é"}]}', ARRAY['flat_model_resource_ids', NULL, 'with "quote", and comma'], '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_ManagedVectorStoreTable_unified_resource_id_key" ON "LiteLLM_ManagedVectorStoreTable" ("unified_resource_id");

CREATE TABLE "LiteLLM_ManagedVectorStoreIndexTable" (
	"id" TEXT NOT NULL,
	"index_name" TEXT NOT NULL,
	"litellm_params" JSONB NOT NULL,
	"index_info" JSONB,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"created_by" TEXT,
	"updated_at" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "LiteLLM_ManagedVectorStoreIndexTable_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_ManagedVectorStoreIndexTable" ("id", "index_name", "litellm_params", "index_info", "created_at", "created_by", "updated_at")
	VALUES ('id-1', 'index_name-1', '{"n": 1.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 1.50, "index_info": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121', 'created_by-1', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_ManagedVectorStoreIndexTable" ("id", "index_name", "litellm_params", "index_info", "created_at", "created_by", "updated_at")
	VALUES ('id-2', 'index_name-2', '{"n": 2.50, "litellm_params": [null, {"deep": "é"}]}', NULL, '2026-02-11 10:20:30.222', NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_ManagedVectorStoreIndexTable" ("id", "index_name", "litellm_params", "index_info", "created_at", "created_by", "updated_at")
	VALUES ('id-3', 'index_name-3', '{"n": 3.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 3.50, "index_info": [null, {"deep": "é"}]}', DEFAULT, 'created_by-3', '2026-03-11 10:20:30.323');
INSERT INTO "LiteLLM_ManagedVectorStoreIndexTable" ("id", "index_name", "litellm_params", "index_info", "created_at", "created_by", "updated_at")
	VALUES ('id-4', 'index_name-4', '{"n": 4.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 4.50, "index_info": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424', 'created_by-4', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_ManagedVectorStoreIndexTable_index_name_key" ON "LiteLLM_ManagedVectorStoreIndexTable" ("index_name");

CREATE TABLE "LiteLLM_GuardrailsTable" (
	"guardrail_id" TEXT NOT NULL,
	"guardrail_name" TEXT NOT NULL,
	"litellm_params" JSONB NOT NULL,
	"guardrail_info" JSONB,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) NOT NULL,
	"status" TEXT NOT NULL DEFAULT 'active',
	CONSTRAINT "LiteLLM_GuardrailsTable_pkey" PRIMARY KEY ("guardrail_id")
);
INSERT INTO "LiteLLM_GuardrailsTable" ("guardrail_id", "guardrail_name", "litellm_params", "guardrail_info", "created_at", "updated_at", "status")
	VALUES ('guardrail_id-1', 'guardrail_name-1', '{"n": 1.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 1.50, "guardrail_info": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121', 'status-1');
INSERT INTO "LiteLLM_GuardrailsTable" ("guardrail_id", "guardrail_name", "litellm_params", "guardrail_info", "created_at", "updated_at", "status")
	VALUES ('guardrail_id-2', 'guardrail_name-2', '{"n": 2.50, "litellm_params": [null, {"deep": "é"}]}', NULL, '2026-02-11 10:20:30.222', '2026-02-11 10:20:30.222', 'status-2');
INSERT INTO "LiteLLM_GuardrailsTable" ("guardrail_id", "guardrail_name", "litellm_params", "guardrail_info", "created_at", "updated_at", "status")
	VALUES ('guardrail_id-3', 'guardrail_name-3', '{"n": 3.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 3.50, "guardrail_info": [null, {"deep": "é"}]}', DEFAULT, '2026-03-11 10:20:30.323', DEFAULT);
INSERT INTO "LiteLLM_GuardrailsTable" ("guardrail_id", "guardrail_name", "litellm_params", "guardrail_info", "created_at", "updated_at", "status")
	VALUES ('guardrail_id-4', 'guardrail_name-4', '{"n": 4.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 4.50, "guardrail_info": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424', 'status-4');
CREATE UNIQUE INDEX "LiteLLM_GuardrailsTable_guardrail_name_key" ON "LiteLLM_GuardrailsTable" ("guardrail_name");

CREATE TABLE "LiteLLM_DailyGuardrailMetrics" (
	"guardrail_id" TEXT NOT NULL,
	"date" TEXT NOT NULL,
	"requests_evaluated" BIGINT NOT NULL DEFAULT 0,
	"passed_count" BIGINT NOT NULL DEFAULT 0,
	"blocked_count" BIGINT NOT NULL DEFAULT 0,
	"avg_score" DOUBLE PRECISION,
	"avg_latency_ms" DOUBLE PRECISION,
	CONSTRAINT "LiteLLM_DailyGuardrailMetrics_pkey" PRIMARY KEY ("guardrail_id", "date")
);
INSERT INTO "LiteLLM_DailyGuardrailMetrics" ("guardrail_id", "date", "requests_evaluated", "passed_count", "blocked_count", "avg_score", "avg_latency_ms")
	VALUES ('guardrail_id-1', 'date-1', 9007199254740992 + 1, 9007199254740992 + 1, 9007199254740992 + 1, 0.1e-1, 0.1e-1);
INSERT INTO "LiteLLM_DailyGuardrailMetrics" ("guardrail_id", "date", "requests_evaluated", "passed_count", "blocked_count", "avg_score", "avg_latency_ms")
	VALUES ('guardrail_id-2', 'date-2', 9007199254740992 + 2, 9007199254740992 + 2, 9007199254740992 + 2, NULL, NULL);
INSERT INTO "LiteLLM_DailyGuardrailMetrics" ("guardrail_id", "date", "requests_evaluated", "passed_count", "blocked_count", "avg_score", "avg_latency_ms")
	VALUES ('guardrail_id-3', 'date-3', DEFAULT, DEFAULT, DEFAULT, 0.3e-3, 0.3e-3);
INSERT INTO "LiteLLM_DailyGuardrailMetrics" ("guardrail_id", "date", "requests_evaluated", "passed_count", "blocked_count", "avg_score", "avg_latency_ms")
	VALUES ('guardrail_id-4', 'date-4', 9007199254740992 + 4, 9007199254740992 + 4, 9007199254740992 + 4, 0.4e-4, 0.4e-4);
CREATE INDEX "LiteLLM_DailyGuardrailMetrics_date_idx" ON "LiteLLM_DailyGuardrailMetrics" ("date");

CREATE TABLE "LiteLLM_DailyPolicyMetrics" (
	"policy_id" TEXT NOT NULL,
	"date" TEXT NOT NULL,
	"requests_evaluated" BIGINT NOT NULL DEFAULT 0,
	"passed_count" BIGINT NOT NULL DEFAULT 0,
	"blocked_count" BIGINT NOT NULL DEFAULT 0,
	CONSTRAINT "LiteLLM_DailyPolicyMetrics_pkey" PRIMARY KEY ("policy_id", "date")
);
INSERT INTO "LiteLLM_DailyPolicyMetrics" ("policy_id", "date", "requests_evaluated", "passed_count", "blocked_count")
	VALUES ('policy_id-1', 'date-1', 9007199254740992 + 1, 9007199254740992 + 1, 9007199254740992 + 1);
INSERT INTO "LiteLLM_DailyPolicyMetrics" ("policy_id", "date", "requests_evaluated", "passed_count", "blocked_count")
	VALUES ('policy_id-2', 'date-2', 9007199254740992 + 2, 9007199254740992 + 2, 9007199254740992 + 2);
INSERT INTO "LiteLLM_DailyPolicyMetrics" ("policy_id", "date", "requests_evaluated", "passed_count", "blocked_count")
	VALUES ('policy_id-3', 'date-3', DEFAULT, DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_DailyPolicyMetrics" ("policy_id", "date", "requests_evaluated", "passed_count", "blocked_count")
	VALUES ('policy_id-4', 'date-4', 9007199254740992 + 4, 9007199254740992 + 4, 9007199254740992 + 4);

CREATE TABLE "LiteLLM_SpendLogGuardrailIndex" (
	"request_id" TEXT NOT NULL,
	"guardrail_id" TEXT NOT NULL,
	"policy_id" TEXT,
	"start_time" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "LiteLLM_SpendLogGuardrailIndex_pkey" PRIMARY KEY ("request_id", "guardrail_id")
);
INSERT INTO "LiteLLM_SpendLogGuardrailIndex" ("request_id", "guardrail_id", "policy_id", "start_time")
	VALUES ('request_id-1', 'guardrail_id-1', 'policy_id-1', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_SpendLogGuardrailIndex" ("request_id", "guardrail_id", "policy_id", "start_time")
	VALUES ('request_id-2', 'guardrail_id-2', NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_SpendLogGuardrailIndex" ("request_id", "guardrail_id", "policy_id", "start_time")
	VALUES ('request_id-3', 'guardrail_id-3', 'policy_id-3', '2026-03-11 10:20:30.323');
INSERT INTO "LiteLLM_SpendLogGuardrailIndex" ("request_id", "guardrail_id", "policy_id", "start_time")
	VALUES ('request_id-4', 'guardrail_id-4', 'policy_id-4', '2026-04-11 10:20:30.424');
CREATE INDEX "LiteLLM_SpendLogGuardrailIndex_guardrail_id_start_time_idx" ON "LiteLLM_SpendLogGuardrailIndex" ("guardrail_id", "start_time" DESC);

CREATE TABLE "LiteLLM_SpendLogToolIndex" (
	"request_id" TEXT NOT NULL,
	"tool_name" TEXT NOT NULL,
	"start_time" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "LiteLLM_SpendLogToolIndex_pkey" PRIMARY KEY ("request_id", "tool_name")
);
INSERT INTO "LiteLLM_SpendLogToolIndex" ("request_id", "tool_name", "start_time")
	VALUES ('request_id-1', 'tool_name-1', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_SpendLogToolIndex" ("request_id", "tool_name", "start_time")
	VALUES ('request_id-2', 'tool_name-2', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_SpendLogToolIndex" ("request_id", "tool_name", "start_time")
	VALUES ('request_id-3', 'tool_name-3', '2026-03-11 10:20:30.323');
INSERT INTO "LiteLLM_SpendLogToolIndex" ("request_id", "tool_name", "start_time")
	VALUES ('request_id-4', 'tool_name-4', '2026-04-11 10:20:30.424');
CREATE INDEX "LiteLLM_SpendLogToolIndex_tool_name_start_time_idx" ON "LiteLLM_SpendLogToolIndex" ("tool_name", "start_time" DESC);

CREATE TABLE "LiteLLM_MCPServerTable" (
	"server_id" TEXT NOT NULL,
	"server_name" TEXT,
	"alias" TEXT,
	"url" TEXT,
	"transport" TEXT NOT NULL DEFAULT 'sse',
	"auth_type" TEXT,
	"credentials" JSONB DEFAULT '{}',
	"mcp_info" JSONB DEFAULT '{}',
	"args" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"env" JSONB DEFAULT '{}',
	"created_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,
	"updated_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_MCPServerTable_pkey" PRIMARY KEY ("server_id")
);
INSERT INTO "LiteLLM_MCPServerTable" ("server_id", "server_name", "alias", "url", "transport", "auth_type", "credentials", "mcp_info", "args", "env", "created_at", "updated_at")
	VALUES ('server_id-1', 'server_name-1', 'alias-1', 'url-1', 'transport-1', 'auth_type-1', '{"n": 1.50, "credentials": [null, {"deep": "é"}]}', '{"n": 1.50, "mcp_info": [null, {"deep": "é"}]}', ARRAY['args', NULL, 'with "quote", and comma'], '{"n": 1.50, "env": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_MCPServerTable" ("server_id", "server_name", "alias", "url", "transport", "auth_type", "credentials", "mcp_info", "args", "env", "created_at", "updated_at")
	VALUES ('server_id-2', NULL, NULL, NULL, 'transport-2', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "LiteLLM_MCPServerTable" ("server_id", "server_name", "alias", "url", "transport", "auth_type", "credentials", "mcp_info", "args", "env", "created_at", "updated_at")
	VALUES ('server_id-3', 'server_name-3', 'alias-3', 'url-3', DEFAULT, 'auth_type-3', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_MCPServerTable" ("server_id", "server_name", "alias", "url", "transport", "auth_type", "credentials", "mcp_info", "args", "env", "created_at", "updated_at")
	VALUES ('server_id-4', 'server_name-4', 'alias-4', 'url-4', 'transport-4', 'auth_type-4', '{"n": 4.50, "credentials": [null, {"deep": "é"}]}', '{"n": 4.50, "mcp_info": [null, {"deep": "é"}]}', ARRAY['args', NULL, 'with "quote", and comma'], '{"n": 4.50, "env": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424', '2026-04-11 10:20:30.424');

CREATE TABLE "LiteLLM_MCPToolsetTable" (
	"toolset_id" TEXT NOT NULL,
	"toolset_name" TEXT NOT NULL,
	"tools" JSONB NOT NULL DEFAULT '[]',
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_MCPToolsetTable_pkey" PRIMARY KEY ("toolset_id")
);
INSERT INTO "LiteLLM_MCPToolsetTable" ("toolset_id", "toolset_name", "tools", "created_at")
	VALUES ('toolset_id-1', 'toolset_name-1', '["tag 1", "User-Agent: curl"]', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_MCPToolsetTable" ("toolset_id", "toolset_name", "tools", "created_at")
	VALUES ('toolset_id-2', 'toolset_name-2', '["tag 2", "User-Agent: curl"]', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_MCPToolsetTable" ("toolset_id", "toolset_name", "tools", "created_at")
	VALUES ('toolset_id-3', 'toolset_name-3', DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_MCPToolsetTable" ("toolset_id", "toolset_name", "tools", "created_at")
	VALUES ('toolset_id-4', 'toolset_name-4', '["tag 4", "User-Agent: curl"]', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_MCPToolsetTable_toolset_name_key" ON "LiteLLM_MCPToolsetTable" ("toolset_name");

CREATE TABLE "LiteLLM_MCPUserCredentials" (
	"id" TEXT NOT NULL,
	"user_id" TEXT NOT NULL,
	"server_id" TEXT NOT NULL,
	"credential_b64" TEXT NOT NULL,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_MCPUserCredentials_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_MCPUserCredentials" ("id", "user_id", "server_id", "credential_b64", "created_at")
	VALUES ('id-1', 'user_id-1', 'server_id-1', 'credential_b64-1', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_MCPUserCredentials" ("id", "user_id", "server_id", "credential_b64", "created_at")
	VALUES ('id-2', 'user_id-2', 'server_id-2', 'credential_b64-2', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_MCPUserCredentials" ("id", "user_id", "server_id", "credential_b64", "created_at")
	VALUES ('id-3', 'user_id-3', 'server_id-3', 'credential_b64-3', DEFAULT);
INSERT INTO "LiteLLM_MCPUserCredentials" ("id", "user_id", "server_id", "credential_b64", "created_at")
	VALUES ('id-4', 'user_id-4', 'server_id-4', 'credential_b64-4', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_MCPUserCredentials_user_id_server_id_key" ON "LiteLLM_MCPUserCredentials" ("user_id", "server_id");

CREATE TABLE "LiteLLM_AgentsTable" (
	"agent_id" TEXT NOT NULL,
	"agent_name" TEXT NOT NULL,
	"agent_card_params" JSONB NOT NULL,
	"litellm_params" JSONB,
	"access_groups" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"spend" DOUBLE PRECISION NOT NULL DEFAULT 0.0,
	"object_permission_id" TEXT,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_AgentsTable_pkey" PRIMARY KEY ("agent_id")
);
INSERT INTO "LiteLLM_AgentsTable" ("agent_id", "agent_name", "agent_card_params", "litellm_params", "access_groups", "spend", "object_permission_id", "created_at")
	VALUES ('agent_id-1', 'agent_name-1', '{"n": 1.50, "agent_card_params": [null, {"deep": "é"}]}', '{"n": 1.50, "litellm_params": [null, {"deep": "é"}]}', ARRAY['access_groups', NULL, 'with "quote", and comma'], 0.1e-1, 'object_permission_id-1', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_AgentsTable" ("agent_id", "agent_name", "agent_card_params", "litellm_params", "access_groups", "spend", "object_permission_id", "created_at")
	VALUES ('agent_id-2', 'agent_name-2', '{"n": 2.50, "agent_card_params": [null, {"deep": "é"}]}', NULL, NULL, 0.2e-2, NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_AgentsTable" ("agent_id", "agent_name", "agent_card_params", "litellm_params", "access_groups", "spend", "object_permission_id", "created_at")
	VALUES ('agent_id-3', 'agent_name-3', '{"n": 3.50, "agent_card_params": [null, {"deep": "é"}]}', '{"n": 3.50, "litellm_params": [null, {"deep": "é"}]}', DEFAULT, DEFAULT, 'object_permission_id-3', DEFAULT);
INSERT INTO "LiteLLM_AgentsTable" ("agent_id", "agent_name", "agent_card_params", "litellm_params", "access_groups", "spend", "object_permission_id", "created_at")
	VALUES ('agent_id-4', 'agent_name-4', '{"n": 4.50, "agent_card_params": [null, {"deep": "é"}]}', '{"n": 4.50, "litellm_params": [null, {"deep": "é"}]}', ARRAY['access_groups', NULL, 'with "quote", and comma'], 0.4e-4, 'object_permission_id-4', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_AgentsTable_agent_name_key" ON "LiteLLM_AgentsTable" ("agent_name");

CREATE TABLE "LiteLLM_PromptTable" (
	"id" TEXT NOT NULL,
	"prompt_id" TEXT NOT NULL,
	"version" INTEGER NOT NULL DEFAULT 1,
	"litellm_params" JSONB NOT NULL,
	"prompt_info" JSONB,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_PromptTable_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_PromptTable" ("id", "prompt_id", "version", "litellm_params", "prompt_info", "created_at")
	VALUES ('id-1', 'prompt_id-1', 10, '{"n": 1.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 1.50, "prompt_info": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_PromptTable" ("id", "prompt_id", "version", "litellm_params", "prompt_info", "created_at")
	VALUES ('id-2', 'prompt_id-2', 20, '{"n": 2.50, "litellm_params": [null, {"deep": "é"}]}', NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_PromptTable" ("id", "prompt_id", "version", "litellm_params", "prompt_info", "created_at")
	VALUES ('id-3', 'prompt_id-3', DEFAULT, '{"n": 3.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 3.50, "prompt_info": [null, {"deep": "é"}]}', DEFAULT);
INSERT INTO "LiteLLM_PromptTable" ("id", "prompt_id", "version", "litellm_params", "prompt_info", "created_at")
	VALUES ('id-4', 'prompt_id-4', 40, '{"n": 4.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 4.50, "prompt_info": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_PromptTable_prompt_id_version_key" ON "LiteLLM_PromptTable" ("prompt_id", "version");
CREATE INDEX "LiteLLM_PromptTable_prompt_id_idx" ON "LiteLLM_PromptTable" ("prompt_id");

CREATE TABLE "LiteLLM_HealthCheckTable" (
	"health_check_id" TEXT NOT NULL,
	"model_name" TEXT NOT NULL,
	"model_id" TEXT,
	"status" TEXT NOT NULL,
	"healthy_count" INTEGER NOT NULL DEFAULT 0,
	"response_time_ms" DOUBLE PRECISION,
	"details" JSONB,
	"checked_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_HealthCheckTable_pkey" PRIMARY KEY ("health_check_id")
);
INSERT INTO "LiteLLM_HealthCheckTable" ("health_check_id", "model_name", "model_id", "status", "healthy_count", "response_time_ms", "details", "checked_at")
	VALUES ('health_check_id-1', 'model_name-1', 'model_id-1', 'status-1', 10, 0.1e-1, '{"n": 1.50, "details": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_HealthCheckTable" ("health_check_id", "model_name", "model_id", "status", "healthy_count", "response_time_ms", "details", "checked_at")
	VALUES ('health_check_id-2', 'model_name-2', NULL, 'status-2', 20, NULL, NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_HealthCheckTable" ("health_check_id", "model_name", "model_id", "status", "healthy_count", "response_time_ms", "details", "checked_at")
	VALUES ('health_check_id-3', 'model_name-3', 'model_id-3', 'status-3', DEFAULT, 0.3e-3, '{"n": 3.50, "details": [null, {"deep": "é"}]}', DEFAULT);
INSERT INTO "LiteLLM_HealthCheckTable" ("health_check_id", "model_name", "model_id", "status", "healthy_count", "response_time_ms", "details", "checked_at")
	VALUES ('health_check_id-4', 'model_name-4', 'model_id-4', 'status-4', 40, 0.4e-4, '{"n": 4.50, "details": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424');
CREATE INDEX "LiteLLM_HealthCheckTable_model_name_idx" ON "LiteLLM_HealthCheckTable" ("model_name");
CREATE INDEX "LiteLLM_HealthCheckTable_checked_at_idx" ON "LiteLLM_HealthCheckTable" ("checked_at" DESC);
CREATE INDEX "LiteLLM_HealthCheckTable_status_idx" ON "LiteLLM_HealthCheckTable" ("status");

CREATE TABLE "LiteLLM_SearchToolsTable" (
	"search_tool_id" TEXT NOT NULL,
	"search_tool_name" TEXT NOT NULL,
	"litellm_params" JSONB NOT NULL,
	"search_tool_info" JSONB,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_SearchToolsTable_pkey" PRIMARY KEY ("search_tool_id")
);
INSERT INTO "LiteLLM_SearchToolsTable" ("search_tool_id", "search_tool_name", "litellm_params", "search_tool_info", "created_at")
	VALUES ('search_tool_id-1', 'search_tool_name-1', '{"n": 1.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 1.50, "search_tool_info": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_SearchToolsTable" ("search_tool_id", "search_tool_name", "litellm_params", "search_tool_info", "created_at")
	VALUES ('search_tool_id-2', 'search_tool_name-2', '{"n": 2.50, "litellm_params": [null, {"deep": "é"}]}', NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_SearchToolsTable" ("search_tool_id", "search_tool_name", "litellm_params", "search_tool_info", "created_at")
	VALUES ('search_tool_id-3', 'search_tool_name-3', '{"n": 3.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 3.50, "search_tool_info": [null, {"deep": "é"}]}', DEFAULT);
INSERT INTO "LiteLLM_SearchToolsTable" ("search_tool_id", "search_tool_name", "litellm_params", "search_tool_info", "created_at")
	VALUES ('search_tool_id-4', 'search_tool_name-4', '{"n": 4.50, "litellm_params": [null, {"deep": "é"}]}', '{"n": 4.50, "search_tool_info": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_SearchToolsTable_search_tool_name_key" ON "LiteLLM_SearchToolsTable" ("search_tool_name");

CREATE TABLE "LiteLLM_SSOConfig" (
	"id" TEXT NOT NULL DEFAULT 'sso_config',
	"sso_settings" JSONB NOT NULL,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_SSOConfig_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_SSOConfig" ("id", "sso_settings", "created_at")
	VALUES ('id-1', '{"n": 1.50, "sso_settings": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_SSOConfig" ("id", "sso_settings", "created_at")
	VALUES ('id-2', '{"n": 2.50, "sso_settings": [null, {"deep": "é"}]}', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_SSOConfig" ("id", "sso_settings", "created_at")
	VALUES (DEFAULT, '{"n": 3.50, "sso_settings": [null, {"deep": "é"}]}', DEFAULT);
INSERT INTO "LiteLLM_SSOConfig" ("id", "sso_settings", "created_at")
	VALUES ('id-4', '{"n": 4.50, "sso_settings": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424');

CREATE TABLE "LiteLLM_CacheConfig" (
	"id" TEXT NOT NULL DEFAULT 'cache_config',
	"cache_settings" JSONB NOT NULL,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_CacheConfig_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_CacheConfig" ("id", "cache_settings", "created_at")
	VALUES ('id-1', '{"n": 1.50, "cache_settings": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_CacheConfig" ("id", "cache_settings", "created_at")
	VALUES ('id-2', '{"n": 2.50, "cache_settings": [null, {"deep": "é"}]}', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_CacheConfig" ("id", "cache_settings", "created_at")
	VALUES (DEFAULT, '{"n": 3.50, "cache_settings": [null, {"deep": "é"}]}', DEFAULT);
INSERT INTO "LiteLLM_CacheConfig" ("id", "cache_settings", "created_at")
	VALUES ('id-4', '{"n": 4.50, "cache_settings": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424');

CREATE TABLE "LiteLLM_UISettings" (
	"id" TEXT NOT NULL DEFAULT 'ui_settings',
	"ui_settings" JSONB NOT NULL,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_UISettings_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_UISettings" ("id", "ui_settings", "created_at")
	VALUES ('id-1', '{"n": 1.50, "ui_settings": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_UISettings" ("id", "ui_settings", "created_at")
	VALUES ('id-2', '{"n": 2.50, "ui_settings": [null, {"deep": "é"}]}', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_UISettings" ("id", "ui_settings", "created_at")
	VALUES (DEFAULT, '{"n": 3.50, "ui_settings": [null, {"deep": "é"}]}', DEFAULT);
INSERT INTO "LiteLLM_UISettings" ("id", "ui_settings", "created_at")
	VALUES ('id-4', '{"n": 4.50, "ui_settings": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424');

CREATE TABLE "LiteLLM_ConfigOverrides" (
	"config_type" TEXT NOT NULL,
	"config_value" JSONB NOT NULL,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_ConfigOverrides_pkey" PRIMARY KEY ("config_type")
);
INSERT INTO "LiteLLM_ConfigOverrides" ("config_type", "config_value", "created_at")
	VALUES ('config_type-1', '{"n": 1.50, "config_value": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_ConfigOverrides" ("config_type", "config_value", "created_at")
	VALUES ('config_type-2', '{"n": 2.50, "config_value": [null, {"deep": "é"}]}', '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_ConfigOverrides" ("config_type", "config_value", "created_at")
	VALUES ('config_type-3', '{"n": 3.50, "config_value": [null, {"deep": "é"}]}', DEFAULT);
INSERT INTO "LiteLLM_ConfigOverrides" ("config_type", "config_value", "created_at")
	VALUES ('config_type-4', '{"n": 4.50, "config_value": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424');

CREATE TABLE "LiteLLM_SkillsTable" (
	"skill_id" TEXT NOT NULL,
	"display_title" TEXT,
	"source" TEXT NOT NULL DEFAULT 'custom',
	"file_content" BYTEA,
	"file_name" TEXT,
	"file_type" TEXT,
	"metadata" JSONB DEFAULT '{}',
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_SkillsTable_pkey" PRIMARY KEY ("skill_id")
);
INSERT INTO "LiteLLM_SkillsTable" ("skill_id", "display_title", "source", "file_content", "file_name", "file_type", "metadata", "created_at")
	VALUES ('skill_id-1', 'display_title-1', 'source-1', decode('00ff01', 'hex'), 'file_name-1', 'file_type-1', '{"n": 1.50, "metadata": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_SkillsTable" ("skill_id", "display_title", "source", "file_content", "file_name", "file_type", "metadata", "created_at")
	VALUES ('skill_id-2', NULL, 'source-2', NULL, NULL, NULL, NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_SkillsTable" ("skill_id", "display_title", "source", "file_content", "file_name", "file_type", "metadata", "created_at")
	VALUES ('skill_id-3', 'display_title-3', DEFAULT, decode('00ff03', 'hex'), 'file_name-3', 'file_type-3', DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_SkillsTable" ("skill_id", "display_title", "source", "file_content", "file_name", "file_type", "metadata", "created_at")
	VALUES ('skill_id-4', 'display_title-4', 'source-4', decode('00ff04', 'hex'), 'file_name-4', 'file_type-4', '{"n": 4.50, "metadata": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424');

CREATE TABLE "LiteLLM_PolicyTable" (
	"policy_id" TEXT NOT NULL,
	"policy_name" TEXT NOT NULL,
	"inherit" TEXT,
	"guardrails_add" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"guardrails_remove" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"condition" JSONB DEFAULT '{}',
	"version_number" INTEGER NOT NULL DEFAULT 1,
	"is_latest" BOOLEAN NOT NULL DEFAULT true,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_PolicyTable_pkey" PRIMARY KEY ("policy_id")
);
INSERT INTO "LiteLLM_PolicyTable" ("policy_id", "policy_name", "inherit", "guardrails_add", "guardrails_remove", "condition", "version_number", "is_latest", "created_at")
	VALUES ('policy_id-1', 'policy_name-1', 'inherit-1', ARRAY['guardrails_add', NULL, 'with "quote", and comma'], ARRAY['guardrails_remove', NULL, 'with "quote", and comma'], '{"n": 1.50, "condition": [null, {"deep": "é"}]}', 10, true, '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_PolicyTable" ("policy_id", "policy_name", "inherit", "guardrails_add", "guardrails_remove", "condition", "version_number", "is_latest", "created_at")
	VALUES ('policy_id-2', 'policy_name-2', NULL, NULL, NULL, NULL, 20, false, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_PolicyTable" ("policy_id", "policy_name", "inherit", "guardrails_add", "guardrails_remove", "condition", "version_number", "is_latest", "created_at")
	VALUES ('policy_id-3', 'policy_name-3', 'inherit-3', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_PolicyTable" ("policy_id", "policy_name", "inherit", "guardrails_add", "guardrails_remove", "condition", "version_number", "is_latest", "created_at")
	VALUES ('policy_id-4', 'policy_name-4', 'inherit-4', ARRAY['guardrails_add', NULL, 'with "quote", and comma'], ARRAY['guardrails_remove', NULL, 'with "quote", and comma'], '{"n": 4.50, "condition": [null, {"deep": "é"}]}', 40, false, '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_PolicyTable_policy_name_version_number_key" ON "LiteLLM_PolicyTable" ("policy_name", "version_number");
CREATE INDEX "LiteLLM_PolicyTable_policy_name_version_number_idx" ON "LiteLLM_PolicyTable" ("policy_name", "version_number" DESC);

CREATE TABLE "LiteLLM_PolicyAttachmentTable" (
	"attachment_id" TEXT NOT NULL,
	"policy_name" TEXT NOT NULL,
	"scope" TEXT,
	"teams" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"keys" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"models" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"priority" INTEGER NOT NULL DEFAULT -1,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_PolicyAttachmentTable_pkey" PRIMARY KEY ("attachment_id")
);
INSERT INTO "LiteLLM_PolicyAttachmentTable" ("attachment_id", "policy_name", "scope", "teams", "keys", "models", "priority", "created_at")
	VALUES ('attachment_id-1', 'policy_name-1', 'scope-1', ARRAY['teams', NULL, 'with "quote", and comma'], ARRAY['keys', NULL, 'with "quote", and comma'], ARRAY['models', NULL, 'with "quote", and comma'], 10, '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_PolicyAttachmentTable" ("attachment_id", "policy_name", "scope", "teams", "keys", "models", "priority", "created_at")
	VALUES ('attachment_id-2', 'policy_name-2', NULL, NULL, NULL, NULL, 20, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_PolicyAttachmentTable" ("attachment_id", "policy_name", "scope", "teams", "keys", "models", "priority", "created_at")
	VALUES ('attachment_id-3', 'policy_name-3', 'scope-3', DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_PolicyAttachmentTable" ("attachment_id", "policy_name", "scope", "teams", "keys", "models", "priority", "created_at")
	VALUES ('attachment_id-4', 'policy_name-4', 'scope-4', ARRAY['teams', NULL, 'with "quote", and comma'], ARRAY['keys', NULL, 'with "quote", and comma'], ARRAY['models', NULL, 'with "quote", and comma'], 40, '2026-04-11 10:20:30.424');

CREATE TABLE "LiteLLM_ToolTable" (
	"tool_id" TEXT NOT NULL,
	"tool_name" TEXT NOT NULL,
	"origin" TEXT,
	"call_policy" TEXT NOT NULL DEFAULT 'untrusted',
	"call_count" INTEGER NOT NULL DEFAULT 0,
	"assignments" JSONB DEFAULT '{}',
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_ToolTable_pkey" PRIMARY KEY ("tool_id")
);
INSERT INTO "LiteLLM_ToolTable" ("tool_id", "tool_name", "origin", "call_policy", "call_count", "assignments", "created_at")
	VALUES ('tool_id-1', 'tool_name-1', 'origin-1', 'call_policy-1', 10, '{"n": 1.50, "assignments": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_ToolTable" ("tool_id", "tool_name", "origin", "call_policy", "call_count", "assignments", "created_at")
	VALUES ('tool_id-2', 'tool_name-2', NULL, 'call_policy-2', 20, NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_ToolTable" ("tool_id", "tool_name", "origin", "call_policy", "call_count", "assignments", "created_at")
	VALUES ('tool_id-3', 'tool_name-3', 'origin-3', DEFAULT, DEFAULT, DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_ToolTable" ("tool_id", "tool_name", "origin", "call_policy", "call_count", "assignments", "created_at")
	VALUES ('tool_id-4', 'tool_name-4', 'origin-4', 'call_policy-4', 40, '{"n": 4.50, "assignments": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_ToolTable_tool_name_key" ON "LiteLLM_ToolTable" ("tool_name");

CREATE TABLE "LiteLLM_AccessGroupTable" (
	"access_group_id" TEXT NOT NULL,
	"access_group_name" TEXT NOT NULL,
	"access_model_names" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"assigned_team_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_AccessGroupTable_pkey" PRIMARY KEY ("access_group_id")
);
INSERT INTO "LiteLLM_AccessGroupTable" ("access_group_id", "access_group_name", "access_model_names", "assigned_team_ids", "created_at")
	VALUES ('access_group_id-1', 'access_group_name-1', ARRAY['access_model_names', NULL, 'with "quote", and comma'], ARRAY['assigned_team_ids', NULL, 'with "quote", and comma'], '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_AccessGroupTable" ("access_group_id", "access_group_name", "access_model_names", "assigned_team_ids", "created_at")
	VALUES ('access_group_id-2', 'access_group_name-2', NULL, NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_AccessGroupTable" ("access_group_id", "access_group_name", "access_model_names", "assigned_team_ids", "created_at")
	VALUES ('access_group_id-3', 'access_group_name-3', DEFAULT, DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_AccessGroupTable" ("access_group_id", "access_group_name", "access_model_names", "assigned_team_ids", "created_at")
	VALUES ('access_group_id-4', 'access_group_name-4', ARRAY['access_model_names', NULL, 'with "quote", and comma'], ARRAY['assigned_team_ids', NULL, 'with "quote", and comma'], '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_AccessGroupTable_access_group_name_key" ON "LiteLLM_AccessGroupTable" ("access_group_name");

CREATE TABLE "LiteLLM_ClaudeCodePluginTable" (
	"id" TEXT NOT NULL,
	"name" TEXT NOT NULL,
	"version" TEXT,
	"manifest_json" TEXT,
	"files_json" TEXT DEFAULT '{}',
	"enabled" BOOLEAN NOT NULL DEFAULT true,
	"created_at" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_ClaudeCodePluginTable_pkey" PRIMARY KEY ("id")
);
INSERT INTO "LiteLLM_ClaudeCodePluginTable" ("id", "name", "version", "manifest_json", "files_json", "enabled", "created_at")
	VALUES ('id-1', 'name-1', 'version-1', 'manifest_json-1', 'files_json-1', true, '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_ClaudeCodePluginTable" ("id", "name", "version", "manifest_json", "files_json", "enabled", "created_at")
	VALUES ('id-2', 'name-2', NULL, NULL, NULL, false, NULL);
INSERT INTO "LiteLLM_ClaudeCodePluginTable" ("id", "name", "version", "manifest_json", "files_json", "enabled", "created_at")
	VALUES ('id-3', 'name-3', 'version-3', 'manifest_json-3', DEFAULT, DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_ClaudeCodePluginTable" ("id", "name", "version", "manifest_json", "files_json", "enabled", "created_at")
	VALUES ('id-4', 'name-4', 'version-4', 'manifest_json-4', 'files_json-4', false, '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_ClaudeCodePluginTable_name_key" ON "LiteLLM_ClaudeCodePluginTable" ("name");

CREATE TABLE "LiteLLM_MemoryTable" (
	"memory_id" TEXT NOT NULL,
	"key" TEXT NOT NULL,
	"value" TEXT NOT NULL,
	"metadata" JSONB,
	"user_id" TEXT,
	"team_id" TEXT,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_MemoryTable_pkey" PRIMARY KEY ("memory_id")
);
INSERT INTO "LiteLLM_MemoryTable" ("memory_id", "key", "value", "metadata", "user_id", "team_id", "created_at")
	VALUES ('memory_id-1', 'key-1', 'value-1', '{"n": 1.50, "metadata": [null, {"deep": "é"}]}', 'user_id-1', 'team_id-1', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_MemoryTable" ("memory_id", "key", "value", "metadata", "user_id", "team_id", "created_at")
	VALUES ('memory_id-2', 'key-2', 'value-2', NULL, NULL, NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_MemoryTable" ("memory_id", "key", "value", "metadata", "user_id", "team_id", "created_at")
	VALUES ('memory_id-3', 'key-3', 'value-3', '{"n": 3.50, "metadata": [null, {"deep": "é"}]}', 'user_id-3', 'team_id-3', DEFAULT);
INSERT INTO "LiteLLM_MemoryTable" ("memory_id", "key", "value", "metadata", "user_id", "team_id", "created_at")
	VALUES ('memory_id-4', 'key-4', 'value-4', '{"n": 4.50, "metadata": [null, {"deep": "é"}]}', 'user_id-4', 'team_id-4', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_MemoryTable_key_key" ON "LiteLLM_MemoryTable" ("key");
CREATE INDEX "LiteLLM_MemoryTable_user_id_idx" ON "LiteLLM_MemoryTable" ("user_id");

CREATE TABLE "LiteLLM_AdaptiveRouterState" (
	"router_name" TEXT NOT NULL,
	"request_type" TEXT NOT NULL,
	"model_name" TEXT NOT NULL,
	"alpha" DOUBLE PRECISION NOT NULL,
	"beta" DOUBLE PRECISION NOT NULL,
	"total_samples" INTEGER NOT NULL DEFAULT 0,
	"last_updated_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_AdaptiveRouterState_pkey" PRIMARY KEY ("router_name", "request_type", "model_name")
);
INSERT INTO "LiteLLM_AdaptiveRouterState" ("router_name", "request_type", "model_name", "alpha", "beta", "total_samples", "last_updated_at")
	VALUES ('router_name-1', 'request_type-1', 'model_name-1', 0.1e-1, 0.1e-1, 10, '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_AdaptiveRouterState" ("router_name", "request_type", "model_name", "alpha", "beta", "total_samples", "last_updated_at")
	VALUES ('router_name-2', 'request_type-2', 'model_name-2', 0.2e-2, 0.2e-2, 20, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_AdaptiveRouterState" ("router_name", "request_type", "model_name", "alpha", "beta", "total_samples", "last_updated_at")
	VALUES ('router_name-3', 'request_type-3', 'model_name-3', 0.3e-3, 0.3e-3, DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_AdaptiveRouterState" ("router_name", "request_type", "model_name", "alpha", "beta", "total_samples", "last_updated_at")
	VALUES ('router_name-4', 'request_type-4', 'model_name-4', 0.4e-4, 0.4e-4, 40, '2026-04-11 10:20:30.424');

CREATE TABLE "LiteLLM_AdaptiveRouterSession" (
	"session_id" TEXT NOT NULL,
	"router_name" TEXT NOT NULL,
	"model_name" TEXT NOT NULL,
	"misalignment_count" INTEGER NOT NULL DEFAULT -2147483648,
	"last_activity_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"tool_call_history" JSONB NOT NULL DEFAULT '[]',
	CONSTRAINT "LiteLLM_AdaptiveRouterSession_pkey" PRIMARY KEY ("session_id", "router_name", "model_name")
);
INSERT INTO "LiteLLM_AdaptiveRouterSession" ("session_id", "router_name", "model_name", "misalignment_count", "last_activity_at", "tool_call_history")
	VALUES ('session_id-1', 'router_name-1', 'model_name-1', 10, '2026-01-11 10:20:30.121', '["tag 1", "User-Agent: curl"]');
INSERT INTO "LiteLLM_AdaptiveRouterSession" ("session_id", "router_name", "model_name", "misalignment_count", "last_activity_at", "tool_call_history")
	VALUES ('session_id-2', 'router_name-2', 'model_name-2', 20, '2026-02-11 10:20:30.222', '["tag 2", "User-Agent: curl"]');
INSERT INTO "LiteLLM_AdaptiveRouterSession" ("session_id", "router_name", "model_name", "misalignment_count", "last_activity_at", "tool_call_history")
	VALUES ('session_id-3', 'router_name-3', 'model_name-3', DEFAULT, DEFAULT, DEFAULT);
INSERT INTO "LiteLLM_AdaptiveRouterSession" ("session_id", "router_name", "model_name", "misalignment_count", "last_activity_at", "tool_call_history")
	VALUES ('session_id-4', 'router_name-4', 'model_name-4', 40, '2026-04-11 10:20:30.424', '["tag 4", "User-Agent: curl"]');
CREATE INDEX "LiteLLM_AdaptiveRouterSession_last_activity_at_idx" ON "LiteLLM_AdaptiveRouterSession" ("last_activity_at");

CREATE TABLE "LiteLLM_WorkflowRun" (
	"run_id" TEXT NOT NULL,
	"session_id" TEXT NOT NULL,
	"workflow_type" TEXT NOT NULL,
	"status" TEXT NOT NULL DEFAULT 'pending',
	"input" JSONB,
	"output" JSONB,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_WorkflowRun_pkey" PRIMARY KEY ("run_id")
);
INSERT INTO "LiteLLM_WorkflowRun" ("run_id", "session_id", "workflow_type", "status", "input", "output", "created_at")
	VALUES ('run_id-1', 'session_id-1', 'workflow_type-1', 'status-1', '{"n": 1.50, "input": [null, {"deep": "é"}]}', '{"n": 1.50, "output": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_WorkflowRun" ("run_id", "session_id", "workflow_type", "status", "input", "output", "created_at")
	VALUES ('run_id-2', 'session_id-2', 'workflow_type-2', 'status-2', NULL, NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_WorkflowRun" ("run_id", "session_id", "workflow_type", "status", "input", "output", "created_at")
	VALUES ('run_id-3', 'session_id-3', 'workflow_type-3', DEFAULT, '{"n": 3.50, "input": [null, {"deep": "é"}]}', '{"n": 3.50, "output": [null, {"deep": "é"}]}', DEFAULT);
INSERT INTO "LiteLLM_WorkflowRun" ("run_id", "session_id", "workflow_type", "status", "input", "output", "created_at")
	VALUES ('run_id-4', 'session_id-4', 'workflow_type-4', 'status-4', '{"n": 4.50, "input": [null, {"deep": "é"}]}', '{"n": 4.50, "output": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_WorkflowRun_session_id_key" ON "LiteLLM_WorkflowRun" ("session_id");
CREATE INDEX "LiteLLM_WorkflowRun_workflow_type_status_idx" ON "LiteLLM_WorkflowRun" ("workflow_type", "status");

CREATE TABLE "LiteLLM_WorkflowEvent" (
	"event_id" TEXT NOT NULL,
	"run_id" TEXT NOT NULL,
	"sequence_number" INTEGER NOT NULL,
	"event_type" TEXT NOT NULL,
	"data" JSONB,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_WorkflowEvent_pkey" PRIMARY KEY ("event_id")
);
INSERT INTO "LiteLLM_WorkflowEvent" ("event_id", "run_id", "sequence_number", "event_type", "data", "created_at")
	VALUES ('event_id-1', 'run_id-1', 10, 'event_type-1', '{"n": 1.50, "data": [null, {"deep": "é"}]}', '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_WorkflowEvent" ("event_id", "run_id", "sequence_number", "event_type", "data", "created_at")
	VALUES ('event_id-2', 'run_id-2', 20, 'event_type-2', NULL, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_WorkflowEvent" ("event_id", "run_id", "sequence_number", "event_type", "data", "created_at")
	VALUES ('event_id-3', 'run_id-3', 30, 'event_type-3', '{"n": 3.50, "data": [null, {"deep": "é"}]}', DEFAULT);
INSERT INTO "LiteLLM_WorkflowEvent" ("event_id", "run_id", "sequence_number", "event_type", "data", "created_at")
	VALUES ('event_id-4', 'run_id-4', 40, 'event_type-4', '{"n": 4.50, "data": [null, {"deep": "é"}]}', '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_WorkflowEvent_run_id_sequence_number_key" ON "LiteLLM_WorkflowEvent" ("run_id", "sequence_number");

CREATE TABLE "LiteLLM_WorkflowMessage" (
	"message_id" TEXT NOT NULL,
	"run_id" TEXT NOT NULL,
	"role" TEXT NOT NULL,
	"content" TEXT NOT NULL,
	"sequence_number" INTEGER NOT NULL,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "LiteLLM_WorkflowMessage_pkey" PRIMARY KEY ("message_id")
);
INSERT INTO "LiteLLM_WorkflowMessage" ("message_id", "run_id", "role", "content", "sequence_number", "created_at")
	VALUES ('message_id-1', 'run_id-1', 'role-1', 'content-1', 10, '2026-01-11 10:20:30.121');
INSERT INTO "LiteLLM_WorkflowMessage" ("message_id", "run_id", "role", "content", "sequence_number", "created_at")
	VALUES ('message_id-2', 'run_id-2', 'role-2', 'content-2', 20, '2026-02-11 10:20:30.222');
INSERT INTO "LiteLLM_WorkflowMessage" ("message_id", "run_id", "role", "content", "sequence_number", "created_at")
	VALUES ('message_id-3', 'run_id-3', 'role-3', 'content-3', 30, DEFAULT);
INSERT INTO "LiteLLM_WorkflowMessage" ("message_id", "run_id", "role", "content", "sequence_number", "created_at")
	VALUES ('message_id-4', 'run_id-4', 'role-4', 'content-4', 40, '2026-04-11 10:20:30.424');
CREATE UNIQUE INDEX "LiteLLM_WorkflowMessage_run_id_sequence_number_key" ON "LiteLLM_WorkflowMessage" ("run_id", "sequence_number");

ALTER TABLE "LiteLLM_OrganizationTable" ADD CONSTRAINT "LiteLLM_OrganizationTable_budget_id_fkey" FOREIGN KEY ("budget_id")
	REFERENCES "LiteLLM_BudgetTable" ("budget_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_OrganizationTable" ADD CONSTRAINT "LiteLLM_OrganizationTable_object_permission_id_fkey" FOREIGN KEY ("object_permission_id")
	REFERENCES "LiteLLM_ObjectPermissionTable" ("object_permission_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_TeamTable" ADD CONSTRAINT "LiteLLM_TeamTable_organization_id_fkey" FOREIGN KEY ("organization_id")
	REFERENCES "LiteLLM_OrganizationTable" ("organization_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_TeamTable" ADD CONSTRAINT "LiteLLM_TeamTable_model_id_fkey" FOREIGN KEY ("model_id")
	REFERENCES "LiteLLM_ModelTable" ("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_TeamTable" ADD CONSTRAINT "LiteLLM_TeamTable_object_permission_id_fkey" FOREIGN KEY ("object_permission_id")
	REFERENCES "LiteLLM_ObjectPermissionTable" ("object_permission_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_UserTable" ADD CONSTRAINT "LiteLLM_UserTable_organization_id_fkey" FOREIGN KEY ("organization_id")
	REFERENCES "LiteLLM_OrganizationTable" ("organization_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_UserTable" ADD CONSTRAINT "LiteLLM_UserTable_object_permission_id_fkey" FOREIGN KEY ("object_permission_id")
	REFERENCES "LiteLLM_ObjectPermissionTable" ("object_permission_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_ProjectTable" ADD CONSTRAINT "LiteLLM_ProjectTable_team_id_fkey" FOREIGN KEY ("team_id")
	REFERENCES "LiteLLM_TeamTable" ("team_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_ProjectTable" ADD CONSTRAINT "LiteLLM_ProjectTable_budget_id_fkey" FOREIGN KEY ("budget_id")
	REFERENCES "LiteLLM_BudgetTable" ("budget_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_VerificationToken" ADD CONSTRAINT "LiteLLM_VerificationToken_budget_id_fkey" FOREIGN KEY ("budget_id")
	REFERENCES "LiteLLM_BudgetTable" ("budget_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_VerificationToken" ADD CONSTRAINT "LiteLLM_VerificationToken_organization_id_fkey" FOREIGN KEY ("organization_id")
	REFERENCES "LiteLLM_OrganizationTable" ("organization_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_VerificationToken" ADD CONSTRAINT "LiteLLM_VerificationToken_object_permission_id_fkey" FOREIGN KEY ("object_permission_id")
	REFERENCES "LiteLLM_ObjectPermissionTable" ("object_permission_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_VerificationToken" ADD CONSTRAINT "LiteLLM_VerificationToken_project_id_fkey" FOREIGN KEY ("project_id")
	REFERENCES "LiteLLM_ProjectTable" ("project_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_EndUserTable" ADD CONSTRAINT "LiteLLM_EndUserTable_budget_id_fkey" FOREIGN KEY ("budget_id")
	REFERENCES "LiteLLM_BudgetTable" ("budget_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_EndUserTable" ADD CONSTRAINT "LiteLLM_EndUserTable_object_permission_id_fkey" FOREIGN KEY ("object_permission_id")
	REFERENCES "LiteLLM_ObjectPermissionTable" ("object_permission_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_TeamMembership" ADD CONSTRAINT "LiteLLM_TeamMembership_budget_id_fkey" FOREIGN KEY ("budget_id")
	REFERENCES "LiteLLM_BudgetTable" ("budget_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_OrganizationMembership" ADD CONSTRAINT "LiteLLM_OrganizationMembership_user_id_fkey" FOREIGN KEY ("user_id")
	REFERENCES "LiteLLM_UserTable" ("user_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_OrganizationMembership" ADD CONSTRAINT "LiteLLM_OrganizationMembership_organization_id_fkey" FOREIGN KEY ("organization_id")
	REFERENCES "LiteLLM_OrganizationTable" ("organization_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_OrganizationMembership" ADD CONSTRAINT "LiteLLM_OrganizationMembership_budget_id_fkey" FOREIGN KEY ("budget_id")
	REFERENCES "LiteLLM_BudgetTable" ("budget_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_InvitationLink" ADD CONSTRAINT "LiteLLM_InvitationLink_user_id_fkey" FOREIGN KEY ("user_id")
	REFERENCES "LiteLLM_UserTable" ("user_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_InvitationLink" ADD CONSTRAINT "LiteLLM_InvitationLink_created_by_fkey" FOREIGN KEY ("created_by")
	REFERENCES "LiteLLM_UserTable" ("user_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_InvitationLink" ADD CONSTRAINT "LiteLLM_InvitationLink_updated_by_fkey" FOREIGN KEY ("updated_by")
	REFERENCES "LiteLLM_UserTable" ("user_id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_TagTable" ADD CONSTRAINT "LiteLLM_TagTable_budget_id_fkey" FOREIGN KEY ("budget_id")
	REFERENCES "LiteLLM_BudgetTable" ("budget_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_JWTKeyMapping" ADD CONSTRAINT "LiteLLM_JWTKeyMapping_token_fkey" FOREIGN KEY ("token")
	REFERENCES "LiteLLM_VerificationToken" ("token") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_MCPUserCredentials" ADD CONSTRAINT "LiteLLM_MCPUserCredentials_server_id_fkey" FOREIGN KEY ("server_id")
	REFERENCES "LiteLLM_MCPServerTable" ("server_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_AgentsTable" ADD CONSTRAINT "LiteLLM_AgentsTable_object_permission_id_fkey" FOREIGN KEY ("object_permission_id")
	REFERENCES "LiteLLM_ObjectPermissionTable" ("object_permission_id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_WorkflowEvent" ADD CONSTRAINT "LiteLLM_WorkflowEvent_run_id_fkey" FOREIGN KEY ("run_id")
	REFERENCES "LiteLLM_WorkflowRun" ("run_id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "LiteLLM_WorkflowMessage" ADD CONSTRAINT "LiteLLM_WorkflowMessage_run_id_fkey" FOREIGN KEY ("run_id")
	REFERENCES "LiteLLM_WorkflowRun" ("run_id") ON DELETE CASCADE ON UPDATE CASCADE;

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
