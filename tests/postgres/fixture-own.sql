-- A database of its own: types, names, constraints and values that no gateway has, but a Postgres may.
-- Everything of interest is in the schema "Böhm & Söhne"; `public` has a little, so that two schemas meet.

SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';

CREATE TABLE public.bystander (id integer PRIMARY KEY, note text);
INSERT INTO public.bystander VALUES (1, 'not in the schema that is read');

CREATE SCHEMA "Böhm & Söhne";
COMMENT ON SCHEMA "Böhm & Söhne" IS 'A schema''s comment, with a quote; and a
second line';
SET search_path = "Böhm & Söhne";

-- ------------------------------------------------------------------ types

CREATE TYPE "Mood" AS ENUM ('sad', 'ok', 'very "happy"', 'it''s, {fine}');
ALTER TYPE "Mood" ADD VALUE 'before ok' BEFORE 'ok';
COMMENT ON TYPE "Mood" IS 'labels out of order of their making';
CREATE TYPE empty_enum AS ENUM ();

CREATE DOMAIN positive AS integer DEFAULT 1 CHECK (VALUE > 0);
CREATE DOMAIN small_positive AS positive CONSTRAINT not_so_big CHECK (VALUE < 1000) NOT NULL;
CREATE DOMAIN code AS character varying(12) COLLATE "C" CHECK (VALUE ~ '^[A-Z%/]+$');
CREATE DOMAIN amount AS numeric(12, 4);
CREATE DOMAIN mood_of AS "Mood" DEFAULT 'ok';
COMMENT ON DOMAIN code IS 'upper case';
COMMENT ON CONSTRAINT not_so_big ON DOMAIN small_positive IS 'below a thousand';

-- ------------------------------------------------------------------ sequences

CREATE SEQUENCE never_called;
CREATE SEQUENCE "Down Under" AS smallint INCREMENT BY -3 MINVALUE -30 MAXVALUE 30 START WITH 30 CACHE 7 CYCLE;
CREATE SEQUENCE far AS bigint START WITH 9223372036854775000;
COMMENT ON SEQUENCE far IS 'near its end';
SELECT nextval('"Down Under"'), setval('far', 9223372036854775806);

-- ------------------------------------------------------------------ types that are carried by their text

CREATE TABLE carried (
	id uuid PRIMARY KEY,
	exact numeric,
	price numeric(20, 5) DEFAULT 0.00000,
	day date,
	clock time(3) without time zone,
	zoned time with time zone,
	span interval,
	host inet,
	net cidr,
	mac macaddr,
	fixed character(5),
	letter "char",
	bits bit(5),
	more_bits bit varying(70),
	cash money,
	place point,
	area polygon,
	words tsvector,
	question tsquery,
	doc xml,
	whole int4range,
	numbers integer[],
	table_of_numbers integer[][],
	table_of_words text[],
	moods "Mood"[],
	domains positive[],
	mood "Mood" DEFAULT 'ok'::"Mood",
	name name,
	object oid,
	short amount,
	days date[],
	docs jsonb[]
);
INSERT INTO carried VALUES
	('00000000-0000-0000-0000-000000000000', NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	 NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	 NULL, NULL, NULL),
	('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'NaN', 123456789012345.67891, '0044-03-15 BC', '24:00',
	 '23:59:59.999999+15:59', '1 year -2 mons +3 days -04:05:06.789', '::ffff:10.0.0.1/120', '10.1.2.0/24',
	 '08:00:2b:01:02:03', 'ab', 'x', B'10101', B'', '-12.34', '(1.5,-2e300)', '((0,0),(1,1),(1,0))',
	 'a:1A fat:2B,4C', 'fat & (rat | cat:*)', '<a href="x">y</a>', '[1,10)', '{1,NULL,3}', '{{1,2},{3,4}}',
	 '{{a,NULL},{"NULL","c,\"d"}}', '{sad,NULL,"very \"happy\""}', '{1,2}', 'it''s, {fine}', 'a name', 4294967295,
	 99999999.9999, '{infinity,-infinity,2024-02-29}', ARRAY['{"a": [1, 2.50]}', 'null', NULL]::jsonb[]),
	('ffffffff-ffff-ffff-ffff-ffffffffffff', repeat('9', 200)::numeric + 0.000000000000000000001, -0.00001,
	 'infinity', '00:00:00.001', '00:00:00-15:59', '178000000 years', '0.0.0.0/0', '::/0', 'ff:ff:ff:ff:ff:ff',
	 '', '', B'00000', repeat('10', 35)::bit varying, '92233720368547758.07', '(NaN,Infinity)',
	 '((0,0))', '', '', NULL, 'empty', '{}', '[0:1][-1:0]={{1,2},{3,4}}', '[5:6]={x,y}', '{}', '{}', 'sad',
	 repeat('n', 63), 0, -0.0001, '{}', '{}');

-- ------------------------------------------------------------------ types of coffer's own, at their ends

CREATE TABLE extremes (
	id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 10) PRIMARY KEY,
	tiny smallint,
	middle integer,
	large bigint,
	single real,
	double double precision,
	yes boolean,
	"when" timestamp without time zone,
	"when ms" timestamp(3) without time zone,
	"when zoned" timestamp with time zone,
	"when zoned s" timestamp(0) with time zone,
	short character varying(20),
	long text,
	raw bytea,
	loose json,
	tight jsonb,
	tags text[],
	twice numeric GENERATED ALWAYS AS (middle::numeric * 2) STORED
);
COMMENT ON TABLE extremes IS 'the ends of every type';
COMMENT ON COLUMN extremes."when" IS 'E''\n'' is not a line end, but this
is';
INSERT INTO extremes (tiny, middle, large, single, double, yes, "when", "when ms", "when zoned", "when zoned s") VALUES
	(-32768, -2147483648, -9223372036854775808, '-Infinity', '-Infinity', false,
	 '-infinity', '-infinity', '-infinity', '-infinity'),
	(32767, 2147483647, 9223372036854775807, 'Infinity', 'Infinity', true,
	 'infinity', 'infinity', 'infinity', 'infinity'),
	(0, 0, 0, 'NaN', 'NaN', NULL, '4713-11-24 00:00:00 BC', '4713-11-24 00:00:00 BC',
	 '4713-11-24 00:00:00+00 BC', '4713-11-24 00:00:00+00 BC'),
	(1, 1, 1, '-0', '-0', true, '294276-12-31 23:59:59.999999', '294276-12-31 23:59:59.999',
	 '294276-12-31 23:59:59.999999+00', '294276-12-31 23:59:59+00'),
	(-1, -1, -1, 1.401298464324817e-45, 5e-324, false, '1970-01-01', '1969-12-31 23:59:59.999',
	 '1999-12-31 23:59:59.999999+00', '2000-01-01 00:00:00+00'),
	(NULL, NULL, NULL, 3.4028235e38, 1.7976931348623157e308, NULL, '2000-01-01', '2024-02-29 12:34:56.789',
	 '2024-02-29 12:34:56.789+05:45', NULL),
	(7, 16777217, 9007199254740993, 0.1, 0.00022500000000000002, true, '0001-01-01', '0001-12-31 BC', NULL, NULL),
	(8, 255, 65536, 1e10, 1e22, true, '2024-11-05 10:20:30.12', '2024-11-05 10:20:30.120', NULL, NULL);
INSERT INTO extremes (tiny, short, long, raw)
	SELECT n, left(repeat('ü', 20), least(n, 20)), repeat('x', n), decode(repeat('00ff', n / 2), 'hex')
	FROM unnest(ARRAY[0, 1, 15, 16, 400, 511, 512, 100000, 10000000]) AS s (size)
	CROSS JOIN LATERAL (SELECT size AS n) AS t WHERE n <= 512;
INSERT INTO extremes (tiny, long, raw)
	VALUES (1000, repeat('0123456789abcdef', 6250), decode(repeat('5c', 100000), 'hex')),
	       (1001, repeat('long ß ', 1428571) || 'end', NULL), (1002, repeat('y', 10000000), repeat('z', 10000000)::bytea);
INSERT INTO extremes (tiny, long) VALUES
	(2000, 'deadbeefdeadbeef'), (2001, 'DEADBEEFDEADBEEF'), (2002, 'deadbeefdeadbee'),
	(2003, 'deadbeefdeadbeefd'), (2004, repeat('0', 64)), (2005, repeat('e3b0c44298fc1c14', 4)),
	(2006, E'tab\tline\nreturn\rback\\slash\\N\\.'), (2007, E'\\.'), (2008, E'\\N'), (2009, 'NULL'),
	(2010, U&'\0001\001F\007F\0080\FEFF\FFFD\+01F600\+10FFFF'), (2011, ' leading and trailing '),
	(2012, '"quoted", ''single'' and $$dollar$$'), (2013, NULL);
INSERT INTO extremes (tiny, loose, tight) VALUES
	(3000, NULL, NULL), (3001, 'null', 'null'), (3002, '{}', '{}'), (3003, '[]', '[]'), (3004, '""', '""'),
	(3005, '{"a": 1, "a": 2,   "b":[1.50, 1e3 ]}', '{"bb": 1, "a": 2, "a": 3, "": [1.50, 1e3]}'),
	(3006, '1e400', '1e400'), (3007, '0.1000000000000000055511151231257827', '12345678901234567890.12345678901234567890'),
	(3008, '-0', '-0'), (3009, '1E-400', '1e-400'), (3010, '"\u00e9\u0000"', '"\u00e9 \ud83d\ude00 \\ \" \/"'),
	(3011, '{"x":{"y":{"z":[null,true,false,"",{}]}}}', '{"x":{"y":{"z":[null,true,false,"",{}]}}}'),
	(3012, ('"' || repeat('j', 70000) || '"')::json, ('[' || repeat('1,', 50000) || '2]')::jsonb),
	(3013, '   7   ', '   7   '), (3014, E'[\n\t1]', E'[\n\t1]');
INSERT INTO extremes (tiny, tags) VALUES
	(4000, NULL), (4001, '{}'), (4002, '{NULL}'), (4003, '{""}'), (4004, ARRAY['NULL', 'null', NULL]),
	(4005, ARRAY['a,b', '{c}', 'd"e', E'f\\g', ' h ', E'i\nj']), (4006, '[0:1]={a,b}'), (4007, '[-3:-3]={x}'),
	(4008, '{{a,b},{c,d}}'), (4009, ARRAY[repeat('w', 5000), repeat('ü', 300)]),
	(4010, (SELECT array_agg(n::text) FROM generate_series(1, 1000) AS n)), (4011, '{{{1}}}'),
	(4012, ARRAY['deadbeefdeadbeef']);
INSERT INTO extremes (tiny, raw) VALUES (5000, ''), (5001, '\x00'), (5002, '\xdeadbeef'), (5003, E'\\\\');

-- ------------------------------------------------------------------ names

CREATE TABLE "select" (
	"from" integer PRIMARY KEY,
	"Mixed Case" text NOT NULL DEFAULT 'a "default" with ''quotes''',
	"user" text,
	"100%/""quoted"" 'name' \back" text,
	"ü" integer DEFAULT -1,
	constraint_ text CONSTRAINT "a check, named" CHECK (constraint_ <> ''),
	CONSTRAINT "Unique/100%" UNIQUE ("Mixed Case", "user")
);
COMMENT ON CONSTRAINT "a check, named" ON "select" IS 'no empty ones';
COMMENT ON CONSTRAINT "Unique/100%" ON "select" IS 'NULLs are distinct';
COMMENT ON COLUMN "select"."100%/""quoted"" 'name' \back" IS 'odd';
INSERT INTO "select" VALUES (1, 'a', NULL, '%', 1, 'x'), (2, 'a', NULL, '/', 2, NULL), (3, 'a', 'b', '"', NULL, 'y');

CREATE TABLE "100% of ""a/b"" tables" ("a%b/c" text, "%25" text, PRIMARY KEY ("a%b/c", "%25"));
CREATE INDEX "i%d/x ""y"" z" ON "100% of ""a/b"" tables" ("%25");
INSERT INTO "100% of ""a/b"" tables" VALUES ('%', '/'), ('/', '%'), ('', '');

CREATE TABLE "n63_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" (
	"c63_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" integer,
	"c63_üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü" text,
	CONSTRAINT "k63_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		PRIMARY KEY ("c63_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
);
INSERT INTO "n63_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" VALUES (1, 'long names');

CREATE TABLE upper (a integer);
CREATE TABLE "Upper" (a integer);
CREATE TABLE "UPPER" (a integer);
INSERT INTO upper VALUES (1);
INSERT INTO "Upper" VALUES (2);
INSERT INTO "UPPER" VALUES (3), (3), (NULL);

-- ------------------------------------------------------------------ empty ones

CREATE TABLE no_rows (id serial PRIMARY KEY, made timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE no_columns ();
CREATE TABLE no_columns_but_rows ();
INSERT INTO no_columns_but_rows DEFAULT VALUES;
INSERT INTO no_columns_but_rows DEFAULT VALUES;
CREATE TABLE dropped (a integer, b text, c integer DEFAULT 3, d text);
ALTER TABLE dropped DROP COLUMN b;
ALTER TABLE dropped ADD COLUMN e bigint NOT NULL DEFAULT 5;
CREATE INDEX dropped_idx ON dropped (e, c);
INSERT INTO dropped VALUES (1, 2, 'd', 6), (NULL, NULL, NULL, 7);

-- ------------------------------------------------------------------ keys, indexes, constraints

CREATE TABLE indexed (
	id serial PRIMARY KEY,
	kind code,
	level positive NOT NULL,
	feeling mood_of,
	title text COLLATE "C",
	body text,
	data jsonb,
	words text[],
	at timestamp with time zone DEFAULT now() NOT NULL,
	during tsrange,
	"from" inet,
	weight double precision,
	flag boolean DEFAULT false NOT NULL,
	CONSTRAINT not_at_once EXCLUDE USING gist (during WITH &&) WHERE (flag),
	CONSTRAINT late UNIQUE (title, kind) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT "with more" UNIQUE (level) INCLUDE (flag) WITH (fillfactor=60),
	CONSTRAINT no_nulls_twice UNIQUE NULLS NOT DISTINCT (weight),
	CHECK (level < 500),
	CONSTRAINT two_columns CHECK (weight IS NULL OR weight >= level::double precision)
) WITH (fillfactor=70, autovacuum_enabled=false, toast.autovacuum_enabled=false);
COMMENT ON CONSTRAINT not_at_once ON indexed IS 'exclusion';
CREATE INDEX indexed_at_idx ON indexed (at DESC, level);
CREATE INDEX indexed_nulls_idx ON indexed (weight DESC NULLS LAST, at NULLS FIRST);
CREATE INDEX indexed_lower_idx ON indexed (lower(title), id);
CREATE INDEX indexed_mid_idx ON indexed (id, lower(body), level);
CREATE UNIQUE INDEX indexed_part_idx ON indexed (kind) WHERE flag AND title <> ''::text;
CREATE UNIQUE INDEX indexed_plain_idx ON indexed (id, level);
CREATE INDEX indexed_hash_idx ON indexed USING hash (kind);
CREATE INDEX indexed_gin_idx ON indexed USING gin (words);
CREATE INDEX indexed_path_idx ON indexed USING gin (data jsonb_path_ops) WITH (fastupdate=off);
CREATE INDEX indexed_brin_idx ON indexed USING brin (at) WITH (pages_per_range=16);
CREATE INDEX indexed_net_idx ON indexed USING gist ("from" inet_ops);
CREATE INDEX indexed_prefix_idx ON indexed (title text_pattern_ops) INCLUDE (flag);
CREATE INDEX "indexed USING btree (x)" ON indexed (flag);
COMMENT ON INDEX indexed_at_idx IS 'newest first';
ALTER TABLE indexed REPLICA IDENTITY USING INDEX indexed_plain_idx;
ALTER TABLE indexed CLUSTER ON indexed_at_idx;
INSERT INTO indexed (kind, level, feeling, title, body, data, words, at, during, "from", weight, flag)
	SELECT chr(65 + n % 26), n, (ARRAY['sad', 'ok', NULL])[n % 3 + 1]::"Mood", 'title ' || n, repeat('b', n * 10),
	       jsonb_build_object('n', n, 'list', ARRAY[n, NULL]), ARRAY['w' || n % 5, 'all'],
	       timestamptz '2024-01-01 00:00:00+00' + n * interval '7 hours',
	       tsrange(timestamp '2024-01-01' + n * interval '1 day', timestamp '2024-01-02' + n * interval '1 day'),
	       ('10.0.0.' || n)::inet, CASE WHEN n = 7 THEN NULL ELSE n * 1.5 END, n % 30 = 1
	FROM generate_series(1, 90) AS n;

CREATE TABLE full_identity (a text, b text);
ALTER TABLE full_identity REPLICA IDENTITY FULL;
CREATE UNLOGGED TABLE careless (a integer PRIMARY KEY, b text);
INSERT INTO careless VALUES (1, 'gone after a crash');
CREATE TABLE key_order (a text, b integer, c text, PRIMARY KEY (c, a));
INSERT INTO key_order VALUES ('1', 1, '2'), ('2', NULL, '1');
CREATE TABLE long_keys (k text PRIMARY KEY, n integer);
INSERT INTO long_keys SELECT repeat(md5(n::text), n), n FROM unnest(ARRAY[1, 2, 12, 16, 40, 80]) AS n;
INSERT INTO long_keys VALUES ('', 0), (repeat('k', 511), 511), (repeat('k', 512), 512), (repeat('k', 100000), 100000);

CREATE TABLE numbered (
	a integer GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME "numbered's own" INCREMENT BY 5 MAXVALUE 1000 CYCLE),
	b smallserial,
	c bigserial UNIQUE,
	d integer DEFAULT nextval('never_called'::regclass),
	e text GENERATED ALWAYS AS ((upper(f) || ':'::text)) STORED,
	f text
);
INSERT INTO numbered (d, f) VALUES (1, 'one'), (2, NULL);
ALTER SEQUENCE "Down Under" OWNED BY numbered.d;

-- ------------------------------------------------------------------ references

CREATE TABLE parent (
	a integer,
	b text,
	c integer UNIQUE,
	PRIMARY KEY (a, b)
);
CREATE TABLE child (
	id integer PRIMARY KEY,
	a integer,
	b text,
	c integer DEFAULT 10,
	self integer,
	CONSTRAINT child_pair FOREIGN KEY (a, b) REFERENCES parent (a, b) ON UPDATE CASCADE ON DELETE SET NULL (a),
	CONSTRAINT child_swapped FOREIGN KEY (b, a) REFERENCES parent (b, a) ON DELETE CASCADE,
	CONSTRAINT child_c FOREIGN KEY (c) REFERENCES parent (c) ON UPDATE RESTRICT ON DELETE SET DEFAULT
		DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT child_self FOREIGN KEY (self) REFERENCES child (id) ON DELETE RESTRICT DEFERRABLE,
	CONSTRAINT child_unchecked CHECK (id > 1) NO INHERIT
);
COMMENT ON CONSTRAINT child_self ON child IS 'a tree';
CREATE TABLE orphan (id integer PRIMARY KEY, a integer, b text);
INSERT INTO orphan VALUES (1, 77, 'nobody''s'), (2, NULL, 'half');
ALTER TABLE orphan ADD CONSTRAINT orphan_full FOREIGN KEY (a, b) REFERENCES parent (a, b) MATCH FULL NOT VALID;
ALTER TABLE child ADD CONSTRAINT child_later CHECK (a < 3) NOT VALID;

CREATE TABLE egg (id integer PRIMARY KEY, hen integer NOT NULL);
CREATE TABLE hen (id integer PRIMARY KEY, egg integer NOT NULL REFERENCES egg (id) DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE egg ADD CONSTRAINT egg_hen_fkey FOREIGN KEY (hen) REFERENCES hen (id) DEFERRABLE INITIALLY DEFERRED;

INSERT INTO parent VALUES (1, 'one', 10), (2, 'two', 20), (3, 'three', NULL);
INSERT INTO child VALUES (2, 1, 'one', 10, NULL), (3, 2, 'two', 20, 2), (4, NULL, NULL, NULL, 3), (5, NULL, NULL, 10, 5);
BEGIN;
INSERT INTO egg VALUES (1, 2), (2, 1);
INSERT INTO hen VALUES (1, 1), (2, 2);
COMMIT;

-- ------------------------------------------------------------------ views

CREATE VIEW z_base AS SELECT id, level, title, data ->> 'n'::text AS n FROM indexed WHERE flag OR level > 10;
CREATE VIEW a_on_z WITH (security_barrier=true) AS
	SELECT b.level, count(*) AS rows, sum(s."from") AS "Total %" FROM z_base b LEFT JOIN "select" s ON s."from" = b.id
	GROUP BY b.level;
CREATE VIEW "M %/""v""" AS SELECT * FROM a_on_z UNION ALL SELECT 1, 2, 3;
CREATE VIEW checked AS SELECT a, b FROM careless WHERE a > 0 WITH CASCADED CHECK OPTION;
CREATE MATERIALIZED VIEW counted WITH (fillfactor=90) AS SELECT level, rows FROM a_on_z;
CREATE UNIQUE INDEX counted_level_idx ON counted (level);
CREATE INDEX counted_rows_idx ON counted (rows DESC) WHERE rows > 1;
CREATE MATERIALIZED VIEW b_unfilled AS SELECT level FROM counted WITH NO DATA;
CREATE VIEW a_on_counted AS SELECT max(level) AS top FROM counted;
CREATE RECURSIVE VIEW steps (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM steps WHERE n < 5;
COMMENT ON VIEW z_base IS 'below';
COMMENT ON MATERIALIZED VIEW counted IS 'kept';
COMMENT ON INDEX counted_rows_idx IS 'of a view';

RESET search_path;
