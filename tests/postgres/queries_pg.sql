-- Twins: what queries.sql of tests/sql asks of SQLite, in Postgres' own words and by the same names. Rows are compared as
-- queries.sql says; floats to 1e-12. What stands before the first name is run first.

CREATE TEMP VIEW s AS SELECT * FROM public."LiteLLM_SpendLogs";
CREATE TEMP VIEW k AS SELECT * FROM public."LiteLLM_VerificationToken";
CREATE TEMP VIEW u AS SELECT * FROM public."LiteLLM_UserTable";
CREATE TEMP VIEW t AS SELECT * FROM public."LiteLLM_TeamTable";
CREATE TEMP VIEW m AS SELECT * FROM public."LiteLLM_TeamMembership";
CREATE TEMP VIEW b AS SELECT * FROM public."LiteLLM_BudgetTable";
CREATE TEMP VIEW e AS SELECT * FROM public."LiteLLM_ErrorLogs";
CREATE TEMP VIEW a AS SELECT * FROM public."LiteLLM_AuditLog";
CREATE TEMP VIEW eu AS SELECT * FROM public."LiteLLM_EndUserTable";
CREATE TEMP VIEW om AS SELECT * FROM public."LiteLLM_OrganizationMembership";
CREATE TEMP VIEW top_key AS SELECT api_key FROM s GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1;
CREATE TEMP VIEW top_user AS SELECT "user" FROM s WHERE "user" > '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1;
CREATE TEMP VIEW top_team AS SELECT team_id FROM s WHERE team_id > '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1;
CREATE TEMP VIEW top_end_user AS SELECT end_user FROM s WHERE end_user > '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1;

-- ---------------------------------------------------------------------------- the gateway's twenty patterns

-- 1 auth: a key with everything that belongs to it
SELECT k.token, k.key_name, k.key_alias, k.soft_budget_cooldown::int, k.spend, k.expires, to_json(k.models), k.aliases, k.config, k.user_id, k.team_id, k.permissions,
	k.max_parallel_requests, k.metadata, k.blocked::int, k.tpm_limit, k.rpm_limit, k.max_budget, k.budget_duration, k.budget_reset_at,
	to_json(k.allowed_cache_controls), k.model_spend, k.model_max_budget, k.budget_id, k.created_at, k.updated_at,
	t.spend, t.max_budget, t.blocked::int, to_json(t.models), m.spend, mt.aliases, b.max_budget
FROM k LEFT JOIN t ON k.team_id = t.team_id LEFT JOIN m ON k.team_id = m.team_id AND k.user_id = m.user_id
LEFT JOIN public."LiteLLM_ModelTable" AS mt ON t.model_id = mt.id LEFT JOIN b ON k.budget_id = b.budget_id
WHERE k.token = (SELECT token FROM k WHERE team_id IS NOT NULL ORDER BY token LIMIT 1)

-- 1 auth: a key without a team
SELECT k.token, k.spend, t.team_id, m.spend, b.budget_id FROM k LEFT JOIN t ON k.team_id = t.team_id
LEFT JOIN m ON k.team_id = m.team_id AND k.user_id = m.user_id LEFT JOIN b ON k.budget_id = b.budget_id
WHERE k.token = (SELECT token FROM k WHERE team_id IS NULL ORDER BY token LIMIT 1)

-- 1 auth: every key at once
SELECT k.token, k.key_alias, t.team_alias, m.spend, mt.id, b.max_budget FROM k LEFT JOIN t ON k.team_id = t.team_id
LEFT JOIN m ON k.team_id = m.team_id AND k.user_id = m.user_id LEFT JOIN public."LiteLLM_ModelTable" AS mt ON t.model_id = mt.id LEFT JOIN b ON k.budget_id = b.budget_id

-- 1 auth: user, its organisation memberships and their budgets
SELECT u.user_id, u.user_role, om.organization_id, om.spend, b.max_budget FROM u LEFT JOIN om ON om.user_id = u.user_id LEFT JOIN b ON b.budget_id = om.budget_id
WHERE u.user_id = (SELECT user_id FROM om ORDER BY user_id LIMIT 1)

-- 2 append: which of these requests are there already
SELECT request_id FROM s WHERE request_id IN ('none', '', (SELECT min(request_id) FROM s), (SELECT max(request_id) FROM s), NULL)

-- 3 increment: entities by their keys
SELECT 'user', user_id, spend FROM u WHERE user_id = 'default_user_id' UNION ALL SELECT 'team', team_id, spend FROM t WHERE team_id = (SELECT min(team_id) FROM t)
UNION ALL SELECT 'member', user_id || '/' || team_id, spend FROM m WHERE (user_id, team_id) = (SELECT user_id, team_id FROM m ORDER BY user_id DESC, team_id LIMIT 1)

-- 4 logs page: a day, newest first
SELECT request_id, "startTime", "endTime", model, spend, total_tokens FROM s WHERE "startTime" BETWEEN '2024-10-15' AND '2024-10-16' ORDER BY "startTime" DESC, request_id LIMIT 50

-- 4 logs page: the third page, oldest first
SELECT request_id, "startTime" FROM s WHERE "startTime" >= '2024-10-01' AND "startTime" < '2024-11-01' ORDER BY "startTime", request_id LIMIT 50 OFFSET 100

-- 4 logs page: how many there are
SELECT count(*) FROM s WHERE "startTime" >= '2024-10-01' AND "startTime" < '2024-11-01'

-- 4 logs page: how many there are of a key
SELECT count(*) FROM s WHERE "startTime" >= '2024-10-01' AND "startTime" < '2024-11-01' AND api_key = (TABLE top_key)

-- 4 logs page: every filter
SELECT request_id, "startTime", team_id, "user", model, spend FROM s WHERE "startTime" BETWEEN '2024-09-01' AND '2024-12-01' AND team_id = (TABLE top_team)
	AND model = 'azure/gpt-4o' AND spend >= 0.0000001 AND end_user IS NOT NULL ORDER BY "startTime" DESC, request_id LIMIT 100

-- 4 logs page: by spend
SELECT request_id, spend FROM s WHERE "startTime" >= '2024-11-01' ORDER BY spend DESC, request_id LIMIT 50

-- 4 logs page: by tokens, ascending
SELECT request_id, total_tokens FROM s WHERE "startTime" < '2024-10-01' ORDER BY total_tokens, request_id LIMIT 50 OFFSET 7

-- 4 logs page: by the end
SELECT request_id, "endTime" FROM s WHERE "startTime" >= '2024-10-05' AND "startTime" < '2024-10-07' ORDER BY "endTime" DESC, request_id LIMIT 20

-- 5 one log
SELECT request_id, call_type, api_key, spend, total_tokens, prompt_tokens, completion_tokens, "startTime", "endTime", "completionStartTime", model, model_id, model_group, api_base,
	"user", metadata, cache_hit, cache_key, request_tags, team_id, end_user, requester_ip_address FROM s WHERE request_id = (SELECT max(request_id) FROM s)

-- 6 a key's newest
SELECT request_id, "startTime", spend FROM s WHERE api_key = (TABLE top_key) ORDER BY "startTime" DESC, request_id DESC LIMIT 50

-- 6 the newest of every key
SELECT api_key, max("startTime") FROM s GROUP BY api_key

-- 7 a user's newest
SELECT request_id, "startTime", model FROM s WHERE "user" = (TABLE top_user) ORDER BY "startTime" DESC, request_id LIMIT 25

-- 7 a team's newest of a range
SELECT request_id, "startTime" FROM s WHERE team_id = (TABLE top_team) AND "startTime" >= '2024-10-10' AND "startTime" < '2024-11-11' ORDER BY "startTime" DESC, request_id LIMIT 25 OFFSET 3

-- 7 an end user's newest
SELECT request_id, "startTime", end_user FROM s WHERE end_user = (TABLE top_end_user) ORDER BY "startTime" DESC, request_id LIMIT 50

-- 7 the requests without an end user, empty or NULL
SELECT request_id, end_user FROM s WHERE end_user IS NULL OR end_user = '' ORDER BY "startTime", request_id LIMIT 40

-- 8 retention: the oldest before a cutoff
SELECT request_id, "startTime" FROM s WHERE "startTime" < '2024-09-20' ORDER BY "startTime", request_id LIMIT 1000

-- 9 spend per day of a month
SELECT "startTime"::date, sum(spend), count(*), sum(total_tokens) FROM s WHERE "startTime" >= '2024-10-01' AND "startTime" < '2024-11-01' GROUP BY 1 ORDER BY 1

-- 9 spend per day and key
SELECT "startTime"::date, api_key, sum(spend), count(*) FROM s WHERE "startTime" >= '2024-11-01' GROUP BY 1, 2 ORDER BY 1, 2

-- 9 spend per day, user and key
SELECT "startTime"::date, "user", api_key, sum(spend) FROM s WHERE "startTime" >= '2024-11-10' GROUP BY 1, 2, 3 ORDER BY 1, 2 NULLS FIRST, 3

-- 9 spend per day and group of models
SELECT "startTime"::date, model_group, sum(spend), sum(prompt_tokens), sum(completion_tokens) FROM s GROUP BY 1, 2 ORDER BY 1, 2 NULLS FIRST

-- 9 spend per month
SELECT to_char("startTime", 'YYYY-MM'), sum(spend), avg(total_tokens)::float8, count(DISTINCT api_key) FROM s GROUP BY 1 ORDER BY 1

-- 10 top keys with their names
SELECT s.api_key, k.key_alias, k.key_name, sum(s.spend) AS total FROM s LEFT JOIN k ON s.api_key = k.token WHERE s."startTime" >= '2024-10-01' GROUP BY 1, 2, 3 ORDER BY total DESC LIMIT 10

-- 10 top models
SELECT model, sum(spend) AS total FROM s WHERE "startTime" >= '2024-10-01' AND "startTime" < '2024-10-31' GROUP BY model ORDER BY total DESC LIMIT 10

-- 10 top groups of models, those that spent
SELECT model_group, sum(spend) AS total, count(*) FROM s GROUP BY model_group HAVING sum(spend) > 0.01 ORDER BY total DESC LIMIT 100

-- 11 top end users
SELECT end_user, count(*) AS requests, sum(spend) FROM s WHERE "startTime" >= '2024-09-01' AND "startTime" < '2024-12-01' GROUP BY end_user ORDER BY requests DESC, end_user NULLS FIRST LIMIT 100

-- 11 top end users of a key
SELECT end_user, count(*) AS requests, sum(spend) FROM s WHERE api_key = (TABLE top_key) AND "startTime" >= '2024-09-15' GROUP BY end_user ORDER BY requests DESC, end_user NULLS FIRST LIMIT 100

-- 12 teams per day
SELECT t.team_alias, s."startTime"::date, sum(s.spend) FROM s LEFT JOIN t ON s.team_id = t.team_id WHERE s."startTime" >= '2024-11-01' GROUP BY 1, 2 ORDER BY 1 NULLS FIRST, 2

-- 12 teams per day, model and key
SELECT t.team_alias, s."startTime"::date, s.model, s.api_key, sum(s.spend), count(*) FROM s JOIN t USING (team_id) WHERE s."startTime" >= '2024-10-20' AND s."startTime" < '2024-11-20'
GROUP BY 1, 2, 3, 4 ORDER BY 1 NULLS FIRST, 2, 3, 4

-- 13 spend per tag
SELECT tag, count(*), sum(s.spend) FROM s, jsonb_array_elements_text(s.request_tags) AS tag GROUP BY tag ORDER BY tag

-- 13 spend per tag and day
SELECT tag, s."startTime"::date, count(*), sum(s.spend) FROM s, jsonb_array_elements_text(s.request_tags) AS tag WHERE s."startTime" >= '2024-11-15' GROUP BY 1, 2 ORDER BY 1, 2

-- 13 requests without a tag
SELECT count(*) FROM s WHERE jsonb_array_length(request_tags) = 0

-- 14 spend of a key and a model
SELECT sum(spend) FROM s WHERE api_key = (TABLE top_key) AND model = 'azure/gpt-4o' AND "startTime" > '2024-11-01 10:00:00'

-- 14 spend of a key and a model that it never used
SELECT sum(spend), coalesce(sum(spend), 0), count(*), coalesce(sum(spend), 0.0) FROM s WHERE api_key = (TABLE top_key) AND model = 'none'

-- 15 keys of a team
SELECT token, key_alias, spend FROM k WHERE team_id = (SELECT min(team_id) FROM k) ORDER BY spend DESC, token LIMIT 10

-- 15 keys of a user
SELECT token, key_alias, created_at FROM k WHERE user_id = (SELECT min(user_id) FROM k) ORDER BY created_at DESC NULLS LAST, token

-- 15 keys by a part of their name
SELECT token, key_alias FROM k WHERE key_alias ILIKE '%-1%' ORDER BY token

-- 15 keys of a list
SELECT token, key_name FROM k WHERE token IN (SELECT api_key FROM s WHERE "startTime" >= '2024-11-20')

-- 15 keys that no request has used
SELECT token FROM k WHERE token NOT IN (SELECT api_key FROM s) ORDER BY token

-- 15 how many keys each user has
SELECT user_id, count(*) FROM k GROUP BY user_id ORDER BY user_id NULLS FIRST

-- 15 the second page of all keys
SELECT token, created_at FROM k ORDER BY created_at DESC NULLS LAST, token LIMIT 5 OFFSET 5

-- 16 budgets due
SELECT token, expires, budget_reset_at FROM k WHERE (expires IS NULL OR expires > '2024-12-15') AND budget_reset_at < '2024-12-15'

-- 16 budgets due of users, teams and budgets
SELECT 'user', user_id FROM u WHERE budget_reset_at < '2025-01-15' UNION ALL SELECT 'team', team_id FROM t WHERE budget_reset_at < '2025-01-15'
UNION ALL SELECT 'budget', budget_id FROM b WHERE budget_reset_at < '2025-01-15'

-- 17 users by role
SELECT user_id, user_role FROM u WHERE user_role = 'customer' ORDER BY user_id

-- 17 a user by mail address, whatever its case
SELECT user_id, user_email FROM u WHERE lower(user_email) = lower('CHLOE.2@Example.com')

-- 17 users of a team that is in their list
SELECT user_id FROM u WHERE (SELECT min(team_id) FROM t) = ANY (teams)

-- 17 users with the aliases of their keys
SELECT u.user_id, u.spend, k.key_alias FROM u LEFT JOIN k ON k.user_id = u.user_id ORDER BY u.spend DESC, u.user_id, k.token NULLS FIRST

-- 18 audit: a page
SELECT id, updated_at, action, table_name FROM a ORDER BY updated_at DESC, id LIMIT 3 OFFSET 1

-- 18 audit: of a table and an action
SELECT id, object_id FROM a WHERE table_name = 'LiteLLM_VerificationToken' AND action = 'updated' AND updated_at >= '2024-09-01' ORDER BY updated_at DESC, id

-- 18 audit: inside the values
SELECT id, before_value ->> 'spend', before_value #>> '{metadata,limit}', updated_values ->> 'token' FROM a WHERE updated_values ->> 'token' IS NOT NULL ORDER BY id

-- 18 audit: of an object and by whom
SELECT a.id, u.user_role FROM a LEFT JOIN u ON a.changed_by = u.user_id WHERE a.object_id IN (SELECT token FROM k)

-- 19 errors by model and place
SELECT litellm_model_name || ' ' || api_base, exception_type, count(*) FROM e WHERE "startTime" >= '2024-09-05' AND "endTime" < '2024-11-20' AND model_group = 'gpt-4o' GROUP BY 1, 2 ORDER BY 1, 2

-- 19 errors: too many requests per day
SELECT "startTime"::date, api_base, count(*) FROM e WHERE status_code = '429' GROUP BY 1, 2 ORDER BY 1, 2

-- 19 errors: the newest
SELECT request_id, "startTime", substr(exception_string, 1, 80) FROM e ORDER BY "startTime" DESC, request_id LIMIT 10

-- 19 errors: share of each code
SELECT status_code, count(*), count(*) * 100 / (SELECT count(*) FROM e) FROM e GROUP BY status_code ORDER BY 1

-- 20 sessions: by what the metadata say
SELECT metadata ->> 'user_api_key_alias', count(*), min("startTime"), max("endTime") FROM s GROUP BY 1 ORDER BY 1 NULLS FIRST

-- 20 sessions: one of them
SELECT request_id, "startTime" FROM s WHERE metadata ->> 'user_api_key_alias' = 'chat-widget-1' ORDER BY "startTime", request_id LIMIT 20

-- distinct end users
SELECT DISTINCT end_user FROM s ORDER BY end_user NULLS FIRST LIMIT 20 OFFSET 10

-- invitations with the people of each
SELECT i.id, u.user_email, c.user_email, d.user_email FROM public."LiteLLM_InvitationLink" AS i JOIN u ON i.user_id = u.user_id JOIN u AS c ON i.created_by = c.user_id
JOIN u AS d ON i.updated_by = d.user_id ORDER BY i.id

-- ---------------------------------------------------------------------------- whole tables, numbers

-- a table without a key
SELECT * FROM n.keyless

-- aggregates of no rows
SELECT count(*), count(b), sum(i4), coalesce(sum(f8), 0), min(ts), max(s), avg(i8), string_agg(s, ',') FROM n.vacant

-- how many rows each table has
SELECT (SELECT count(*) FROM n.every), (SELECT count(*) FROM n.many), (SELECT count(*) FROM n.vacant), (SELECT count(*) FROM n.keyless), (SELECT count(*) FROM n.large),
	(SELECT count(*) FROM s), (SELECT count(*) FROM public."LiteLLM_Config"), (SELECT count(*) FROM n.pairs), (SELECT count(*) FROM n.pairs)

-- names equal but for case
SELECT id, "name", "NAME", "select", "a ""b"" c" FROM n."Case" ORDER BY id

-- of tables too
SELECT id, "group", "Group", "GROUP" FROM n."case" ORDER BY id

-- reserved words
SELECT "from", "where", "limit" FROM n."order" WHERE "limit" = 2 ORDER BY "from"

-- a join along the relation of reserved words
SELECT o."from", c.id, c."group" FROM n."order" AS o JOIN n."case" AS c ON o."limit" = c.id WHERE o."from" < 20

-- bounds of an integer column that are reals
SELECT k FROM n.ints WHERE k > 4.5 AND k < 10.0 ORDER BY k

-- that are infinite
SELECT k FROM n.ints WHERE k > '-inf'::float8 AND k < 'inf'::float8 ORDER BY k DESC

-- several lower bounds
SELECT k FROM n.ints WHERE k > 1 AND k >= 3 AND k > 2.5 AND k <= 300 AND k < 255.5 ORDER BY k

-- around the largest
SELECT id, f8 FROM n.every WHERE f8 >= 1.7976931348623157e308 AND f8 <> 'NaN' ORDER BY f8, id

-- below zero
SELECT id, f8 FROM n.every WHERE f8 < 0 ORDER BY f8, id

-- the smallest
SELECT id, f8 FROM n.every WHERE f8 > 0 AND f8 < 1e-300 ORDER BY f8, id

-- singles in order
SELECT id, nullif(f4, 'NaN')::float8 + 0.0 FROM n.every ORDER BY nullif(f4, 'NaN') NULLS FIRST, id

-- reals in order, NaN among the NULLs
SELECT id, nullif(f8, 'NaN') + 0.0 FROM n.every ORDER BY nullif(f8, 'NaN') NULLS FIRST, id

-- NaN is NULL: IS NULL finds it
SELECT id FROM n.every WHERE f8 IS NULL OR f8 = 'NaN' ORDER BY id

-- ---------------------------------------------------------------------------- NULL

-- three values
SELECT b::int, b::int = 1, b::int <> 1, NOT b, b AND true, b AND false, b OR true, b OR false, b IS NOT DISTINCT FROM true, b IS DISTINCT FROM true, b IS NULL, count(*) FROM n.every GROUP BY b

-- IS beside =
SELECT id, n FROM n.many WHERE n IS NULL ORDER BY id LIMIT 30

-- IS with a value
SELECT id FROM n.many WHERE n IS NOT DISTINCT FROM 5 AND b ORDER BY id

-- IS NOT DISTINCT FROM and IS DISTINCT FROM
SELECT id FROM n.many WHERE n IS NOT DISTINCT FROM NULL AND a IS DISTINCT FROM 'x' ORDER BY id LIMIT 12

-- = NULL is never true
SELECT count(*) FROM n.many WHERE n = NULL UNION ALL SELECT count(*) FROM n.many WHERE n <> NULL UNION ALL SELECT count(*) FROM n.many WHERE NOT (n = NULL)

-- NOT IN with a NULL among them
SELECT count(*) FROM n.many WHERE n NOT IN (1, 2, NULL) UNION ALL SELECT count(*) FROM n.many WHERE n NOT IN (1, 2) UNION ALL SELECT count(*) FROM n.many WHERE n NOT IN (SELECT ref FROM n.many)

-- coalesce, nullif, ifnull, iif
SELECT coalesce(n, -99), nullif(n, 5), coalesce(a, 'none'), CASE WHEN n > 2 THEN 'more' ELSE 'less' END, count(*) FROM n.many GROUP BY 1, 2, 3, 4

-- NULLs first and last
SELECT id, n FROM n.many ORDER BY n NULLS LAST, id LIMIT 20

-- NULLs first, backwards
SELECT id, n FROM n.many ORDER BY n DESC NULLS FIRST, id DESC LIMIT 20

-- keys with NULLs: unique ones
SELECT k1, k2, count(*) FROM n.pairs WHERE k1 IS NULL OR k2 IS NULL GROUP BY 1, 2

-- joined by IS
SELECT count(*) FROM n.pairs AS a JOIN n.pairs AS b ON a.k3 IS NOT DISTINCT FROM b.k3 AND a.k4 IS NOT DISTINCT FROM b.k4

-- left joined by a key that may be NULL
SELECT a.p, a.k1, b.p FROM n.pairs AS a LEFT JOIN n.pairs AS b ON b.k1 = a.k3 AND b.k2 = a.k4

-- ---------------------------------------------------------------------------- texts

-- sorted by bytes
SELECT k, length(k), octet_length(k), CASE WHEN k = U&'\FFFF' THEN 65533 ELSE nullif(ascii(k), 0) END FROM n.texts ORDER BY k

-- sorted backwards
SELECT k FROM n.texts ORDER BY k DESC LIMIT 30 OFFSET 2

-- ranges of a text key against texts
SELECT k FROM n.texts WHERE k >= 'A' AND k < 'b' ORDER BY k

-- an interned column sorted, with its index
SELECT a, at, id FROM n.many WHERE a > 'A' ORDER BY a, at, id LIMIT 200

-- an interned column grouped
SELECT a, count(*), sum(n), min(at), max(at) FROM n.many GROUP BY a ORDER BY a NULLS FIRST

-- an interned column distinct
SELECT DISTINCT a FROM n.many

-- two columns distinct
SELECT DISTINCT a, n FROM n.many

-- an interned column joined with texts
SELECT t.k, count(*) FROM n.texts AS t JOIN n.many AS m ON m.a = t.k GROUP BY t.k

-- large texts in a list
SELECT id FROM n.large WHERE s IN (SELECT s FROM n.large WHERE id <> 3) OR s = 'short'

-- an enum
SELECT e::text, count(*) FROM n.every GROUP BY e UNION ALL SELECT e::text, count(*) FROM n.every WHERE e = 'ok' GROUP BY e UNION ALL SELECT e::text, count(*) FROM n.every WHERE e::text > 'Ok' AND e::text < 't' GROUP BY e

-- ---------------------------------------------------------------------------- times

-- every time as it is printed
SELECT k, length(k::text), 'text' FROM n.times ORDER BY n

-- bounds that are dates
SELECT k FROM n.tame WHERE k >= '2024-11-05' AND k < '2024-11-06' ORDER BY k

-- with fractions
SELECT k FROM n.tame WHERE k > '2024-11-05 10:20:30.1' AND k <= '2024-11-05 10:20:30.123' ORDER BY k

-- in order where all are tame
SELECT id, ts3 FROM n.every ORDER BY ts3 NULLS FIRST, id LIMIT 60 OFFSET 11

-- tame with a zone, backwards
SELECT id, tz3 FROM n.every ORDER BY tz3 DESC NULLS LAST, id DESC LIMIT 60 OFFSET 3

-- least alone, tame
SELECT min(ts3) FROM n.every

-- least and greatest of the gateway
SELECT min("startTime"), max("startTime"), max("endTime") FROM s

-- joined by time
SELECT a.id, t.n FROM n.every AS a JOIN n.times AS t ON a.ts = t.k

-- ties of a time
SELECT id FROM n.many WHERE at = '2024-10-15 12:00:00' ORDER BY id

-- BETWEEN and NOT BETWEEN
SELECT id, at FROM n.many WHERE at BETWEEN '2024-10-05' AND '2024-10-06' AND at NOT BETWEEN '2024-10-05 08:00' AND '2024-10-05 16:00' ORDER BY at, id

-- several bounds of a kind
SELECT count(*) FROM n.many WHERE at > '2024-10-05' AND at > '2024-10-10' AND at < '2024-11-01' AND at <= '2024-10-20 23:59:59.999' AND at <> '2024-10-15 12:00:00'

-- a range from a subquery
SELECT count(*) FROM n.many WHERE at > (SELECT max(at) FROM n.many WHERE id < 10) AND at <= (SELECT max(at) FROM n.many)

-- ---------------------------------------------------------------------------- order, joins, lists

-- by an index of two columns
SELECT n, at, id FROM n.many ORDER BY n NULLS FIRST, at, id LIMIT 300

-- one up, one down
SELECT n, at, id FROM n.many ORDER BY n NULLS FIRST, at DESC, id LIMIT 300

-- of one value
SELECT at, id FROM n.many WHERE n = 5 ORDER BY at, id LIMIT 10 OFFSET 40

-- counts of distinct values
SELECT count(DISTINCT a), count(DISTINCT n), count(DISTINCT at), count(DISTINCT x), count(DISTINCT b), count(DISTINCT s) FROM n.many

-- by a relation
SELECT m.id, e.id, e.s FROM n.many AS m JOIN n.every AS e ON m.ref = e.id WHERE m.n = 3

-- left, with a condition on the right side
SELECT m.id, e.id FROM n.many AS m LEFT JOIN n.every AS e ON m.ref = e.id AND e.b WHERE m.n = 2

-- left, without those that have a partner
SELECT m.id, m.ref FROM n.many AS m LEFT JOIN n.every AS e ON m.ref = e.id WHERE e.id IS NULL

-- right
SELECT m.id, e.id FROM n.many AS m RIGHT JOIN n.every AS e ON m.ref = e.id AND m.n = 10 WHERE e.id < 60

-- a table with itself
SELECT a.id, b.id FROM n.many AS a JOIN n.many AS b ON a.at = b.at AND a.id < b.id

-- by a key of two columns
SELECT a.p, a.q, b.u FROM n.pairs AS a JOIN n.pairs AS b ON a.p = b.p AND a.q = b.q WHERE a.q < 3

-- without an equality
SELECT a.k, b.k FROM n.ints AS a JOIN n.ints AS b ON a.k < b.k AND b.k < 11 AND a.k > 0

-- three tables
SELECT m.id, e.id, t.n FROM n.many AS m JOIN n.every AS e ON e.id = m.ref JOIN n.texts AS t ON t.k = m.s WHERE m.b

-- four tables of two databases
SELECT s.request_id, k.key_alias, m.id, e.id FROM s JOIN k ON k.token = s.api_key JOIN n.many AS m ON m.at > s."startTime" AND m.at < s."endTime" LEFT JOIN n.every AS e ON e.id = m.ref

-- five tables
SELECT t.team_alias, u.user_role, k.key_alias, o.organization_alias, count(*), sum(s.spend) FROM s JOIN k ON s.api_key = k.token LEFT JOIN u ON s."user" = u.user_id
LEFT JOIN t ON s.team_id = t.team_id LEFT JOIN public."LiteLLM_OrganizationTable" AS o ON t.organization_id = o.organization_id
GROUP BY 1, 2, 3, 4 ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3 NULLS FIRST, 4 NULLS FIRST

-- six tables
SELECT b.budget_id, count(*), sum(s.spend) FROM s JOIN k ON s.api_key = k.token JOIN u ON k.user_id = u.user_id LEFT JOIN m ON m.user_id = u.user_id LEFT JOIN t ON t.team_id = m.team_id
LEFT JOIN b ON b.budget_id = k.budget_id GROUP BY b.budget_id

-- semi and anti joins
SELECT user_id FROM u WHERE EXISTS (SELECT 1 FROM s WHERE s."user" = u.user_id AND s."startTime" >= '2024-11-01') AND NOT EXISTS (SELECT 1 FROM a WHERE a.changed_by = u.user_id)

-- OR over two indexes
SELECT id FROM n.many WHERE n = 3 OR a = 'zebra' OR ref = 7 OR at = '2024-10-15 12:00:00'

-- of texts, with an index on two columns
SELECT id FROM n.many WHERE a IN ('x', 'zebra', 'none', '', 'x') AND at >= '2024-10-20'

-- with a condition in between
SELECT id FROM n.many WHERE n IN (1, 2) AND at > '2024-10-10' AND at < '2024-10-20' AND a = 'x'

-- rows of a subquery
SELECT count(*) FROM n.pairs WHERE (k1, k2) IN (SELECT k3, k4 FROM n.pairs)

-- less, for a page
SELECT at, id FROM n.many WHERE (at, id) > ('2024-10-15 12:00:00', 100) ORDER BY at, id LIMIT 20

-- between
SELECT count(*) FROM n.many WHERE (n, x) >= (1, 0.5) AND (n, x) <= (5, 1.5)

-- ---------------------------------------------------------------------------- subqueries, compounds, windows, aggregates

-- of one value for each row
SELECT e.id, (SELECT count(*) FROM n.many AS m WHERE m.ref = e.id), (SELECT max(at) FROM n.many AS m WHERE m.ref = e.id) FROM n.every AS e

-- the newest of each, by a limit
SELECT t.k, (SELECT m.id FROM n.many AS m WHERE m.a = t.k ORDER BY m.at DESC, m.id LIMIT 1) FROM n.texts AS t

-- above the mean of its kind
SELECT id FROM n.many AS a WHERE x > (SELECT avg(x) FROM n.many AS b WHERE b.n = a.n) AND id < 500

-- EXISTS with a range
SELECT t.k FROM n.tame AS t WHERE EXISTS (SELECT 1 FROM n.many AS m WHERE m.at > t.k)

-- INTERSECT
SELECT s FROM n.many INTERSECT SELECT k FROM n.texts INTERSECT SELECT a FROM n.many

-- EXCEPT
SELECT k FROM n.texts EXCEPT SELECT s FROM n.many EXCEPT SELECT a FROM n.many

-- UNION ALL in order, by two indexes
SELECT at, id FROM n.many WHERE n = 1 UNION ALL SELECT at, id FROM n.many WHERE n = 2 ORDER BY 1 DESC, 2 LIMIT 30

-- numbered
SELECT id, row_number() OVER (PARTITION BY n ORDER BY at, id), rank() OVER (PARTITION BY n ORDER BY at) FROM n.many ORDER BY id LIMIT 400

-- a running sum
SELECT id, sum(x) OVER (PARTITION BY a ORDER BY at, id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) FROM n.many WHERE x < 100 ORDER BY id

-- lag and lead
SELECT id, lag(at::text) OVER w, lead(at::text, 2, 'none') OVER w, first_value(id) OVER w FROM n.many WHERE a = 'x' WINDOW w AS (ORDER BY at, id) ORDER BY at, id

-- the share of a day
SELECT day, total, total / sum(total) OVER (), dense_rank() OVER (ORDER BY requests DESC) FROM (SELECT "startTime"::date AS day, sum(spend) AS total, count(*) AS requests FROM s GROUP BY 1) AS d ORDER BY day

-- the three newest of each key
SELECT api_key, "startTime", request_id FROM (SELECT *, row_number() OVER (PARTITION BY api_key ORDER BY "startTime" DESC, request_id) AS place FROM s) AS r WHERE place <= 3 ORDER BY api_key, place

-- ntile and percent_rank
SELECT id, ntile(4) OVER (ORDER BY at, id), percent_rank() OVER (ORDER BY n NULLS FIRST) FROM n.many WHERE b ORDER BY id LIMIT 200

-- every day of a month, with its requests
SELECT d::date, count(s.request_id) FROM generate_series('2024-10-01'::timestamp, '2024-10-31', '1 day') AS d LEFT JOIN s ON s."startTime" >= d AND s."startTime" < d + interval '1 day' GROUP BY d ORDER BY d

-- a chain of references
WITH RECURSIVE chain(id, depth) AS (SELECT id, 0 FROM n.many WHERE id = 10 UNION SELECT m.ref::bigint, depth + 1 FROM chain JOIN n.many AS m ON m.id = chain.id WHERE m.ref IS NOT NULL AND depth < 20)
SELECT * FROM chain

-- by condition
SELECT count(*) FILTER (WHERE n > 2), count(n) FILTER (WHERE a = 'x'), min(at) FILTER (WHERE NOT b), sum(n) FILTER (WHERE id > 100), max(a) FILTER (WHERE n IS NULL) FROM n.many

-- CASE
SELECT CASE WHEN n IS NULL THEN 'none' WHEN n < 0 THEN 'below' WHEN n = 0 THEN 'zero' ELSE 'above' END, count(*) FROM n.many GROUP BY 1

-- least and greatest of texts
SELECT min(a), max(a), min(s), max(s) FROM n.many

-- sums of integers
SELECT sum(n), sum(n)::float8, avg(n)::float8, sum(id), count(n) FROM n.many

-- HAVING
SELECT a, n, count(*) FROM n.many GROUP BY a, n HAVING count(*) > 20 AND min(at) < '2024-10-03' ORDER BY 1 NULLS FIRST, 2 NULLS FIRST

-- members that are users
SELECT t.team_id, u.user_id FROM t, unnest(t.members) AS member JOIN u ON u.user_id = member

-- members with their roles
SELECT t.team_alias, x ->> 'role', count(*) FROM t, jsonb_array_elements(t.members_with_roles) AS x GROUP BY 1, 2

-- metadata
SELECT metadata #>> '{additional_usage_values,prompt_tokens_details,cached_tokens}', count(*) FROM s GROUP BY 1
