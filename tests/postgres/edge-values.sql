-- Sixteen rows in every table of a gateway that is empty, with the values at the edges of each type: every
-- column meets every value of its type, keys have the sizes at which a form of storage ends, and NULL stands
-- wherever it may. Foreign keys are kept: row i refers to row i.

SET client_min_messages = warning;
SET TimeZone = 'UTC';

-- Text that no compression makes small, so that a btree sees its whole size.
CREATE FUNCTION pg_temp.noise(size integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT left(string_agg(md5('noise' || n), 'g' ORDER BY n), size) FROM generate_series(1, size / 33 + 1) AS n
$$;

CREATE TEMPORARY TABLE edge (type text PRIMARY KEY, vals text[]);
INSERT INTO edge VALUES
	('text', ARRAY['', 'x', repeat('a', 15), repeat('a', 16), repeat('0f', 32), pg_temp.noise(400), pg_temp.noise(511),
	               pg_temp.noise(512), repeat('é', 50000), 'None', 'NULL', E'\\N', E'a\tb\nc\rd\\', E'\u0001\u00ad\ufeff',
	               NULL, 'deadbeefDEADBEEF', '😀 {"not": json', E'\b\f\x0b"''']),
	('double precision', ARRAY['0', '-0', '5e-324', '1.7976931348623157e308', 'NaN', 'Infinity', '-Infinity', '0.1',
	               '0.00022500000000000002', '1e22', '-2.2250738585072014e-308', NULL]),
	('integer', ARRAY['0', '-1', '127', '128', '-32769', '2147483647', '-2147483648', NULL]),
	('bigint', ARRAY['0', '-1', '4294967296', '9223372036854775807', '-9223372036854775808', '9007199254740993', NULL]),
	('boolean', ARRAY['true', 'false', NULL]),
	('timestamp(3) without time zone', ARRAY['2024-11-05 10:20:30.123', 'infinity', '-infinity',
	               '4713-11-24 00:00:00 BC', '294276-12-31 23:59:59.999', '1970-01-01', '1999-12-31 23:59:59.999',
	               '0001-01-01 BC', NULL]),
	('jsonb', ARRAY['{}', 'null', '[]', '""', '1e400', '-0.000', '{"a": 1.50, "b": [null, true, {"c": ""}]}',
	               '123456789012345678901234567890.123456789', '"\\u00e9\ud83d\ude00 \" \\ /"', '["x", "y"]', '2.5e-06',
	               '"{\"twice\": 1}"', NULL, '{"": {"": []}}', ('"' || repeat('ß', 40000) || '"')]),
	('text[]', ARRAY['{}', '{NULL}', '{""}', '{a,b}', '{"NULL",NULL,"c d","e\"f","g\\h","{i}","j,k"}', '[2:3]={a,b}',
	               '{{a,b},{c,NULL}}', '[0:0][-1:0]={{"x y",z}}', NULL, '{deadbeefdeadbeef}']);

CREATE TEMPORARY TABLE edge_key (number serial, value text);
INSERT INTO edge_key (value) VALUES (''), ('x'), (repeat('a', 15)), (repeat('a', 16)), (repeat('0f', 32)),
	(pg_temp.noise(400)), (pg_temp.noise(511)), (pg_temp.noise(512)), (pg_temp.noise(1300)), ('None'), ('NULL'),
	(E'\\N'), ('key é😀'), (' x'), (E'tab\there'), ('X');

-- The columns of a table, what each refers to, and whether it is in a key.
CREATE TEMPORARY VIEW edge_column AS
	SELECT c.relname, a.attname, a.attnum, a.attnotnull, format_type(a.atttypid, a.atttypmod) AS type,
	       EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'f'
	               AND a.attnum = ANY (k.conkey)) AS refers,
	       EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisunique
	               AND a.attnum = ANY (i.indkey::smallint[])) AS is_unique
	FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
	WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped;

CREATE FUNCTION pg_temp.edge_value(c edge_column, i integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	vals text[] := (SELECT e.vals FROM edge AS e WHERE e.type = c.type);
	value text;
BEGIN
	IF c.refers AND NOT c.attnotnull AND i % 3 = 0 THEN
		RETURN NULL;
	ELSIF (c.is_unique OR c.refers) AND c.type = 'integer' THEN
		RETURN i::text;
	ELSIF c.is_unique OR c.refers THEN
		RETURN (SELECT k.value FROM edge_key AS k WHERE k.number = i);
	END IF;
	value := vals[1 + (i + c.attnum) % array_length(vals, 1)];
	RETURN CASE WHEN value IS NULL AND c.attnotnull THEN vals[1] ELSE value END;
END $$;

DO $$
DECLARE
	t text;
BEGIN
	FOREACH t IN ARRAY ARRAY['BudgetTable', 'OrganizationTable', 'ModelTable', 'TeamTable', 'UserTable',
	                         'ProxyModelTable', 'VerificationToken', 'EndUserTable', 'Config', 'SpendLogs', 'ErrorLogs',
	                         'UserNotifications', 'TeamMembership', 'OrganizationMembership', 'InvitationLink', 'AuditLog'] LOOP
		t := 'LiteLLM_' || t;
		FOR i IN 1..16 LOOP
			EXECUTE (SELECT format('INSERT INTO %I (%s) VALUES (%s)', t, string_agg(quote_ident(c.attname), ', '),
			                       string_agg(quote_nullable(pg_temp.edge_value(c, i)) || '::' || c.type, ', '))
			         FROM edge_column AS c WHERE c.relname = t);
		END LOOP;
	END LOOP;
END $$;

UPDATE "LiteLLM_SpendLogs" SET api_base = repeat('0123456789', 1000000) WHERE request_id = 'x';
SELECT setval('"LiteLLM_ModelTable_id_seq"', 41);
