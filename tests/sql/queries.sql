-- Questions whose answers on a store and on a native SQLite file of the same rows must be the same, type for type and
-- byte for byte; tests/sql/queries.t asks them. "main" is a generated gateway, "n" what nasty.py makes.
--
-- A query begins with a line "-- [WORDS] NAME", and ends where the next one begins. WORDS:
--   list    rows are compared in their order, which the query determines
--   set     rows are compared whatever their order
--   near    floats may differ by 1e-12 of themselves: sums depend on the order of rows
--   error   both must fail with the same message
-- A line "-- bind: VALUES" gives its parameters, as SQL; with several the same statement runs again. Other lines that begin with "--" are for the reader.

-- ---------------------------------------------------------------------------- the gateway's twenty patterns

-- [set] 1 auth: a key with everything that belongs to it
-- bind: (SELECT token FROM LiteLLM_VerificationToken WHERE team_id IS NOT NULL ORDER BY token LIMIT 1)
SELECT v.*, t.spend AS team_spend, t.max_budget AS team_max_budget, t.blocked AS team_blocked, t.models AS team_models,
	m.spend AS member_spend, a.aliases AS team_aliases, b.max_budget AS budget
FROM LiteLLM_VerificationToken AS v
LEFT JOIN LiteLLM_TeamTable AS t ON v.team_id = t.team_id
LEFT JOIN LiteLLM_TeamMembership AS m ON v.team_id = m.team_id AND v.user_id = m.user_id
LEFT JOIN LiteLLM_ModelTable AS a ON t.model_id = a.id
LEFT JOIN LiteLLM_BudgetTable AS b ON v.budget_id = b.budget_id
WHERE v.token = ?;

-- [set] 1 auth: a key without a team
-- bind: (SELECT token FROM LiteLLM_VerificationToken WHERE team_id IS NULL ORDER BY token LIMIT 1)
SELECT v.token, v.spend, t.team_id, m.spend, b.budget_id FROM LiteLLM_VerificationToken AS v
LEFT JOIN LiteLLM_TeamTable AS t ON v.team_id = t.team_id
LEFT JOIN LiteLLM_TeamMembership AS m ON v.team_id = m.team_id AND v.user_id = m.user_id
LEFT JOIN LiteLLM_BudgetTable AS b ON v.budget_id = b.budget_id
WHERE v.token = ?;

-- [set] 1 auth: a key that is not there
-- bind: 'sk-none'
SELECT v.token, t.team_id FROM LiteLLM_VerificationToken AS v LEFT JOIN LiteLLM_TeamTable AS t ON v.team_id = t.team_id WHERE v.token = ?;

-- [set] 1 auth: every key at once
SELECT v.token, v.key_alias, t.team_alias, m.spend, a.id, b.max_budget FROM LiteLLM_VerificationToken AS v
LEFT JOIN LiteLLM_TeamTable AS t ON v.team_id = t.team_id
LEFT JOIN LiteLLM_TeamMembership AS m ON v.team_id = m.team_id AND v.user_id = m.user_id
LEFT JOIN LiteLLM_ModelTable AS a ON t.model_id = a.id
LEFT JOIN LiteLLM_BudgetTable AS b ON v.budget_id = b.budget_id;

-- [set] 1 auth: user, its organisation memberships and their budgets
-- bind: (SELECT user_id FROM LiteLLM_OrganizationMembership ORDER BY user_id LIMIT 1)
SELECT u.user_id, u.user_role, o.organization_id, o.spend, b.max_budget FROM LiteLLM_UserTable AS u
LEFT JOIN LiteLLM_OrganizationMembership AS o ON o.user_id = u.user_id LEFT JOIN LiteLLM_BudgetTable AS b ON b.budget_id = o.budget_id
WHERE u.user_id = ?1;

-- [set] 1 auth: end user and its budget
-- bind: (SELECT user_id FROM LiteLLM_EndUserTable WHERE budget_id IS NOT NULL ORDER BY user_id LIMIT 1)
SELECT e.*, b.* FROM LiteLLM_EndUserTable AS e LEFT JOIN LiteLLM_BudgetTable AS b USING (budget_id) WHERE e.user_id = ?;

-- [set] 2 append: which of these requests are there already
SELECT request_id FROM LiteLLM_SpendLogs WHERE request_id IN ('none', '', (SELECT min(request_id) FROM LiteLLM_SpendLogs),
	(SELECT max(request_id) FROM LiteLLM_SpendLogs), NULL);

-- [set] 3 increment: entities by their keys
SELECT 'user', user_id, spend FROM LiteLLM_UserTable WHERE user_id = 'default_user_id'
UNION ALL SELECT 'team', team_id, spend FROM LiteLLM_TeamTable WHERE team_id = (SELECT min(team_id) FROM LiteLLM_TeamTable)
UNION ALL SELECT 'member', user_id || '/' || team_id, spend FROM LiteLLM_TeamMembership
	WHERE (user_id, team_id) = (SELECT user_id, team_id FROM LiteLLM_TeamMembership ORDER BY user_id DESC, team_id LIMIT 1);

-- [list] 4 logs page: a day, newest first
-- bind: '2024-10-15 00:00:00', '2024-10-16 00:00:00'
SELECT request_id, startTime, endTime, model, spend, total_tokens FROM LiteLLM_SpendLogs
WHERE startTime BETWEEN ? AND ? ORDER BY startTime DESC, request_id LIMIT 50 OFFSET 0;

-- [list] 4 logs page: the third page, oldest first
-- bind: '2024-10-01', '2024-11-01'
SELECT request_id, startTime FROM LiteLLM_SpendLogs WHERE startTime >= ?1 AND startTime <= ?2 ORDER BY startTime, request_id LIMIT 50 OFFSET 100;

-- [set] 4 logs page: how many there are
-- bind: '2024-10-01', '2024-11-01'
SELECT count(*) FROM LiteLLM_SpendLogs WHERE startTime >= ?1 AND startTime <= ?2;

-- [set] 4 logs page: how many there are of a key
-- bind: '2024-10-01', '2024-11-01', (SELECT api_key FROM LiteLLM_SpendLogs GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)
SELECT count(*) FROM LiteLLM_SpendLogs WHERE startTime >= ? AND startTime <= ? AND api_key = ?;

-- [list] 4 logs page: every filter
-- bind: '2024-09-01', '2024-12-01', (SELECT team_id FROM LiteLLM_SpendLogs WHERE team_id > '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1), 'azure/gpt-4o', 0.0000001
SELECT request_id, startTime, team_id, user, model, spend FROM LiteLLM_SpendLogs
WHERE startTime BETWEEN ?1 AND ?2 AND team_id = ?3 AND model = ?4 AND spend >= ?5 AND end_user IS NOT NULL
ORDER BY startTime DESC, request_id LIMIT 100;

-- [list] 4 logs page: by spend
SELECT request_id, spend FROM LiteLLM_SpendLogs WHERE startTime >= '2024-11-01' ORDER BY spend DESC, request_id LIMIT 50;

-- [list] 4 logs page: by tokens, ascending
SELECT request_id, total_tokens FROM LiteLLM_SpendLogs WHERE startTime < '2024-10-01' ORDER BY total_tokens, request_id LIMIT 50 OFFSET 7;

-- [list] 4 logs page: by the end
SELECT request_id, endTime FROM LiteLLM_SpendLogs WHERE startTime >= '2024-10-05' AND startTime < '2024-10-07' ORDER BY endTime DESC, request_id LIMIT 20;

-- [list] 4 logs page: by the duration
SELECT request_id, round((julianday(endTime) - julianday(startTime)) * 86400, 3) AS seconds FROM LiteLLM_SpendLogs
WHERE startTime >= '2024-10-05' AND startTime < '2024-10-07' ORDER BY seconds DESC, request_id LIMIT 20;

-- [set] 5 one log
-- bind: (SELECT max(request_id) FROM LiteLLM_SpendLogs)
SELECT * FROM LiteLLM_SpendLogs WHERE request_id = ?;

-- [set] 5 one log: not there
SELECT * FROM LiteLLM_SpendLogs WHERE request_id = 'chatcmpl-none';

-- [set] 5 one log: by two keys that are not one
SELECT * FROM LiteLLM_SpendLogs WHERE request_id = (SELECT min(request_id) FROM LiteLLM_SpendLogs) AND request_id = (SELECT max(request_id) FROM LiteLLM_SpendLogs);

-- [list] 6 a key's newest
-- bind: (SELECT api_key FROM LiteLLM_SpendLogs GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)
SELECT request_id, startTime, spend FROM LiteLLM_SpendLogs WHERE api_key = ? ORDER BY startTime DESC, request_id DESC LIMIT 50;

-- [list] 6 a key's oldest of a range
-- bind: (SELECT api_key FROM LiteLLM_SpendLogs GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1 OFFSET 1), '2024-10-01', '2024-10-20 12'
SELECT request_id, startTime FROM LiteLLM_SpendLogs WHERE api_key = ? AND startTime > ? AND startTime <= ? ORDER BY startTime, request_id LIMIT 30 OFFSET 5;

-- [set] 6 a key that is not there
SELECT count(*), sum(spend), min(startTime) FROM LiteLLM_SpendLogs WHERE api_key = 'none';

-- [set] 6 the newest of every key
SELECT api_key, max(startTime) FROM LiteLLM_SpendLogs GROUP BY api_key;

-- [list] 7 a user's newest
-- bind: (SELECT user FROM LiteLLM_SpendLogs WHERE user > '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)
SELECT request_id, startTime, model FROM LiteLLM_SpendLogs WHERE user = ? ORDER BY startTime DESC, request_id LIMIT 25;

-- [list] 7 a team's newest of a range
-- bind: (SELECT team_id FROM LiteLLM_SpendLogs WHERE team_id > '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1), '2024-10-10', '2024-11-10T00:00'
SELECT request_id, startTime FROM LiteLLM_SpendLogs WHERE team_id = ?1 AND startTime BETWEEN ?2 AND ?3 ORDER BY startTime DESC, request_id LIMIT 25 OFFSET 3;

-- [list] 7 an end user's newest
-- bind: (SELECT end_user FROM LiteLLM_SpendLogs WHERE end_user > '' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)
SELECT request_id, startTime, end_user FROM LiteLLM_SpendLogs WHERE end_user = ? ORDER BY startTime DESC, request_id LIMIT 50;

-- [list] 7 the requests without an end user, empty or NULL
SELECT request_id, end_user FROM LiteLLM_SpendLogs WHERE end_user IS NULL OR end_user = '' ORDER BY startTime, request_id LIMIT 40;

-- [list] 8 retention: the oldest before a cutoff
-- bind: '2024-09-20'
SELECT request_id, startTime FROM LiteLLM_SpendLogs WHERE startTime < ? ORDER BY startTime, request_id LIMIT 1000;

-- [list] 8 retention: a batch of row numbers
SELECT rowid, startTime FROM LiteLLM_SpendLogs WHERE startTime < '2024-09-10 06:00' ORDER BY startTime ASC, rowid ASC LIMIT 100;

-- [set] 8 retention: none before the first
SELECT count(*) FROM LiteLLM_SpendLogs WHERE startTime < (SELECT min(startTime) FROM LiteLLM_SpendLogs);

-- [list near] 9 spend per day of a month
SELECT date(startTime) AS day, sum(spend), count(*), sum(total_tokens) FROM LiteLLM_SpendLogs
WHERE startTime >= '2024-10-01' AND startTime < '2024-11-01' GROUP BY day ORDER BY day;

-- [list near] 9 spend per day and key
SELECT date(startTime) AS day, api_key, sum(spend), count(*) FROM LiteLLM_SpendLogs WHERE startTime >= '2024-11-01' GROUP BY day, api_key ORDER BY day, api_key;

-- [list near] 9 spend per day, user and key
SELECT substr(startTime, 1, 10) AS day, user, api_key, sum(spend) FROM LiteLLM_SpendLogs WHERE startTime > '2024-11-10' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- [list near] 9 spend per day and group of models
SELECT date(startTime) AS day, model_group, sum(spend), sum(prompt_tokens), sum(completion_tokens) FROM LiteLLM_SpendLogs GROUP BY day, model_group ORDER BY day, model_group;

-- [list near] 9 spend per month
SELECT strftime('%Y-%m', startTime) AS month, sum(spend), avg(total_tokens), count(DISTINCT api_key) FROM LiteLLM_SpendLogs GROUP BY month ORDER BY month;

-- [list near] 10 top keys with their names
SELECT s.api_key, v.key_alias, v.key_name, sum(s.spend) AS total FROM LiteLLM_SpendLogs AS s LEFT JOIN LiteLLM_VerificationToken AS v ON s.api_key = v.token
WHERE s.startTime >= '2024-10-01' GROUP BY s.api_key, v.key_alias, v.key_name ORDER BY total DESC LIMIT 10;

-- [list near] 10 top models
SELECT model, sum(spend) AS total FROM LiteLLM_SpendLogs WHERE startTime BETWEEN '2024-10-01' AND '2024-10-31' GROUP BY model ORDER BY total DESC LIMIT 10;

-- [list near] 10 top groups of models, those that spent
SELECT model_group, sum(spend) AS total, count(*) FROM LiteLLM_SpendLogs GROUP BY model_group HAVING total > 0.01 ORDER BY total DESC LIMIT 100;

-- [list near] 11 top end users
SELECT end_user, count(*) AS requests, sum(spend) AS total FROM LiteLLM_SpendLogs WHERE startTime >= '2024-09-01' AND startTime < '2024-12-01'
GROUP BY end_user ORDER BY requests DESC, end_user LIMIT 100;

-- [list near] 11 top end users of a key
-- bind: (SELECT api_key FROM LiteLLM_SpendLogs GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)
SELECT end_user, count(*) AS requests, sum(spend) FROM LiteLLM_SpendLogs WHERE api_key = ? AND startTime >= '2024-09-15' GROUP BY end_user
ORDER BY requests DESC, end_user LIMIT 100;

-- [list near] 12 teams per day
SELECT t.team_alias, date(s.startTime) AS day, sum(s.spend) FROM LiteLLM_SpendLogs AS s LEFT JOIN LiteLLM_TeamTable AS t ON s.team_id = t.team_id
WHERE s.startTime >= '2024-11-01' GROUP BY t.team_alias, day ORDER BY t.team_alias, day;

-- [list near] 12 teams per day, model and key
SELECT t.team_alias, date(s.startTime) AS day, s.model, s.api_key, sum(s.spend), count(*) FROM LiteLLM_SpendLogs AS s JOIN LiteLLM_TeamTable AS t USING (team_id)
WHERE s.startTime BETWEEN '2024-10-20' AND '2024-11-20' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;

-- [list near] 13 spend per tag
SELECT tag.value, count(*), sum(s.spend) FROM LiteLLM_SpendLogs AS s, json_each(s.request_tags) AS tag GROUP BY tag.value ORDER BY tag.value;

-- [list near] 13 spend per tag and day
SELECT tag.value, date(s.startTime), count(*), sum(s.spend) FROM LiteLLM_SpendLogs AS s JOIN json_each(s.request_tags) AS tag
WHERE s.startTime >= '2024-11-15' GROUP BY 1, 2 ORDER BY 1, 2;

-- [set] 13 requests without a tag
SELECT count(*) FROM LiteLLM_SpendLogs WHERE json_array_length(request_tags) = 0;

-- [set near] 14 spend of a key and a model
-- bind: (SELECT api_key FROM LiteLLM_SpendLogs GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1), 'azure/gpt-4o', '2024-11-01 10:00:00'
SELECT sum(spend) FROM LiteLLM_SpendLogs WHERE api_key = ? AND model = ? AND startTime > ?;

-- [set] 14 spend of a key and a model that it never used
-- bind: (SELECT api_key FROM LiteLLM_SpendLogs GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1), 'none', '2024-11-01 10:00:00'
SELECT sum(spend), total(spend), count(*), coalesce(sum(spend), 0.0) FROM LiteLLM_SpendLogs WHERE api_key = ? AND model = ? AND startTime > ?;

-- [list] 15 keys of a team
-- bind: (SELECT team_id FROM LiteLLM_VerificationToken WHERE team_id IS NOT NULL ORDER BY 1 LIMIT 1)
SELECT token, key_alias, spend FROM LiteLLM_VerificationToken WHERE team_id = ? ORDER BY spend DESC, token LIMIT 10;

-- [list] 15 keys of a user
-- bind: (SELECT user_id FROM LiteLLM_VerificationToken WHERE user_id IS NOT NULL ORDER BY 1 LIMIT 1)
SELECT token, key_alias, created_at FROM LiteLLM_VerificationToken WHERE user_id = ? ORDER BY created_at DESC, token;

-- [list] 15 keys by a part of their name
SELECT token, key_alias FROM LiteLLM_VerificationToken WHERE key_alias LIKE '%-1%' ORDER BY token;

-- [set] 15 keys of a list
SELECT token, key_name FROM LiteLLM_VerificationToken WHERE token IN (SELECT DISTINCT api_key FROM LiteLLM_SpendLogs WHERE startTime > '2024-11-20');

-- [list] 15 keys that no request has used
SELECT token FROM LiteLLM_VerificationToken WHERE token NOT IN (SELECT api_key FROM LiteLLM_SpendLogs) ORDER BY token;

-- [list] 15 how many keys each user has
SELECT user_id, count(*) FROM LiteLLM_VerificationToken GROUP BY user_id ORDER BY user_id;

-- [list] 15 the second page of all keys
SELECT token, created_at FROM LiteLLM_VerificationToken ORDER BY created_at DESC, token LIMIT 5 OFFSET 5;

-- [set] 16 budgets due
-- bind: '2024-12-15 00:00:00'
SELECT token, expires, budget_reset_at FROM LiteLLM_VerificationToken WHERE (expires IS NULL OR expires > ?1) AND budget_reset_at < ?1;

-- [set] 16 budgets due of users, teams and budgets
-- bind: '2025-01-15'
SELECT 'user', user_id FROM LiteLLM_UserTable WHERE budget_reset_at < ?1 UNION ALL
SELECT 'team', team_id FROM LiteLLM_TeamTable WHERE budget_reset_at < ?1 UNION ALL SELECT 'budget', budget_id FROM LiteLLM_BudgetTable WHERE budget_reset_at < ?1;

-- [list] 17 users by role
SELECT user_id, user_role FROM LiteLLM_UserTable WHERE user_role = 'customer' ORDER BY user_id;

-- [set] 17 a user by mail address, whatever its case
SELECT user_id, user_email FROM LiteLLM_UserTable WHERE lower(user_email) = lower('CHLOE.2@Example.com');

-- [set] 17 users of a team that is in their list
-- bind: (SELECT min(team_id) FROM LiteLLM_TeamTable)
SELECT u.user_id FROM LiteLLM_UserTable AS u WHERE EXISTS (SELECT 1 FROM json_each(u.teams) AS t WHERE t.value = ?);

-- [list] 17 users with the aliases of their keys
SELECT u.user_id, u.spend, v.key_alias FROM LiteLLM_UserTable AS u LEFT JOIN LiteLLM_VerificationToken AS v ON v.user_id = u.user_id ORDER BY u.spend DESC, u.user_id, v.token;

-- [list] 18 audit: a page
SELECT id, updated_at, action, table_name FROM LiteLLM_AuditLog ORDER BY updated_at DESC, id LIMIT 3 OFFSET 1;

-- [list] 18 audit: of a table and an action
SELECT id, object_id FROM LiteLLM_AuditLog WHERE table_name = 'LiteLLM_VerificationToken' AND action = 'updated' AND updated_at >= '2024-09-01' ORDER BY updated_at DESC, id;

-- [list] 18 audit: inside the values
SELECT id, before_value ->> 'spend', before_value ->> '$.metadata.limit', updated_values ->> 'token' FROM LiteLLM_AuditLog WHERE updated_values ->> 'token' IS NOT NULL ORDER BY id;

-- [set] 18 audit: of an object and by whom
SELECT a.id, u.user_role FROM LiteLLM_AuditLog AS a LEFT JOIN LiteLLM_UserTable AS u ON a.changed_by = u.user_id WHERE a.object_id IN (SELECT token FROM LiteLLM_VerificationToken);

-- [list] 19 errors by model and place
SELECT litellm_model_name || ' ' || api_base AS place, exception_type, count(*) FROM LiteLLM_ErrorLogs
WHERE startTime >= '2024-09-05' AND endTime <= '2024-11-20' AND model_group = 'gpt-4o' GROUP BY 1, 2 ORDER BY 1, 2;

-- [list] 19 errors: too many requests per day
SELECT date(startTime) AS day, api_base, count(*) FROM LiteLLM_ErrorLogs WHERE status_code = '429' GROUP BY day, api_base ORDER BY day, api_base;

-- [list] 19 errors: the newest
SELECT request_id, startTime, substr(exception_string, 1, 80) FROM LiteLLM_ErrorLogs ORDER BY startTime DESC, request_id LIMIT 10;

-- [list] 19 errors: share of each code
SELECT status_code, count(*), count(*) * 100 / (SELECT count(*) FROM LiteLLM_ErrorLogs) FROM LiteLLM_ErrorLogs GROUP BY status_code ORDER BY 1;

-- [list] 20 sessions: by what the metadata say
SELECT metadata ->> '$.user_api_key_alias' AS session, count(*), min(startTime), max(endTime) FROM LiteLLM_SpendLogs GROUP BY session ORDER BY session;

-- [list] 20 sessions: one of them
SELECT request_id, startTime FROM LiteLLM_SpendLogs WHERE json_extract(metadata, '$.user_api_key_alias') = 'chat-widget-1' ORDER BY startTime, request_id LIMIT 20;

-- [list] distinct end users
SELECT DISTINCT end_user FROM LiteLLM_SpendLogs ORDER BY end_user LIMIT 20 OFFSET 10;

-- [set] members of teams with their budgets
SELECT m.*, b.max_budget FROM LiteLLM_TeamMembership AS m LEFT JOIN LiteLLM_BudgetTable AS b ON b.budget_id = m.budget_id WHERE m.team_id IN (SELECT team_id FROM LiteLLM_TeamTable);

-- [list] invitations with the people of each
SELECT i.id, u.user_email, c.user_email, d.user_email FROM LiteLLM_InvitationLink AS i JOIN LiteLLM_UserTable AS u ON i.user_id = u.user_id
JOIN LiteLLM_UserTable AS c ON i.created_by = c.user_id JOIN LiteLLM_UserTable AS d ON i.updated_by = d.user_id ORDER BY i.id;

-- ---------------------------------------------------------------------------- whole tables

-- [list] every value of every type
SELECT rowid, * FROM n.every ORDER BY id;

-- [set] what types they are
SELECT typeof(id), typeof(b), typeof(i2), typeof(i4), typeof(i8), typeof(f4), typeof(f8), typeof(num), typeof(money), typeof(u), typeof(d), typeof(t), typeof(ts),
	typeof(ts0), typeof(ts3), typeof(tz), typeof(tz3), typeof(j), typeof(jb), typeof(l), typeof(y), typeof(e), typeof(s), typeof(v), typeof(c), count(*) FROM n.every
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25;

-- [list] quoted
SELECT id, quote(f4), quote(f8), quote(y), quote(l), quote(j), quote(ts), quote(tz) FROM n.every ORDER BY id;

-- [list] a table of large values
SELECT id, length(s), length(y), length(j), length(l), substr(s, -3), substr(y, -2), json_array_length(l) FROM n.large ORDER BY id;

-- [list] large values whole
SELECT * FROM n.large ORDER BY id;

-- [set] a table without a key
SELECT * FROM n.keyless;

-- [list] in the store's order
SELECT rowid, * FROM n.keyless ORDER BY rowid;

-- [set] a table without rows
SELECT * FROM n.vacant;

-- [set] aggregates of no rows
SELECT count(*), count(b), sum(i4), total(f8), min(ts), max(s), avg(i8), group_concat(s) FROM n.vacant;

-- [list] every table of keys
SELECT 'texts', k, n FROM n.texts UNION ALL SELECT 'times', k, n FROM n.times UNION ALL SELECT 'tame', k, n FROM n.tame UNION ALL SELECT 'zoned', k, n FROM n.zoned
UNION ALL SELECT 'ints', k, n FROM n.ints UNION ALL SELECT 'floats', k, n FROM n.floats UNION ALL SELECT 'singles', k, n FROM n.singles UNION ALL
SELECT 'bytes', k, n FROM n.bytes UNION ALL SELECT 'uuids', k, n FROM n.uuids UNION ALL SELECT 'exact', k, n FROM n.exact UNION ALL SELECT 'bools', k, n FROM n.bools ORDER BY 1, 3;

-- [set] how many rows each table has
SELECT (SELECT count(*) FROM n.every), (SELECT count(*) FROM n.many), (SELECT count(*) FROM n.vacant), (SELECT count(*) FROM n.keyless), (SELECT count(*) FROM n.large),
	(SELECT count(*) FROM LiteLLM_SpendLogs), (SELECT count(*) FROM LiteLLM_Config), (SELECT count(1) FROM n.pairs), (SELECT count(rowid) FROM n.pairs);

-- ---------------------------------------------------------------------------- names

-- [list] names equal but for case
SELECT id, name, NAME_2, "select", "a ""b"" c" FROM n."Case" ORDER BY id;

-- [list] of tables too
SELECT id, "group", "Group_2", "GROUP_3" FROM n.case_2 ORDER BY id;

-- [set] a column that is called rowid is no row number
SELECT "rowid", id FROM n."Case" WHERE rowid = 3;

-- [set] but oid is
SELECT oid, _rowid_, id FROM n."Case" WHERE oid = 3;

-- [list] reserved words
SELECT "from", "where", "limit" FROM n."order" WHERE "limit" = 2 ORDER BY "from";

-- [set] a join along the relation of reserved words
SELECT o."from", c.id, c."group" FROM n."order" AS o JOIN n.case_2 AS c ON o."limit" = c.id WHERE o."from" < 20;

-- [error] a column that is not there
SELECT nothing FROM n.every;

-- [error] a table that is not there
SELECT * FROM n.none;

-- ---------------------------------------------------------------------------- rows by number

-- [set] one row
SELECT rowid, id FROM n.every WHERE rowid = 17;

-- [set] row numbers of several kinds
SELECT rowid FROM n.every WHERE rowid IN (1, 2.0, '3', '4.0', 5.5, 'x', NULL, -1, 0, 9223372036854775807, x'31');

-- [set] none
SELECT rowid FROM n.every WHERE rowid = 0 OR rowid = 221 OR rowid = 1e300 OR rowid = '' OR rowid = x'' OR rowid IS NULL;

-- [list] a range of them
SELECT rowid FROM n.every WHERE rowid > 10 AND rowid <= 20.5 ORDER BY rowid DESC;

-- [list] with bounds that are texts
SELECT rowid FROM n.every WHERE rowid >= '215' AND rowid < 'x' ORDER BY rowid;

-- [list] backwards, limited
SELECT rowid, id FROM n.many ORDER BY rowid DESC LIMIT 5 OFFSET 3;

-- [set] as a parameter that is a real
-- bind: 7.0
SELECT id FROM n.every WHERE rowid = ?;

-- [set] as a parameter that is a text
-- bind: '7'
SELECT id FROM n.every WHERE rowid = ?;

-- [set] as a parameter that is a blob
-- bind: x'37'
SELECT id FROM n.every WHERE rowid = ?;

-- [set] as a parameter that is NULL
-- bind: NULL
SELECT id FROM n.every WHERE rowid = ?1 OR rowid IS ?1;

-- [set] joined by row number
SELECT a.id, b.id FROM n.every AS a JOIN n.every AS b ON a.rowid = b.rowid + 1 WHERE a.id < 9;

-- ---------------------------------------------------------------------------- numbers against texts and blobs

-- [list] an integer key against every kind of literal
SELECT k FROM n.ints WHERE k = 5 UNION ALL SELECT k FROM n.ints WHERE k = 5.0 UNION ALL SELECT k FROM n.ints WHERE k = '5' UNION ALL SELECT k FROM n.ints WHERE k = '5.0'
UNION ALL SELECT k FROM n.ints WHERE k = '5e0' UNION ALL SELECT k FROM n.ints WHERE k = ' 5 ' UNION ALL SELECT k FROM n.ints WHERE k = 5.5
UNION ALL SELECT k FROM n.ints WHERE k = x'35' UNION ALL SELECT k FROM n.ints WHERE k = '5x' UNION ALL SELECT k FROM n.ints WHERE k = '';

-- [set] an integer key against a parameter that is a text
-- bind: '9223372036854775807'
SELECT k FROM n.ints WHERE k = ?;

-- [set] that is a text beyond int64
-- bind: '9223372036854775808'
SELECT k FROM n.ints WHERE k = ?1 OR k > ?1;

-- [set] that is a real at the end of int64
-- bind: 9223372036854775807.0
SELECT k FROM n.ints WHERE k = ?1 OR k >= ?1;

-- [set] below the end of int64
-- bind: -9223372036854775808.0
SELECT k FROM n.ints WHERE k <= ?;

-- [set] that no double is
-- bind: 9007199254740992.0
SELECT k, k = ?1, k < ?1, k > ?1 FROM n.ints WHERE k >= ?1 AND k < 9007199254740999;

-- [list] bounds of an integer column that are reals
SELECT k FROM n.ints WHERE k > 4.5 AND k < 10.0 ORDER BY k;

-- [list] that are infinite
SELECT k FROM n.ints WHERE k > -1e999 AND k < 1e999 ORDER BY k DESC;

-- [list] that are texts with numbers
SELECT k FROM n.ints WHERE k >= '2' AND k <= '1e2' ORDER BY k;

-- [list] that are texts without
SELECT k FROM n.ints WHERE k < 'a' AND k > '-5' ORDER BY k;

-- [list] that are blobs
SELECT k FROM n.ints WHERE k < x'00' ORDER BY k;

-- [set] that are NULL
SELECT k FROM n.ints WHERE k < NULL OR k > NULL OR k = NULL OR k BETWEEN NULL AND 5 OR k IN (NULL);

-- [set] bounds that contradict each other
SELECT k FROM n.ints WHERE k > 10 AND k < 5;

-- [list] several lower bounds
SELECT k FROM n.ints WHERE k > 1 AND k >= 3 AND k > 2.5 AND k <= 300 AND k < 255.5 ORDER BY k;

-- [list] the extremes
SELECT k, k + 0.0, k = -9223372036854775808, k = 9223372036854775807 FROM n.ints WHERE abs(k / 2) > 4000000000000000000 ORDER BY k;

-- [set] a text key against numbers
SELECT k, n FROM n.texts WHERE k = 5 UNION ALL SELECT k, n FROM n.texts WHERE k = 5.0 UNION ALL SELECT k, n FROM n.texts WHERE k = 1e18
UNION ALL SELECT k, n FROM n.texts WHERE k = 9223372036854775807 UNION ALL SELECT k, n FROM n.texts WHERE k = -0.0;

-- [set] a text key against a parameter that is an integer
-- bind: 5
SELECT k, n FROM n.texts WHERE k = ?;

-- [set] a text key against a parameter that is a real
-- bind: 5.0
SELECT k, n FROM n.texts WHERE k = ?;

-- [set] a text key against a parameter that is a blob
-- bind: x'61'
SELECT k, n FROM n.texts WHERE k = ?;

-- [set] a text key against a parameter with a byte 0 in it
-- bind: CAST(x'6100' AS TEXT)
SELECT k, n FROM n.texts WHERE k = ?;

-- [set] a text key against an integer column, to one side and to the other
SELECT t.k, i.k FROM n.texts AS t JOIN n.ints AS i ON t.k = i.k UNION ALL SELECT t.k, i.k FROM n.ints AS i CROSS JOIN n.texts AS t ON t.k = i.k
UNION ALL SELECT t.k, i.k FROM n.texts AS t CROSS JOIN n.ints AS i ON t.k = i.k;

-- [set] a text key against a real column
SELECT t.k, f.k FROM n.texts AS t JOIN n.floats AS f ON t.k = f.k UNION ALL SELECT t.k, f.k FROM n.floats AS f CROSS JOIN n.texts AS t ON t.k = f.k;

-- [set] without affinity to either
SELECT t.k, i.k FROM n.texts AS t JOIN n.ints AS i ON +t.k = +i.k UNION ALL SELECT t.k, i.k FROM n.texts AS t JOIN n.ints AS i ON t.k = +i.k;

-- [set] a text key against the values of a list of numbers
SELECT k FROM n.texts WHERE k IN (5, 0, 1.5, 10, -1);

-- [set] against a list of everything
SELECT k FROM n.texts WHERE k IN ('5', 5, 5.0, NULL, x'35', '', 'A', 'A');

-- [set] against a subquery of integers
SELECT k FROM n.texts WHERE k IN (SELECT k FROM n.ints);

-- [set] an integer key in a subquery of texts
SELECT k FROM n.ints WHERE k IN (SELECT k FROM n.texts);

-- [set] a real key in a subquery of texts
SELECT k FROM n.floats WHERE k IN (SELECT k FROM n.texts) OR k IN (SELECT k FROM n.ints);

-- [list] ranges of a text key against numbers
SELECT k FROM n.texts WHERE k > 4 AND k < 6 ORDER BY k;

-- [list] ranges of a text key against texts
SELECT k FROM n.texts WHERE k >= 'A' AND k < 'b' ORDER BY k;

-- [set] a text key below a blob
SELECT count(*) FROM n.texts WHERE k < x'' UNION ALL SELECT count(*) FROM n.texts WHERE k > x'ff';

-- [set] a boolean against everything
SELECT count(*) FILTER (WHERE b = 1), count(*) FILTER (WHERE b = '1'), count(*) FILTER (WHERE b = 't'), count(*) FILTER (WHERE b = TRUE), count(*) FILTER (WHERE b IS TRUE),
	count(*) FILTER (WHERE b IS NOT TRUE), count(*) FILTER (WHERE b = 2), count(*) FILTER (WHERE b < 0.5), count(*) FILTER (WHERE NOT b), count(*) FILTER (WHERE b IS NULL) FROM n.every;

-- [list] by an index on a boolean
SELECT id, b FROM n.every WHERE b = 1 ORDER BY id;

-- [list] false, as a text
SELECT id FROM n.every WHERE b = '0' ORDER BY id;

-- [set] no boolean
SELECT id FROM n.every WHERE b = 2 OR b = -1 OR b = 0.5 OR b = 'true';

-- [list] booleans in a range
SELECT id, b FROM n.every WHERE b > 0 ORDER BY b, id;

-- [list] booleans from 0 to a half
SELECT id, b FROM n.every WHERE b >= -5 AND b < 0.5 ORDER BY id LIMIT 9;

-- [set] booleans against text
SELECT count(*) FROM n.every WHERE b < 'a' UNION ALL SELECT count(*) FROM n.every WHERE b > '' UNION ALL SELECT count(*) FROM n.every WHERE b >= '1';

-- [list] booleans as a parameter
-- bind: '1.0'
SELECT id FROM n.every WHERE b = ? AND i4 > 5 ORDER BY id;

-- ---------------------------------------------------------------------------- reals

-- [list] every real with its text
SELECT k, CAST(k AS TEXT), k * 2, typeof(k * 0), printf('%.17g', k) FROM n.floats ORDER BY n;

-- [list] singles are widened
SELECT k, CAST(k AS TEXT), k = 0.1, k < 0.1, k > 0.1 FROM n.singles ORDER BY n;

-- [list] reals in order, NaN among the NULLs
SELECT id, f8 FROM n.every ORDER BY f8, id;

-- [list] backwards with a limit
SELECT id, f8 FROM n.every ORDER BY f8 DESC, id LIMIT 40;

-- [list] singles in order
SELECT id, f4 FROM n.every ORDER BY f4, id;

-- [list] NaN is NULL: IS NULL finds it
SELECT id FROM n.every WHERE f8 IS NULL ORDER BY id;

-- [set] and IS NOT NULL does not
SELECT count(*), count(f8), count(f4) FROM n.every WHERE f8 IS NOT NULL;

-- [set] IS with a parameter that is NULL
-- bind: NULL
SELECT count(*) FROM n.every WHERE f8 IS ?;

-- [set] a NaN as key is NULL
SELECT k, n FROM n.floats WHERE k IS NULL;

-- [set] reals that equal integers
SELECT k, n FROM n.floats WHERE k = 5 UNION ALL SELECT k, n FROM n.floats WHERE k = '5' UNION ALL SELECT k, n FROM n.floats WHERE k = '5.0' UNION ALL SELECT k, n FROM n.floats WHERE k = x'35';

-- [set] 0 and -0
SELECT k, n, CAST(k AS TEXT), printf('%f', k) FROM n.floats WHERE k = 0 UNION ALL SELECT f8, id, CAST(f8 AS TEXT), printf('%f', f8) FROM n.every WHERE f8 = -0.0;

-- [list] zeros by the index
SELECT id, f8, f4 FROM n.every WHERE f8 >= 0 AND f8 <= 0 ORDER BY id;

-- [list] below zero
SELECT id, f8 FROM n.every WHERE f8 < 0 ORDER BY f8, id;

-- [list] not below zero
SELECT id, f8 FROM n.every WHERE f8 >= -0.0 ORDER BY f8, id;

-- [list] around the largest
SELECT id, f8 FROM n.every WHERE f8 >= 1.7976931348623157e308 ORDER BY f8, id;

-- [list] above the largest: infinity
SELECT id, f8 FROM n.every WHERE f8 > 1.7976931348623157e308 ORDER BY id;

-- [list] infinite
SELECT id, f8 FROM n.every WHERE f8 = 1e999 OR f8 = -1e999 ORDER BY id;

-- [list] the smallest
SELECT id, f8 FROM n.every WHERE f8 > 0 AND f8 < 1e-300 ORDER BY f8, id;

-- [set] integers that no double is, beside reals
SELECT k, n FROM n.floats WHERE k = 9007199254740993 UNION ALL SELECT k, n FROM n.floats WHERE k = 9007199254740992 UNION ALL SELECT k, n FROM n.floats WHERE k = 9223372036854775807;

-- [list] ranges of reals by integers
SELECT k FROM n.floats WHERE k > 9007199254740992 AND k < 9223372036854775807 ORDER BY k;

-- [list] ranges of reals by texts
SELECT k FROM n.floats WHERE k >= '1' AND k < '1e16' ORDER BY k;

-- [set] reals against text that is none
SELECT count(*) FROM n.floats WHERE k < 'x' UNION ALL SELECT count(*) FROM n.floats WHERE k > 'x';

-- [set] reals joined with integers
SELECT f.k, i.k FROM n.floats AS f JOIN n.ints AS i ON f.k = i.k;

-- [set] and the other way
SELECT f.k, i.k FROM n.ints AS i CROSS JOIN n.floats AS f ON f.k = i.k;

-- [set] singles joined with doubles
SELECT s.k, f.k FROM n.singles AS s JOIN n.floats AS f ON s.k = f.k;

-- [set] reals in a list
SELECT k FROM n.floats WHERE k IN (5, '0.5', 0.1, -1, 1e999, NULL, '9', 9223372036854775807);

-- [list] singles in a list
SELECT id, f4 FROM n.every WHERE f4 IN (0.1, 0.5, 5, -0.0, 16777216) ORDER BY id;

-- [set] least and greatest
SELECT min(f8), max(f8), min(f4), max(f4) FROM n.every;

-- [set] arithmetic with extremes
SELECT id, f8 + f8, f8 - f8, f8 / 0, i8 / nullif(i4, 0), CAST(f8 AS INTEGER), abs(f8) FROM n.every;

-- [error] a sum that overflows
SELECT sum(k) FROM n.ints WHERE k > 0;

-- [set] round
SELECT id, round(f8), round(f8, 2), round(f4, 1) FROM n.every WHERE abs(f8) < 1e15 AND abs(f4) < 1e15;

-- ---------------------------------------------------------------------------- NULL

-- [set] three values
SELECT b, b = 1, b <> 1, NOT b, b AND 1, b AND 0, b OR 1, b OR 0, b IS 1, b IS NOT 1, b IS NULL, count(*) FROM n.every GROUP BY b;

-- [list] IS beside =
SELECT id, n FROM n.many WHERE n IS NULL ORDER BY id LIMIT 30;

-- [list] IS with a value
SELECT id FROM n.many WHERE n IS 5 AND b IS 1 ORDER BY id;

-- [list] IS with a text that is a number
SELECT id FROM n.many WHERE n IS '5' ORDER BY id LIMIT 10;

-- [list] IS NOT DISTINCT FROM and IS DISTINCT FROM
SELECT id FROM n.many WHERE n IS NOT DISTINCT FROM NULL AND a IS DISTINCT FROM 'x' ORDER BY id LIMIT 12;

-- [set] = NULL is never true
SELECT count(*) FROM n.many WHERE n = NULL UNION ALL SELECT count(*) FROM n.many WHERE n <> NULL UNION ALL SELECT count(*) FROM n.many WHERE NOT (n = NULL);

-- [set] a parameter that is NULL
-- bind: NULL
SELECT (SELECT count(*) FROM n.many WHERE n = ?1), (SELECT count(*) FROM n.many WHERE n IS ?1), (SELECT count(*) FROM n.many WHERE n IS NOT ?1), (SELECT count(*) FROM n.many WHERE a IS ?1),
	(SELECT count(*) FROM n.many WHERE x IS ?1), (SELECT count(*) FROM n.many WHERE at IS ?1), (SELECT count(*) FROM n.many WHERE n > ?1), (SELECT count(*) FROM n.pairs WHERE k3 IS ?1 AND k4 IS 5);

-- [set] IS with a parameter that is a value
-- bind: 5, 'a', '2024-10-15 12:00:00'
SELECT (SELECT count(*) FROM n.many WHERE n IS ?1), (SELECT count(*) FROM n.many WHERE a IS ?2), (SELECT count(*) FROM n.many WHERE at IS ?3), (SELECT count(*) FROM n.many WHERE a IS ?1);

-- [set] NOT IN with a NULL among them
SELECT count(*) FROM n.many WHERE n NOT IN (1, 2, NULL) UNION ALL SELECT count(*) FROM n.many WHERE n NOT IN (1, 2) UNION ALL SELECT count(*) FROM n.many WHERE n NOT IN (SELECT ref FROM n.many);

-- [set] NOT IN without a row
SELECT count(*) FROM n.many WHERE n NOT IN (SELECT i4 FROM n.vacant) UNION ALL SELECT count(*) FROM n.many WHERE n IN (SELECT i4 FROM n.vacant) UNION ALL SELECT count(*) FROM n.many WHERE n IN ();

-- [set] coalesce, nullif, ifnull, iif
SELECT coalesce(n, -99), nullif(n, 5), ifnull(a, 'none'), iif(n > 2, 'more', 'less'), count(*) FROM n.many GROUP BY 1, 2, 3, 4;

-- [list] NULLs first and last
SELECT id, n FROM n.many ORDER BY n NULLS LAST, id LIMIT 20;

-- [list] NULLs first, backwards
SELECT id, n FROM n.many ORDER BY n DESC NULLS FIRST, id DESC LIMIT 20;

-- [set] keys with NULLs: unique ones
SELECT k1, k2, count(*) FROM n.pairs WHERE k1 IS NULL OR k2 IS NULL GROUP BY 1, 2;

-- [set] keys whose NULLs are not distinct
SELECT k3, k4, count(*) FROM n.pairs WHERE k3 IS NULL AND k4 IS NULL GROUP BY 1, 2;

-- [set] one of them
SELECT p, q, k3, k4 FROM n.pairs WHERE k3 IS NULL AND k4 = 7;

-- [set] joined by a key that may be NULL
SELECT a.p, b.p FROM n.pairs AS a JOIN n.pairs AS b ON a.k3 = b.k3 AND a.k4 = b.k4 WHERE a.p <> b.p OR a.k4 < 3;

-- [set] joined by IS
SELECT count(*) FROM n.pairs AS a JOIN n.pairs AS b ON a.k3 IS b.k3 AND a.k4 IS b.k4;

-- [set] left joined by a key that may be NULL
SELECT a.p, a.k1, b.p FROM n.pairs AS a LEFT JOIN n.pairs AS b ON b.k1 = a.k3 AND b.k2 = a.k4;

-- ---------------------------------------------------------------------------- texts and collations

-- [set] whatever the case
SELECT k FROM n.texts WHERE k = 'ab' COLLATE NOCASE UNION ALL SELECT k FROM n.texts WHERE k COLLATE NOCASE = 'A' UNION ALL SELECT k FROM n.texts WHERE k = 'Ä' COLLATE NOCASE;

-- [set] whatever stands behind
SELECT k FROM n.texts WHERE k = 'a' COLLATE RTRIM UNION ALL SELECT k FROM n.texts WHERE k COLLATE RTRIM = '5  ';

-- [set] in a list whatever the case
SELECT k FROM n.texts WHERE k COLLATE NOCASE IN ('AB', 'b', 'NULL');

-- [list] in a range whatever the case
SELECT k FROM n.texts WHERE k >= 'a' COLLATE NOCASE AND k < 'c' COLLATE NOCASE ORDER BY k;

-- [list] sorted whatever the case
SELECT id, a FROM n.many ORDER BY a COLLATE NOCASE, id LIMIT 700;

-- [list] grouped whatever the case
SELECT lower(a), count(*), min(a COLLATE BINARY), max(a) FROM n.many GROUP BY a COLLATE NOCASE ORDER BY 1;

-- [set] distinct whatever the case
SELECT count(*), min(a) IS NOT NULL FROM (SELECT DISTINCT a COLLATE NOCASE AS a FROM n.many);

-- [list] sorted by bytes
SELECT k, length(k), length(CAST(k AS BLOB)), unicode(k) FROM n.texts ORDER BY k;

-- [list] sorted backwards
SELECT k FROM n.texts ORDER BY k DESC LIMIT 30 OFFSET 2;

-- [list] an interned column sorted, with its index
SELECT a, at, id FROM n.many WHERE a > 'A' ORDER BY a, at, id LIMIT 200;

-- [list] an interned column backwards
SELECT a, id FROM n.many ORDER BY a DESC, id LIMIT 50;

-- [list] an interned column grouped
SELECT a, count(*), sum(n), min(at), max(at) FROM n.many GROUP BY a ORDER BY a;

-- [set] an interned column distinct
SELECT DISTINCT a FROM n.many;

-- [set] two columns distinct
SELECT DISTINCT a, n FROM n.many;

-- [set] an interned column against numbers
SELECT a, count(*) FROM n.many WHERE a = 5 GROUP BY a UNION ALL SELECT a, count(*) FROM n.many WHERE a = 5.0 GROUP BY a UNION ALL SELECT a, count(*) FROM n.many WHERE a IN (5, 'x', 05) GROUP BY a;

-- [set] an interned column against a parameter that is a number
-- bind: 5, 5.0
SELECT (SELECT count(*) FROM n.many WHERE a = ?1), (SELECT count(*) FROM n.many WHERE a = ?2), (SELECT count(*) FROM n.many WHERE a > ?1 AND a < '6');

-- [set] an interned column against integers of another column
SELECT count(*), min(m.id), max(i.k) FROM n.many AS m JOIN n.ints AS i ON m.a = i.k;

-- [set] and the other way round
SELECT count(*), min(m.id), max(i.k) FROM n.ints AS i CROSS JOIN n.many AS m ON m.a = i.k;

-- [set] an interned column joined with texts
SELECT t.k, count(*) FROM n.texts AS t JOIN n.many AS m ON m.a = t.k GROUP BY t.k;

-- [set] a text that the pool has not
SELECT count(*) FROM n.many WHERE a = 'not there' OR a = 'ZEBRA';

-- [set] LIKE
SELECT k FROM n.texts WHERE k LIKE 'a%' UNION ALL SELECT k FROM n.texts WHERE k LIKE '_' UNION ALL SELECT k FROM n.texts WHERE k LIKE '%\%%' ESCAPE '\' UNION ALL SELECT k FROM n.texts WHERE k LIKE 'ä';

-- [set] LIKE numbers
SELECT k FROM n.ints WHERE k LIKE '9%' UNION ALL SELECT k FROM n.floats WHERE k LIKE '%e%' UNION ALL SELECT k FROM n.times WHERE k LIKE '2024-11%';

-- [set] NOT LIKE
SELECT count(*) FROM n.texts WHERE k NOT LIKE '%a%' UNION ALL SELECT count(*) FROM n.many WHERE s NOT LIKE '%5%' UNION ALL SELECT count(*) FROM n.many WHERE a LIKE NULL;

-- [set] GLOB
SELECT k FROM n.texts WHERE k GLOB 'a*' UNION ALL SELECT k FROM n.texts WHERE k GLOB '[A-Z]*' UNION ALL SELECT k FROM n.texts WHERE k GLOB '*[*]*' UNION ALL SELECT k FROM n.texts WHERE k GLOB '?';

-- [list] LIKE on a column with an index
SELECT id, startTime FROM (SELECT request_id AS id, startTime FROM LiteLLM_SpendLogs WHERE startTime LIKE '2024-10-1%') ORDER BY id LIMIT 30;

-- [set] GLOB on a key
SELECT request_id FROM LiteLLM_SpendLogs WHERE request_id GLOB 'chatcmpl-00*' OR request_id GLOB 'chatcmpl-f[0-4]*';

-- [set] functions of texts
SELECT k, upper(k), lower(k), trim(k), substr(k, 2, 3), replace(k, 'a', 'bb'), instr(k, 'b'), hex(k), length(k), k || '!' FROM n.texts WHERE length(k) < 100;

-- [set] texts as numbers
SELECT k, CAST(k AS INTEGER), CAST(k AS REAL), CAST(k AS NUMERIC), k + 0, typeof(k + 0), k > 5, 5 > k FROM n.texts;

-- [set] a text as a truth
SELECT k FROM n.texts WHERE k;

-- [set] varying and fixed
SELECT v, c, length(c), v = c, count(*) FROM n.every GROUP BY 1, 2;

-- [set] an enum
SELECT e, count(*) FROM n.every GROUP BY e UNION ALL SELECT e, count(*) FROM n.every WHERE e = 'ok' GROUP BY e UNION ALL SELECT e, count(*) FROM n.every WHERE e > 'Ok' AND e < 't' GROUP BY e;

-- [set] uuids
SELECT k, n FROM n.uuids WHERE k = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' UNION ALL SELECT k, n FROM n.uuids WHERE k = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' UNION ALL
SELECT k, n FROM n.uuids WHERE k = '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}' UNION ALL SELECT k, n FROM n.uuids WHERE k > 'a' UNION ALL SELECT k, n FROM n.uuids WHERE k = 'x';

-- [set] exact numbers are texts
SELECT k, n FROM n.exact WHERE k = '5' UNION ALL SELECT k, n FROM n.exact WHERE k = 5 UNION ALL SELECT k, n FROM n.exact WHERE k = '5.0' UNION ALL SELECT k, n FROM n.exact WHERE k > '1' UNION ALL
SELECT k, n FROM n.exact WHERE k + 0 > 5 UNION ALL SELECT k, n FROM n.exact WHERE k = 'not a number';

-- [set] dates and clocks
SELECT d, t, count(*) FROM n.every WHERE d >= '2024' GROUP BY d, t UNION ALL SELECT d, t, count(*) FROM n.every WHERE t = '10:20:30' GROUP BY d, t UNION ALL SELECT d, t, 0 FROM n.every WHERE d = '2024-2-29' OR d = 'infinity';

-- [set] keys of bytes
SELECT k, n FROM n.bytes WHERE k = x'61' UNION ALL SELECT k, n FROM n.bytes WHERE k = 'a' UNION ALL SELECT k, n FROM n.bytes WHERE k = x'' UNION ALL SELECT k, n FROM n.bytes WHERE k = '' UNION ALL
SELECT k, n FROM n.bytes WHERE k = 5 UNION ALL SELECT k, n FROM n.bytes WHERE k > 'zzz' UNION ALL SELECT k, n FROM n.bytes WHERE k IN (x'ff', 'ff', x'00', NULL);

-- [list] bytes in order
SELECT hex(k), length(k), typeof(k), CAST(k AS TEXT) FROM n.bytes ORDER BY k;

-- [set] bytes as a parameter
-- bind: x'00ff00ff'
SELECT id FROM n.every WHERE y = ?;

-- [set] bytes joined with texts
SELECT b.k, t.k FROM n.bytes AS b JOIN n.texts AS t ON b.k = t.k UNION ALL SELECT b.k, t.k FROM n.bytes AS b JOIN n.texts AS t ON CAST(b.k AS TEXT) = t.k;

-- [set] a key of a megabyte
SELECT id, length(s) FROM n.large WHERE s = (SELECT s FROM n.large WHERE id = 2);

-- [set] large texts in a list
SELECT id FROM n.large WHERE s IN (SELECT s FROM n.large WHERE id <> 3) OR s = 'short';

-- ---------------------------------------------------------------------------- times

-- [list] every time as it is printed
SELECT k, length(k), typeof(k) FROM n.times ORDER BY n;

-- [list] times sorted as texts
SELECT k FROM n.times ORDER BY k;

-- [list] times sorted backwards
SELECT k FROM n.times ORDER BY k DESC LIMIT 20 OFFSET 1;

-- [list] times of the years 1 to 9999
SELECT k, date(k), time(k), strftime('%s', k), strftime('%j %w %Y', k), julianday(k) FROM n.tame ORDER BY k;

-- [list] with a zone
SELECT k, datetime(k), strftime('%s', k), julianday(k) FROM n.zoned ORDER BY k;

-- [list] the day of texts that are times, or nearly
SELECT k, date(k), date(k || ''), DATE(k) FROM n.moments ORDER BY k;

-- [set] days as groups, as a condition, of nothing
SELECT date(k), count(*) FROM n.moments GROUP BY 1 UNION ALL SELECT 'zoned ' || date(k), count(*) FROM n.zoned GROUP BY date(k) UNION ALL
SELECT 'that ' || k, n FROM n.moments WHERE date(k) = '2024-11-05' UNION ALL SELECT 'none ' || k, n FROM n.tame WHERE date(k) IS NULL UNION ALL SELECT date(n), 0 FROM n.tame UNION ALL SELECT date(team_id), 1 FROM LiteLLM_SpendLogs WHERE team_id IS NULL;

-- [list] of every other era
SELECT k, date(k), julianday(k) FROM n.times ORDER BY k;

-- [set] a time as it is printed
SELECT n FROM n.times WHERE k = '2024-11-05 10:20:30' UNION ALL SELECT n FROM n.times WHERE k = '2024-11-05 10:20:30.12' UNION ALL SELECT n FROM n.times WHERE k = '0044-03-15 12:00:00 BC' UNION ALL
SELECT n FROM n.times WHERE k = 'infinity' UNION ALL SELECT n FROM n.times WHERE k = '-infinity' UNION ALL SELECT n FROM n.times WHERE k = '294276-12-31 23:59:59.999';

-- [set] a time as it is not printed
SELECT n FROM n.times WHERE k = '2024-11-05T10:20:30' UNION ALL SELECT n FROM n.times WHERE k = '2024-11-05 10:20:30.120' UNION ALL SELECT n FROM n.times WHERE k = '2024-11-05 10:20:30+00' UNION ALL
SELECT n FROM n.times WHERE k = '2024-11-05' UNION ALL SELECT n FROM n.times WHERE k = '2024-11-5 00:00:00' UNION ALL SELECT n FROM n.times WHERE k = ' 2024-11-05 10:20:30' UNION ALL
SELECT n FROM n.times WHERE k = 'Infinity' UNION ALL SELECT n FROM n.times WHERE k = '44-03-15 12:00:00 BC' UNION ALL SELECT n FROM n.times WHERE k = '';

-- [set] a time with a zone
SELECT n FROM n.zoned WHERE k = '2024-11-05 10:20:30+00:00' UNION ALL SELECT n FROM n.zoned WHERE k = '2024-11-05 10:20:30+00' UNION ALL SELECT n FROM n.zoned WHERE k = '2024-11-05 10:20:30' UNION ALL
SELECT n FROM n.zoned WHERE k = '2024-11-05 10:20:30Z' UNION ALL SELECT n FROM n.zoned WHERE k = '2024-11-05 11:20:30+01:00';

-- [set] a time against numbers
SELECT count(*) FROM n.tame WHERE k = 2024 UNION ALL SELECT count(*) FROM n.tame WHERE k > 2024 UNION ALL SELECT count(*) FROM n.tame WHERE k < 2024 UNION ALL SELECT count(*) FROM n.tame WHERE k > 1e3 UNION ALL
SELECT count(*) FROM n.tame WHERE k < x'00' UNION ALL SELECT count(*) FROM n.tame WHERE k > x'00';

-- [set] against numbers as parameters
-- bind: 2024, 2024.5, x'32', 1730000000000
SELECT (SELECT count(*) FROM n.tame WHERE k > ?1), (SELECT count(*) FROM n.tame WHERE k < ?2), (SELECT count(*) FROM n.tame WHERE k < ?3), (SELECT count(*) FROM n.tame WHERE k >= ?4), (SELECT count(*) FROM n.tame WHERE k = ?1);

-- [list] bounds that are dates
SELECT k FROM n.tame WHERE k >= '2024-11-05' AND k < '2024-11-06' ORDER BY k;

-- [list] a bound that is a date and above it
SELECT k FROM n.tame WHERE k > '2024-11-05' ORDER BY k;

-- [list] with T
SELECT k FROM n.tame WHERE k >= '2024-11-05T00:00:00' AND k <= '2024-11-05T23:59:59' ORDER BY k;

-- [list] with fractions
SELECT k FROM n.tame WHERE k > '2024-11-05 10:20:30.1' AND k <= '2024-11-05 10:20:30.123' ORDER BY k;

-- [list] with too many of them
SELECT k FROM n.tame WHERE k > '2024-11-05 10:20:30.12000' AND k < '2024-11-05 10:20:30.9999999' ORDER BY k;

-- [list] half a text
SELECT k FROM n.tame WHERE k >= '2024-1' AND k < '2024-11-05 10:2' ORDER BY k;

-- [list] less than half
SELECT k FROM n.tame WHERE k >= '2' ORDER BY k DESC;

-- [list] an empty bound
SELECT k FROM n.tame WHERE k > '' AND k >= '' ORDER BY k;

-- [set] nothing is below it
SELECT k FROM n.tame WHERE k < '' OR k <= '';

-- [list] a bound that is no time
SELECT k FROM n.tame WHERE k < 'yesterday' AND k > ' ' ORDER BY k;

-- [set] above such a one
SELECT k FROM n.tame WHERE k > 'yesterday' OR k > '9999-99';

-- [set] a bound that is NULL
SELECT k FROM n.tame WHERE k > NULL OR k < NULL;

-- [list] bounds with a zone
SELECT k FROM n.tame WHERE k >= '2024-11-05 10:20:30+00:00' AND k <= '2024-11-05 10:20:31Z' ORDER BY k;

-- [list] of a column with a zone
SELECT k FROM n.zoned WHERE k >= '2024-11-05 10:20:30' AND k <= '2024-11-05 10:20:30.12+00:00' ORDER BY k;

-- [list] infinite bounds
SELECT k FROM n.times WHERE k >= 'infinity' ORDER BY k;

-- [list] below infinity
SELECT k FROM n.times WHERE k < 'infinity' AND k > '-infinity' ORDER BY k;

-- [list] years of five digits stand among the texts
SELECT k FROM n.times WHERE k >= '1000' AND k < '1001' ORDER BY k;

-- [list] so do those before our era
SELECT k FROM n.times WHERE k >= '0001' AND k <= '0044-12' ORDER BY k;

-- [list] years of five digits by an index, which they stand behind
SELECT id, ts FROM n.every WHERE ts >= '1000' AND ts < '12' ORDER BY ts, id;

-- [list] those before our era by an index
SELECT id, ts FROM n.every WHERE ts >= '0001' AND ts <= '0044-12' ORDER BY ts, id;

-- [set] as many, with nothing asked of them
SELECT count(*) FROM n.every WHERE ts >= '1000' AND ts < '12' UNION ALL SELECT count(*) FROM n.every WHERE ts >= '0001' AND ts <= '0044-12';

-- [list] a range in the table where some are of other eras
SELECT id, ts FROM n.every WHERE ts >= '2024-11-05 10:20:30' AND ts < '2024-11-06' ORDER BY ts, id;

-- [list] open below
SELECT id, ts FROM n.every WHERE ts < '1970-01-01' ORDER BY ts, id;

-- [list] open above, backwards, limited
SELECT id, ts FROM n.every WHERE ts > '2000' ORDER BY ts DESC, id LIMIT 30;

-- [list] in order, where some are of other eras
SELECT id, ts FROM n.every ORDER BY ts, id;

-- [list] in order, limited
SELECT id, ts FROM n.every ORDER BY ts LIMIT 25;

-- [list] with a zone in order, where some are of other eras
SELECT id, tz FROM n.every ORDER BY tz DESC, id LIMIT 100;

-- [list] in order where all are tame
SELECT id, ts3 FROM n.every ORDER BY ts3, id LIMIT 60 OFFSET 11;

-- [list] tame with a zone, backwards
SELECT id, tz3 FROM n.every ORDER BY tz3 DESC, id DESC LIMIT 60 OFFSET 3;

-- [set] least and greatest times
SELECT min(ts), max(ts), min(tz), max(tz), min(ts3), max(ts3), min(ts0), max(tz3) FROM n.every;

-- [set] least alone, tame
SELECT min(ts3) FROM n.every;

-- [set] greatest alone, wild
SELECT max(ts) FROM n.every;

-- [set] least and greatest of the gateway
SELECT min(startTime), max(startTime), max(endTime) FROM LiteLLM_SpendLogs;

-- [set] greatest alone
SELECT max(startTime) FROM LiteLLM_SpendLogs;

-- [set] least of a key
-- bind: (SELECT api_key FROM LiteLLM_SpendLogs GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1)
SELECT min(startTime), max(startTime) FROM LiteLLM_SpendLogs WHERE api_key = ?;

-- [set] times in a list
SELECT k FROM n.times WHERE k IN ('2024-11-05 10:20:30', '2024-11-05', 'infinity', '0044-03-15 12:00:00 BC', NULL, 5, '2024-11-05 10:20:30');

-- [set] times of one table in another
SELECT id, ts3 FROM n.every WHERE ts3 IN (SELECT k FROM n.tame WHERE n < 5);

-- [set] joined by time
SELECT a.id, t.n FROM n.every AS a JOIN n.times AS t ON a.ts = t.k;

-- [set] with and without a zone never equal
SELECT count(*) FROM n.tame AS a JOIN n.zoned AS b ON a.k = b.k UNION ALL SELECT count(*) FROM n.tame AS a JOIN n.zoned AS b ON a.k || '+00:00' = b.k;

-- [list] ties of a time
SELECT id FROM n.many WHERE at = '2024-10-15 12:00:00' ORDER BY id;

-- [list] BETWEEN and NOT BETWEEN
SELECT id, at FROM n.many WHERE at BETWEEN '2024-10-05' AND '2024-10-06' AND at NOT BETWEEN '2024-10-05 08' AND '2024-10-05 16' ORDER BY at, id;

-- [set] a range from a subquery
SELECT count(*) FROM n.many WHERE at > (SELECT max(at) FROM n.many WHERE id < 10) AND at <= (SELECT max(at) FROM n.many);

-- [set] several bounds of a kind
SELECT count(*) FROM n.many WHERE at > '2024-10-05' AND at > '2024-10-10' AND at < '2024-11-01' AND at <= '2024-10-20 23:59:59.999' AND at <> '2024-10-15 12:00:00';

-- [set] functions of time
SELECT date(at, 'start of month'), strftime('%H', at), count(*) FROM n.many GROUP BY 1, 2;

-- [list] the week of a request
SELECT strftime('%W', startTime) AS week, strftime('%w', startTime) AS day, count(*) FROM LiteLLM_SpendLogs GROUP BY 1, 2 ORDER BY 1, 2;

-- [list] since a time that is reckoned
SELECT count(*) FROM LiteLLM_SpendLogs WHERE startTime >= datetime('2024-11-20', '-30 days') AND startTime < datetime('2024-11-20');

-- [list] by hour, with a bound of the unix time
SELECT unixepoch(startTime) / 3600 AS hour, count(*) FROM LiteLLM_SpendLogs WHERE unixepoch(startTime) BETWEEN unixepoch('2024-10-01') AND unixepoch('2024-10-03') GROUP BY 1 ORDER BY 1;

-- ---------------------------------------------------------------------------- order, limit, ties

-- [list] by an index of two columns
SELECT n, at, id FROM n.many ORDER BY n, at, id LIMIT 300;

-- [list] both backwards
SELECT n, at, id FROM n.many ORDER BY n DESC, at DESC, id LIMIT 300;

-- [list] one up, one down
SELECT n, at, id FROM n.many ORDER BY n, at DESC, id LIMIT 300;

-- [list] of one value
SELECT at, id FROM n.many WHERE n = 5 ORDER BY at, id LIMIT 10 OFFSET 40;

-- [list] of one value, given twice
SELECT n, at, id FROM n.many WHERE n = 5 AND n = '5' ORDER BY n, at DESC, id LIMIT 10;

-- [list] of NULL
SELECT at, id FROM n.many WHERE n IS NULL ORDER BY at DESC, id LIMIT 10;

-- [list] by the row behind the index
SELECT n, rowid FROM n.many ORDER BY n, rowid LIMIT 500 OFFSET 200;

-- [list] backwards
SELECT n, rowid FROM n.many ORDER BY n DESC, rowid DESC LIMIT 100;

-- [list] up and the row down
SELECT n, rowid FROM n.many ORDER BY n, rowid DESC LIMIT 100;

-- [list] by nothing but the row
SELECT rowid, a FROM n.many WHERE a = 'x' ORDER BY rowid DESC LIMIT 7;

-- [list] an offset behind the end
SELECT id FROM n.many ORDER BY at LIMIT 10 OFFSET 5000;

-- [list] a limit of none
SELECT id FROM n.many ORDER BY at LIMIT 0;

-- [set] without a limit
SELECT count(*) FROM (SELECT id FROM n.many ORDER BY at LIMIT -1 OFFSET 1490);

-- [set] an offset that is negative
SELECT count(*) FROM (SELECT id FROM n.many ORDER BY at LIMIT 20 OFFSET -5);

-- [list] limit and offset as parameters
-- bind: 5, 10
SELECT id, at FROM n.many ORDER BY at, id LIMIT ? OFFSET ?;

-- [set] an offset beside a condition between columns of the table, of which no plan is told
SELECT count(*) FROM (SELECT 1 FROM LiteLLM_SpendLogs WHERE startTime = requester_ip_address LIMIT 50 OFFSET 0);

-- [list] the same in an order that an index gives
SELECT "limit", "from" FROM n."order" WHERE "limit" IS "from" ORDER BY "limit" DESC, rowid LIMIT 10 OFFSET 0;

-- [list] and one that the planner could not turn around
SELECT id, n FROM n.many WHERE +n = id - 20 ORDER BY id LIMIT 10 OFFSET 2;

-- [set] how many an offset leaves
SELECT count(*) FROM (SELECT 1 FROM n.many LIMIT 100 OFFSET 1450);

-- [set] an offset behind a condition that an index answers
SELECT count(*) FROM (SELECT 1 FROM n.many WHERE n = 5 LIMIT 1000 OFFSET 100);

-- [set] behind one that it does not
SELECT count(*) FROM (SELECT 1 FROM n.many WHERE n = 5 AND s > 'A' LIMIT 1000 OFFSET 50);

-- [set] behind a list
SELECT count(*) FROM (SELECT 1 FROM n.many WHERE n IN (1, 2, 2, NULL, '3') LIMIT 1000 OFFSET 30);

-- [set] behind a range
SELECT count(*) FROM (SELECT 1 FROM n.many WHERE at >= '2024-10-10' AND at < '2024-10-20' LIMIT 1000 OFFSET 30);

-- [set] behind a range with a text that is a number
SELECT count(*) FROM (SELECT 1 FROM n.many WHERE n > '1' LIMIT 1000 OFFSET 30);

-- [set] behind an outer join
SELECT count(*) FROM (SELECT 1 FROM n.many AS a LEFT JOIN n.every AS b ON a.ref = b.id AND b.b LIMIT 1000 OFFSET 700);

-- [set] behind distinct
SELECT count(*) FROM (SELECT DISTINCT n FROM n.many LIMIT 1000 OFFSET 4);

-- [set] behind a group
SELECT count(*) FROM (SELECT n, count(*) FROM n.many GROUP BY n LIMIT 1000 OFFSET 4);

-- [list] by an expression
SELECT id, abs(n) FROM n.many ORDER BY abs(n), id LIMIT 40;

-- [list] by a number of the list
SELECT n, id FROM n.many ORDER BY 1 DESC, 2 LIMIT 40;

-- [list] in a list that is sorted
SELECT id, n, at FROM n.many WHERE n IN (5, 1, 10) ORDER BY n, at, id LIMIT 200;

-- [list] in a list that is sorted backwards
SELECT id, n FROM n.many WHERE n IN (5, 1, 10) ORDER BY n DESC, id LIMIT 200;

-- [list] a list, by time alone
SELECT id, at FROM n.many WHERE n IN (5, 1, 10) ORDER BY at DESC, id LIMIT 20;

-- [list] grouped by two
SELECT n, b, count(*), max(at) FROM n.many GROUP BY n, b ORDER BY n, b;

-- [list] grouped and sorted backwards
SELECT n, count(*) FROM n.many GROUP BY n ORDER BY n DESC;

-- [list] grouped by time
SELECT at, count(*) FROM n.many GROUP BY at HAVING count(*) > 1 ORDER BY at;

-- [list] grouped by reals, NaN among them
SELECT f8, count(*) FROM n.every GROUP BY f8 ORDER BY f8;

-- [set] distinct reals
SELECT DISTINCT f8 FROM n.every;

-- [set] distinct singles
SELECT DISTINCT f4, b FROM n.every;

-- [list] distinct times, wild
SELECT DISTINCT ts FROM n.every ORDER BY ts DESC;

-- [list] distinct times, tame, limited
SELECT DISTINCT ts3 FROM n.every ORDER BY ts3 LIMIT 9 OFFSET 2;

-- [set] counts of distinct values
SELECT count(DISTINCT a), count(DISTINCT n), count(DISTINCT at), count(DISTINCT x), count(DISTINCT b), count(DISTINCT s) FROM n.many;

-- [set] grouped by wild times
SELECT ts, count(*) FROM n.every GROUP BY ts;

-- ---------------------------------------------------------------------------- joins

-- [set] by a relation
SELECT m.id, e.id, e.s FROM n.many AS m JOIN n.every AS e ON m.ref = e.id WHERE m.n = 3;

-- [set] left by a relation
SELECT m.id, e.id, e.b FROM n.many AS m LEFT JOIN n.every AS e ON m.ref = e.id WHERE m.n = 2;

-- [set] left, with a condition on the right side
SELECT m.id, e.id FROM n.many AS m LEFT JOIN n.every AS e ON m.ref = e.id AND e.b = 1 WHERE m.n = 2;

-- [set] left, without those that have a partner
SELECT m.id, m.ref FROM n.many AS m LEFT JOIN n.every AS e ON m.ref = e.id WHERE e.id IS NULL;

-- [set] right
SELECT m.id, e.id FROM n.many AS m RIGHT JOIN n.every AS e ON m.ref = e.id AND m.n = 10 WHERE e.id < 60;

-- [set] full
SELECT a.k, b.k FROM n.ints AS a FULL JOIN n.floats AS b ON a.k = b.k;

-- [set] a table with itself
SELECT a.id, b.id FROM n.many AS a JOIN n.many AS b ON a.at = b.at AND a.id < b.id;

-- [set] a table with itself by a unique key
SELECT a.p, b.q FROM n.pairs AS a JOIN n.pairs AS b ON a.u = b.u;

-- [set] by a key of two columns
SELECT a.p, a.q, b.u FROM n.pairs AS a JOIN n.pairs AS b ON a.p = b.p AND a.q = b.q WHERE a.q < 3;

-- [set] by a part of it
SELECT count(*) FROM n.pairs AS a JOIN n.pairs AS b ON a.q = b.q;

-- [set] natural
SELECT count(*) FROM n.ints NATURAL JOIN n.texts;

-- [set] cross
SELECT count(*) FROM n.bools, n.uuids, n.keyless;

-- [set] without an equality
SELECT a.k, b.k FROM n.ints AS a JOIN n.ints AS b ON a.k < b.k AND b.k < 11 AND a.k > 0;

-- [set] by a range
SELECT t.k, count(m.id) FROM n.tame AS t LEFT JOIN n.many AS m ON m.at >= t.k AND m.at < datetime(t.k, '+1 day') GROUP BY t.k;

-- [set] three tables
SELECT m.id, e.id, t.n FROM n.many AS m JOIN n.every AS e ON e.id = m.ref JOIN n.texts AS t ON t.k = m.s WHERE m.b = 1;

-- [set] four tables of two databases
SELECT s.request_id, v.key_alias, m.id, e.id FROM LiteLLM_SpendLogs AS s JOIN LiteLLM_VerificationToken AS v ON v.token = s.api_key
JOIN n.many AS m ON m.at > s.startTime AND m.at < s.endTime LEFT JOIN n.every AS e ON e.id = m.ref;

-- [set] two databases by numbers
SELECT s.request_id, i.n FROM LiteLLM_SpendLogs AS s JOIN n.ints AS i ON s.total_tokens = i.k WHERE i.k > 0;

-- [list near] five tables
SELECT t.team_alias, u.user_role, v.key_alias, o.organization_alias, count(*), sum(s.spend) FROM LiteLLM_SpendLogs AS s
JOIN LiteLLM_VerificationToken AS v ON s.api_key = v.token LEFT JOIN LiteLLM_UserTable AS u ON s.user = u.user_id
LEFT JOIN LiteLLM_TeamTable AS t ON s.team_id = t.team_id LEFT JOIN LiteLLM_OrganizationTable AS o ON t.organization_id = o.organization_id
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;

-- [set near] six tables
SELECT b.budget_id, count(*), sum(s.spend) FROM LiteLLM_SpendLogs AS s JOIN LiteLLM_VerificationToken AS v ON s.api_key = v.token JOIN LiteLLM_UserTable AS u ON v.user_id = u.user_id
LEFT JOIN LiteLLM_TeamMembership AS m ON m.user_id = u.user_id LEFT JOIN LiteLLM_TeamTable AS t ON t.team_id = m.team_id LEFT JOIN LiteLLM_BudgetTable AS b ON b.budget_id = v.budget_id
GROUP BY b.budget_id;

-- [set] USING and a merged column
SELECT team_id, team_alias, count(*) FROM LiteLLM_SpendLogs JOIN LiteLLM_TeamTable USING (team_id) GROUP BY team_id, team_alias;

-- [set] semi and anti joins
SELECT user_id FROM LiteLLM_UserTable AS u WHERE EXISTS (SELECT 1 FROM LiteLLM_SpendLogs AS s WHERE s.user = u.user_id AND s.startTime > '2024-11-01')
AND NOT EXISTS (SELECT 1 FROM LiteLLM_AuditLog AS a WHERE a.changed_by = u.user_id);

-- [set] a join in a list's subquery
SELECT count(*) FROM LiteLLM_SpendLogs WHERE api_key IN (SELECT v.token FROM LiteLLM_VerificationToken AS v JOIN LiteLLM_UserTable AS u ON u.user_id = v.user_id WHERE u.user_role = 'customer');

-- [set] OR over two indexes
SELECT id FROM n.many WHERE n = 3 OR a = 'zebra' OR ref = 7 OR at = '2024-10-15 12:00:00';

-- [set] OR with AND
SELECT id FROM n.many WHERE (n = 3 AND a = 'x') OR (n = 5 AND a = 'b' AND b = 1) OR id = 11;

-- [set] OR in a join
SELECT m.id, t.n FROM n.many AS m JOIN n.texts AS t ON t.k = m.a OR t.k = m.s WHERE m.n = 10;

-- [set] left join and a view
WITH used(ref, requests) AS (SELECT ref, count(*) FROM n.many GROUP BY ref) SELECT e.id, u.requests FROM n.every AS e LEFT JOIN used AS u ON u.ref = e.id WHERE e.id < 100;

-- ---------------------------------------------------------------------------- lists

-- [set] keys
SELECT id, a FROM n.many WHERE id IN (1, 5, 5, 1000000, -1, 7.0, '8', '9.0', 10.5, NULL, x'35', 'x');

-- [set] keys from rows
SELECT id FROM n.many WHERE id IN (SELECT ref FROM n.many WHERE n = 5);

-- [set] negative ones too
SELECT count(*) FROM n.many WHERE id NOT IN (SELECT ref FROM n.many WHERE ref IS NOT NULL);

-- [set] of texts, with an index on two columns
SELECT id FROM n.many WHERE a IN ('x', 'zebra', 'none', '', 'x') AND at >= '2024-10-20';

-- [set] of two columns at once
SELECT id FROM n.many WHERE a IN ('x', 'b') AND n IN (1, 2, 5) AND b IN (0);

-- [set] with a condition in between
SELECT id FROM n.many WHERE n IN (1, 2) AND at > '2024-10-10' AND at < '2024-10-20' AND a = 'x';

-- [set] with one element
SELECT id FROM n.many WHERE n IN (5) AND a IN ('a');

-- [set] with NULL alone
SELECT id FROM n.many WHERE n IN (NULL);

-- [set] a parameter among them
-- bind: 3, '5', NULL
SELECT count(*) FROM n.many WHERE n IN (?1, ?2, ?3);

-- [set] rows of values
SELECT p, q FROM n.pairs WHERE (q, k2) IN (VALUES (1, 5), (2, 10), (3, NULL), (4, '1'));

-- [set] rows of a subquery
SELECT count(*) FROM n.pairs WHERE (k1, k2) IN (SELECT k3, k4 FROM n.pairs);

-- [set] a list in a join
SELECT a.id, b.k FROM n.many AS a JOIN n.ints AS b ON b.k = a.n WHERE b.k IN (1, 2, 3) AND a.a IN ('x', 'a');

-- [set] CASE in a list
SELECT id FROM n.many WHERE CASE WHEN n > 3 THEN a ELSE s END IN ('a', '5', 'x') AND id < 300;

-- [set] of a composite key, one half
SELECT user_id, team_id FROM LiteLLM_TeamMembership WHERE user_id IN (SELECT user_id FROM LiteLLM_UserTable) AND team_id IN (SELECT team_id FROM LiteLLM_TeamTable);

-- [set] correlated
SELECT e.id FROM n.every AS e WHERE e.i4 IN (SELECT m.n FROM n.many AS m WHERE m.ref = e.id);

-- ---------------------------------------------------------------------------- row values

-- [set] equal
SELECT id FROM n.many WHERE (n, b) = (5, 1);

-- [list] less, for a page
SELECT at, id FROM n.many WHERE (at, id) > ('2024-10-15 12:00:00', 100) ORDER BY at, id LIMIT 20;

-- [list] greater, for the page before
SELECT at, id FROM n.many WHERE (at, id) < ('2024-10-15 12:00:00', 100) ORDER BY at DESC, id DESC LIMIT 20;

-- [set] between
SELECT count(*) FROM n.many WHERE (n, x) BETWEEN (1, 0.5) AND (5, 1.5);

-- [set] IS
SELECT count(*) FROM n.many WHERE (n, x) IS (NULL, NULL) UNION ALL SELECT count(*) FROM n.many WHERE (n, x) IS NOT (NULL, 5);

-- ---------------------------------------------------------------------------- subqueries

-- [set] of one value for each row
SELECT e.id, (SELECT count(*) FROM n.many AS m WHERE m.ref = e.id), (SELECT max(at) FROM n.many AS m WHERE m.ref = e.id) FROM n.every AS e;

-- [set] the newest of each, by a limit
SELECT t.k, (SELECT m.id FROM n.many AS m WHERE m.a = t.k ORDER BY m.at DESC, m.id LIMIT 1) FROM n.texts AS t;

-- [set] above the mean of its kind
SELECT id FROM n.many AS a WHERE x > (SELECT avg(x) FROM n.many AS b WHERE b.n = a.n) AND id < 500;

-- [set] nested
SELECT id FROM n.many WHERE ref IN (SELECT id FROM n.every WHERE i4 IN (SELECT n FROM n.many WHERE at < '2024-10-03'));

-- [set] in FROM
SELECT d.day, d.requests FROM (SELECT date(at) AS day, count(*) AS requests FROM n.many GROUP BY day) AS d WHERE d.requests > 35;

-- [set] EXISTS with a range
SELECT t.k FROM n.tame AS t WHERE EXISTS (SELECT 1 FROM n.many AS m WHERE m.at > t.k);

-- [set] a value that is compared with another subquery's
SELECT (SELECT max(k) FROM n.ints) = (SELECT max(i8) FROM n.every), (SELECT min(k) FROM n.texts) IS '', (SELECT k FROM n.vacant, n.ints);

-- [set] a limit within
SELECT count(*), min(at), max(at) FROM (SELECT at FROM n.many WHERE b = 1 ORDER BY at DESC, id LIMIT 100 OFFSET 10);

-- [set] a correlated limit
SELECT e.id FROM n.every AS e WHERE e.id = (SELECT m.ref FROM n.many AS m WHERE m.ref >= e.id ORDER BY m.ref, m.id LIMIT 1);

-- ---------------------------------------------------------------------------- compounds

-- [set] UNION
SELECT k FROM n.ints UNION SELECT k FROM n.floats UNION SELECT n FROM n.many;

-- [set] UNION ALL
SELECT a, 1 FROM n.many WHERE n = 1 UNION ALL SELECT a, 2 FROM n.many WHERE n = 2 UNION ALL SELECT k, n FROM n.texts;

-- [set] INTERSECT
SELECT s FROM n.many INTERSECT SELECT k FROM n.texts INTERSECT SELECT a FROM n.many;

-- [set] EXCEPT
SELECT k FROM n.texts EXCEPT SELECT s FROM n.many EXCEPT SELECT a FROM n.many;

-- [list] with an order and a limit
SELECT at AS t FROM n.many WHERE n = 1 UNION SELECT k FROM n.tame UNION SELECT startTime FROM LiteLLM_SpendLogs WHERE startTime < '2024-09-05' ORDER BY t LIMIT 50 OFFSET 5;

-- [list] UNION ALL in order, by two indexes
SELECT at, id FROM n.many WHERE n = 1 UNION ALL SELECT at, id FROM n.many WHERE n = 2 ORDER BY 1 DESC, 2 LIMIT 30;

-- [set] NULLs are one
SELECT n FROM n.many UNION SELECT NULL INTERSECT SELECT n FROM n.many;

-- [set] VALUES
SELECT v.column1, m.id FROM (VALUES (1), (5), (NULL), ('10')) AS v LEFT JOIN n.many AS m ON m.n = v.column1 AND m.id < 100;

-- ---------------------------------------------------------------------------- windows

-- [list] numbered
SELECT id, row_number() OVER (PARTITION BY n ORDER BY at, id), rank() OVER (PARTITION BY n ORDER BY at) FROM n.many ORDER BY id LIMIT 400;

-- [list near] a running sum
SELECT id, sum(x) OVER (PARTITION BY a ORDER BY at, id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) FROM n.many WHERE x < 100 ORDER BY id;

-- [list] lag and lead
SELECT id, lag(at) OVER w, lead(at, 2, 'none') OVER w, first_value(id) OVER w FROM n.many WHERE a = 'x' WINDOW w AS (ORDER BY at, id) ORDER BY at, id;

-- [list] a range of peers
SELECT id, count(*) OVER (ORDER BY n RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM n.many WHERE id < 100 ORDER BY id;

-- [list near] the share of a day
SELECT day, total, total / sum(total) OVER (), dense_rank() OVER (ORDER BY requests DESC) FROM (SELECT date(startTime) AS day, sum(spend) AS total, count(*) AS requests FROM LiteLLM_SpendLogs GROUP BY day) ORDER BY day;

-- [list] the three newest of each key
SELECT api_key, startTime, request_id FROM (SELECT *, row_number() OVER (PARTITION BY api_key ORDER BY startTime DESC, request_id) AS place FROM LiteLLM_SpendLogs) WHERE place <= 3 ORDER BY api_key, place;

-- [list] ntile and percent_rank
SELECT id, ntile(4) OVER (ORDER BY at, id), percent_rank() OVER (ORDER BY n) FROM n.many WHERE b = 1 ORDER BY id LIMIT 200;

-- ---------------------------------------------------------------------------- common tables

-- [list] every day of a month, with its requests
WITH RECURSIVE day(d) AS (VALUES ('2024-10-01') UNION ALL SELECT date(d, '+1 day') FROM day WHERE d < '2024-10-31')
SELECT d, count(s.request_id) FROM day LEFT JOIN LiteLLM_SpendLogs AS s ON s.startTime >= d AND s.startTime < date(d, '+1 day') GROUP BY d ORDER BY d;

-- [set] a chain of references
WITH RECURSIVE chain(id, depth) AS (SELECT id, 0 FROM n.many WHERE id = 10 UNION SELECT m.ref, depth + 1 FROM chain JOIN n.many AS m ON m.id = chain.id WHERE m.ref IS NOT NULL AND depth < 20)
SELECT * FROM chain;

-- [list] one that is used twice
WITH d AS MATERIALIZED (SELECT date(at) AS day, count(*) AS c FROM n.many GROUP BY 1) SELECT a.day, a.c, b.c FROM d AS a LEFT JOIN d AS b ON b.day = date(a.day, '-1 day') ORDER BY a.day;

-- [list] one that is not kept
WITH d AS NOT MATERIALIZED (SELECT * FROM n.many WHERE n = 5) SELECT a.id, b.id FROM d AS a JOIN d AS b ON a.at = b.at AND a.id < b.id ORDER BY 1, 2;

-- [list] numbers to join with
WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c WHERE x < 50) SELECT x, (SELECT count(*) FROM n.many WHERE n = x), (SELECT id FROM n.every WHERE id = x) FROM c ORDER BY x;

-- ---------------------------------------------------------------------------- aggregates

-- [set] by condition
SELECT count(*) FILTER (WHERE n > 2), count(n) FILTER (WHERE a = 'x'), min(at) FILTER (WHERE b = 0), sum(n) FILTER (WHERE id > 100), max(a) FILTER (WHERE n IS NULL) FROM n.many;

-- [set] CASE
SELECT CASE WHEN n IS NULL THEN 'none' WHEN n < 0 THEN 'below' WHEN n = 0 THEN 'zero' ELSE 'above' END AS kind, count(*) FROM n.many GROUP BY kind;

-- [set] a bare column beside max
SELECT n, id, max(id) FROM n.many GROUP BY n;

-- [set] a bare column beside min
SELECT a, at, min(id) FROM n.many GROUP BY a;

-- [set] least and greatest of texts
SELECT min(a), max(a), min(s), max(s) FROM n.many;

-- [set] least of a text, alone
SELECT min(a) FROM n.many;

-- [set] greatest of a key, alone
SELECT max(k) FROM n.texts;

-- [set] least of a number with an index
SELECT min(n) FROM n.many;

-- [set] greatest of a number with an index
SELECT max(n) FROM n.many WHERE a = 'x';

-- [set] least of an expression
SELECT min(n + 0), max(-n), min(a || n) FROM n.many;

-- [set] least of no rows
SELECT min(n), max(at) FROM n.many WHERE n = 77;

-- [set] sums of integers
SELECT sum(n), total(n), avg(n), sum(id), count(n) FROM n.many;

-- [list] joined texts
SELECT n, group_concat(id, '-') FROM (SELECT n, id FROM n.many WHERE id < 200 ORDER BY n, id) GROUP BY n ORDER BY n;

-- [set] json aggregates
SELECT json_group_array(id), json_group_object(id, n) FROM (SELECT id, n FROM n.many WHERE n = 10 ORDER BY id);

-- [list] HAVING
SELECT a, n, count(*) FROM n.many GROUP BY a, n HAVING count(*) > 20 AND min(at) < '2024-10-03' ORDER BY 1, 2;

-- [set] HAVING without a group
SELECT count(*) FROM n.many HAVING count(*) > 5;

-- [set] a group of no rows
SELECT n, count(*) FROM n.many WHERE n = 77 GROUP BY n;

-- [set] distinct within
SELECT n, count(DISTINCT a), sum(DISTINCT ref), group_concat(DISTINCT b) FROM n.many WHERE b = 1 GROUP BY n;

-- ---------------------------------------------------------------------------- json and lists

-- [list] documents as they are
SELECT id, j, jb, json_valid(j), json_valid(jb), json_type(j), json_type(jb) FROM n.every WHERE j IS NOT NULL AND jb IS NOT NULL ORDER BY id;

-- [list] what is in them
SELECT id, jb -> 'a', jb ->> 'a', jb ->> '$.a.b[1]', json_extract(jb, '$[0]'), jb ->> 0 FROM n.every ORDER BY id;

-- [set] each element
SELECT e.id, x.key, x.value, x.type, x.atom FROM n.every AS e, json_each(e.jb) AS x WHERE e.id < 150;

-- [set] each element of each
SELECT e.id, x.fullkey, x.value FROM n.every AS e, json_tree(e.j) AS x WHERE x.type = 'integer';

-- [list] lists
SELECT id, l, json_array_length(l), l ->> '$[0]', l ->> '$[#-1]', json_type(l, '$[0]') FROM n.every ORDER BY id;

-- [set] elements of lists
SELECT x.value, count(*), count(DISTINCT e.id) FROM n.every AS e, json_each(e.l) AS x GROUP BY x.value;

-- [set] a list as a text
SELECT id FROM n.every WHERE l = '["a","b"]' OR l = '[]' OR l LIKE '%null%';

-- [set] lists of the gateway
SELECT m.value, count(*) FROM LiteLLM_VerificationToken AS v, json_each(v.models) AS m GROUP BY 1 UNION ALL SELECT m.value, count(*) FROM LiteLLM_TeamTable AS t, json_each(t.members) AS m GROUP BY 1;

-- [set] members with their roles
SELECT t.team_alias, m.value ->> 'role', count(*) FROM LiteLLM_TeamTable AS t, json_each(t.members_with_roles) AS m GROUP BY 1, 2;

-- [set] members that are users
SELECT t.team_id, u.user_id FROM LiteLLM_TeamTable AS t, json_each(t.members) AS m JOIN LiteLLM_UserTable AS u ON u.user_id = m.value;

-- [set] numbers within documents
SELECT param_name, x.key, x.value, x.type, typeof(x.value) FROM LiteLLM_Config, json_each(param_value) AS x;

-- [set] metadata
SELECT metadata ->> '$.additional_usage_values.prompt_tokens_details.cached_tokens' AS cached, count(*) FROM LiteLLM_SpendLogs GROUP BY 1;

-- [set] the tags of one team
SELECT DISTINCT tag.value FROM LiteLLM_SpendLogs AS s, json_each(s.request_tags) AS tag WHERE s.team_id = (SELECT max(team_id) FROM LiteLLM_TeamTable);

-- [set] a document compared with a text
SELECT count(*) FROM n.every WHERE jb = '{}' UNION ALL SELECT count(*) FROM n.every WHERE jb = 5 UNION ALL SELECT count(*) FROM n.every WHERE j > '[' UNION ALL SELECT count(*) FROM n.every WHERE jb = 'null';

-- ---------------------------------------------------------------------------- composite keys and indexes

-- [set] a whole key
-- bind: (SELECT p FROM n.pairs ORDER BY q DESC, p LIMIT 1), (SELECT q FROM n.pairs ORDER BY q DESC, p LIMIT 1)
SELECT * FROM n.pairs WHERE p = ? AND q = ?;

-- [set] with the wrong types
-- bind: (SELECT p FROM n.pairs ORDER BY q DESC, p LIMIT 1), (SELECT q || '.0' FROM n.pairs ORDER BY q DESC, p LIMIT 1)
SELECT * FROM n.pairs WHERE p = ? AND q = ?;

-- [set] a number that stands for a text in front of one that stands for itself
SELECT count(*) FROM n.many AS m CROSS JOIN n.pairs AS p ON m.id = p.k4 AND +m.n = p.k3;

-- [set] the same in an index, before a range
SELECT count(*) FROM n.texts AS t CROSS JOIN n.many AS m ON m.a = +t.n AND m.n = 5 UNION ALL SELECT count(*) FROM n.texts AS t CROSS JOIN n.many AS m ON m.a = +t.n AND m.at < '2024-10-05';

-- [set] the same as parameters
-- bind: 5, 5
SELECT (SELECT count(*) FROM n.pairs WHERE k3 = ?1 AND k4 = ?2), (SELECT count(*) FROM n.many WHERE a = ?1 AND n = ?2), (SELECT count(*) FROM n.many WHERE a = ?1 AND n IN (1, ?2)),
	(SELECT count(*) FROM n.many WHERE a = ?1 AND at >= '2024-10-20'), (SELECT count(*) FROM n.many WHERE a = ?1 AND b = 1 AND n > ?2);

-- [set] half a key
SELECT * FROM n.pairs WHERE q = 3;

-- [set] a nullable one
SELECT p, k1, k2 FROM n.pairs WHERE k1 = 'a' AND k2 = 5;

-- [set] its half
SELECT p, k1, k2 FROM n.pairs WHERE k1 = 'a';

-- [set] with a number for a text
SELECT p, k1, k2 FROM n.pairs WHERE k1 = 5 AND k2 = 5;

-- [set] with a list for a half
SELECT p, k1, k2 FROM n.pairs WHERE k1 IN ('a', 'A', '5', NULL) AND k2 = 10;

-- [set] with two lists
SELECT p, k1, k2 FROM n.pairs WHERE k1 IN ('a', 'A', '5', 'ä') AND k2 IN (0, 1, '5', 10.0, NULL);

-- [set] one that may be NULL once
SELECT p, u FROM n.pairs WHERE u = 12 OR u = '13' OR u = 14.0 OR u IS NULL;

-- [list] prefix and range
SELECT a, n, b, at, id FROM n.many WHERE a = 'x' AND n = 5 AND b = 1 ORDER BY id;

-- [list] a prefix, a gap and a range
SELECT id FROM n.many WHERE a = 'x' AND b = 0 AND at > '2024-10-15' ORDER BY id;

-- [list] a NULL in the prefix
SELECT id, at FROM n.many WHERE a IS NULL AND n IS NULL ORDER BY at, id;

-- [list] a prefix of a real
SELECT id, x, n FROM n.many WHERE x = 1.5 AND n > 2 ORDER BY id;

-- [list] a real behind a number
SELECT id, n, x FROM n.many WHERE n = 5 AND x >= 0.5 AND x < 5 ORDER BY x, id;

-- [list] a wild time in front
SELECT id, ts, i4 FROM n.every WHERE ts >= '2024-11-05' AND i4 > 0 ORDER BY ts, i4, id;

-- [list] a wild time behind
SELECT id, i8, tz FROM n.every WHERE i8 = 5 AND tz < '3000' ORDER BY tz, id;

-- [list] a boolean in the middle
SELECT id FROM n.every WHERE i2 = 5 AND b IS NULL AND ts3 > '1970' ORDER BY id;

-- [set] a range in front and an equality behind
SELECT id FROM n.every WHERE i4 > 0 AND ts3 = '2024-11-05 10:20:30' AND b = 1;

-- [list] integers of each width at their ends
SELECT id, i2, i4, i8 FROM n.every WHERE i2 IN (32767, -32768, 32768) OR i4 IN (2147483647, -2147483648, 2147483648) OR i8 >= 9223372036854775806 ORDER BY id;

-- [set] beyond a width
SELECT count(*) FROM n.every WHERE i2 > 32767 UNION ALL SELECT count(*) FROM n.every WHERE i2 < 40000 UNION ALL SELECT count(*) FROM n.every WHERE i2 >= -40000 UNION ALL SELECT count(*) FROM n.every WHERE i4 > 2147483648 UNION ALL
SELECT count(*) FROM n.every WHERE i4 < 1e300 UNION ALL SELECT count(*) FROM n.every WHERE i4 >= -9223372036854775808 UNION ALL SELECT count(*) FROM n.every WHERE i8 < -9223372036854775807 UNION ALL SELECT count(*) FROM n.every WHERE i8 > 9223372036854775806.5;

-- [list] by every index of a number, in order
SELECT id, i2 FROM n.every WHERE i2 >= 0 ORDER BY i2 DESC, id LIMIT 50;

-- [list] eight bytes
SELECT id, i8 FROM n.every ORDER BY i8, id;

-- [list] eight bytes, backwards
SELECT id, i8 FROM n.every WHERE i8 <= 9007199254740992 ORDER BY i8 DESC, id DESC LIMIT 60;

-- ---------------------------------------------------------------------------- more columns than a plan is told of

-- [list] all of them
SELECT * FROM n.wide ORDER BY rowid;

-- [list] one beyond, by an index of one in front
SELECT c1, c65, c69 FROM n.wide WHERE c1 = 1 ORDER BY rowid;

-- [list] by an index of one beyond
SELECT c65 FROM n.wide WHERE c65 > 3 ORDER BY c65, rowid;

-- [list] another one beyond than the index has
SELECT c64, c66, c68 FROM n.wide WHERE c65 >= 10 AND c65 < 40 ORDER BY c65, rowid;

-- [set] the last one by the one before
SELECT c69 FROM n.wide WHERE c62 = 5 UNION ALL SELECT c63 FROM n.wide WHERE c62 = 5 UNION ALL SELECT c68 FROM n.wide WHERE c1 = 2 AND c69 > 7;

-- [set] counted and summed
SELECT count(c69), sum(c68), min(c65), max(c66), count(DISTINCT c63), sum(c62) FROM n.wide;

-- [set] joined by one beyond
SELECT a.c0, b.c0, b.c67 FROM n.wide AS a JOIN n.wide AS b ON a.c65 = b.c66 WHERE a.c1 = 0;
