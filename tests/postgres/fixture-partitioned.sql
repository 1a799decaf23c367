-- Spend logs partitioned by month, as an operator of a large gateway has them: times with a zone, the key
-- widened by the partition column, so that a request may occur twice; a default partition, one
-- partition divided again, one that was a table first and was attached, with its columns in another order.

SET client_min_messages = warning;
SET TimeZone = 'UTC';

CREATE TABLE "LiteLLM_TeamTable" (
	team_id text NOT NULL,
	team_alias text,
	CONSTRAINT "LiteLLM_TeamTable_pkey" PRIMARY KEY (team_id)
);
INSERT INTO "LiteLLM_TeamTable" VALUES ('team-1', 'one'), ('team-2', NULL);

CREATE TABLE "LiteLLM_SpendLogs" (
	request_id text NOT NULL,
	call_type text NOT NULL,
	api_key text DEFAULT ''::text NOT NULL,
	spend double precision DEFAULT 0.0 NOT NULL,
	total_tokens integer DEFAULT 0 NOT NULL,
	prompt_tokens integer DEFAULT 0 NOT NULL,
	completion_tokens integer DEFAULT 0 NOT NULL,
	"startTime" timestamp with time zone NOT NULL,
	"endTime" timestamp with time zone NOT NULL,
	"completionStartTime" timestamp with time zone,
	model text DEFAULT ''::text NOT NULL,
	model_id text DEFAULT ''::text,
	model_group text DEFAULT ''::text,
	api_base text DEFAULT ''::text,
	"user" text DEFAULT ''::text,
	metadata jsonb DEFAULT '{}'::jsonb,
	cache_hit text DEFAULT ''::text,
	cache_key text DEFAULT ''::text,
	request_tags jsonb DEFAULT '[]'::jsonb,
	team_id text,
	end_user text,
	requester_ip_address text,
	CONSTRAINT spend_is_finite CHECK (spend < 'Infinity'::double precision),
	CONSTRAINT "LiteLLM_SpendLogs_pkey" PRIMARY KEY (request_id, "startTime")
) PARTITION BY RANGE ("startTime");
COMMENT ON TABLE "LiteLLM_SpendLogs" IS 'partitioned by month';

CREATE TABLE "LiteLLM_SpendLogs_p2024_10" PARTITION OF "LiteLLM_SpendLogs"
	FOR VALUES FROM ('2024-10-01 00:00:00+00') TO ('2024-11-01 00:00:00+00');
CREATE TABLE "LiteLLM_SpendLogs_p2024_11" PARTITION OF "LiteLLM_SpendLogs"
	FOR VALUES FROM ('2024-11-01 00:00:00+00') TO ('2024-12-01 00:00:00+00')
	PARTITION BY HASH (request_id);
CREATE TABLE "LiteLLM_SpendLogs_p2024_11_0" PARTITION OF "LiteLLM_SpendLogs_p2024_11"
	FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE "LiteLLM_SpendLogs_p2024_11_1" PARTITION OF "LiteLLM_SpendLogs_p2024_11"
	FOR VALUES WITH (MODULUS 2, REMAINDER 1) PARTITION BY RANGE ("startTime");
CREATE TABLE "LiteLLM_SpendLogs_p2024_11_1_all" PARTITION OF "LiteLLM_SpendLogs_p2024_11_1" DEFAULT;
CREATE TABLE "LiteLLM_SpendLogs_pdefault" PARTITION OF "LiteLLM_SpendLogs" DEFAULT;

CREATE INDEX "LiteLLM_SpendLogs_startTime_idx" ON "LiteLLM_SpendLogs" ("startTime");
CREATE INDEX "LiteLLM_SpendLogs_end_user_idx" ON "LiteLLM_SpendLogs" (end_user);
CREATE INDEX "LiteLLM_SpendLogs_startTime_brin" ON "LiteLLM_SpendLogs" USING brin ("startTime")
	WITH (pages_per_range=32);
CREATE INDEX "only here" ON "LiteLLM_SpendLogs_p2024_10" (spend DESC);
ALTER TABLE "LiteLLM_SpendLogs" ADD CONSTRAINT "LiteLLM_SpendLogs_team_id_fkey" FOREIGN KEY (team_id)
	REFERENCES "LiteLLM_TeamTable" (team_id) ON UPDATE CASCADE ON DELETE SET NULL;

CREATE TABLE "LiteLLM_SpendLogs_legacy" (LIKE "LiteLLM_SpendLogs" INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
CREATE TABLE "LiteLLM_SpendLogs_p2024_12" (
	"endTime" timestamp with time zone NOT NULL,
	"startTime" timestamp with time zone NOT NULL,
	gone integer,
	request_id text NOT NULL,
	call_type text NOT NULL,
	api_key text DEFAULT ''::text NOT NULL,
	spend double precision DEFAULT 0.0 NOT NULL,
	total_tokens integer DEFAULT 1 NOT NULL,
	prompt_tokens integer DEFAULT 0 NOT NULL,
	completion_tokens integer DEFAULT 0 NOT NULL,
	"completionStartTime" timestamp with time zone,
	model text DEFAULT ''::text NOT NULL,
	model_id text DEFAULT ''::text,
	model_group text DEFAULT ''::text,
	api_base text DEFAULT ''::text,
	"user" text DEFAULT ''::text,
	metadata jsonb DEFAULT '{}'::jsonb,
	cache_hit text DEFAULT ''::text,
	cache_key text DEFAULT ''::text,
	request_tags jsonb DEFAULT '[]'::jsonb,
	team_id text,
	end_user text,
	requester_ip_address text,
	CONSTRAINT spend_is_finite CHECK (spend < 'Infinity'::double precision),
	CONSTRAINT december_key PRIMARY KEY (request_id, "startTime")
);
ALTER TABLE "LiteLLM_SpendLogs_p2024_12" DROP COLUMN gone;
CREATE INDEX december_start ON "LiteLLM_SpendLogs_p2024_12" ("startTime");
ALTER TABLE "LiteLLM_SpendLogs" ATTACH PARTITION "LiteLLM_SpendLogs_p2024_12"
	FOR VALUES FROM ('2024-12-01 00:00:00+00') TO ('2025-01-01 00:00:00+00');

CREATE TABLE hashed (id integer PRIMARY KEY, note text) PARTITION BY HASH (id);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO hashed SELECT n, 'note ' || n FROM generate_series(1, 20) AS n;
CREATE TABLE by_expression (a text, b integer) PARTITION BY LIST (lower(a));
CREATE TABLE by_expression_x PARTITION OF by_expression FOR VALUES IN ('x', NULL);
INSERT INTO by_expression VALUES ('X', 1), (NULL, 2);
CREATE TABLE refers (id integer PRIMARY KEY, hashed integer REFERENCES hashed (id));
INSERT INTO refers VALUES (1, 20), (2, NULL);

INSERT INTO "LiteLLM_SpendLogs" (request_id, call_type, spend, total_tokens, "startTime", "endTime", model, metadata,
		team_id, end_user)
	SELECT 'chatcmpl-' || n % 190, (ARRAY['acompletion', 'aembedding', 'completion'])[n % 3 + 1], n * 0.000225, n,
	       timestamptz '2024-09-20 00:00:00+00' + n * interval '13 hours 0.123 seconds',
	       timestamptz '2024-09-20 00:00:02+00' + n * interval '13 hours 0.456 seconds', 'gpt-4o',
	       jsonb_build_object('n', n), CASE n % 3 WHEN 0 THEN 'team-1' WHEN 1 THEN 'team-2' END, 'end user ' || n % 7
	FROM generate_series(1, 220) AS n;
INSERT INTO "LiteLLM_SpendLogs_legacy" SELECT * FROM "LiteLLM_SpendLogs" LIMIT 5;
CREATE VIEW "MonthlyGlobalSpend" AS
	SELECT date("startTime") AS date, sum(spend) AS spend FROM "LiteLLM_SpendLogs"
	WHERE "startTime" >= CURRENT_DATE - '30 days'::interval GROUP BY (date("startTime"));
