-- Things that need each other in an order that their names do not have, and what was said about them while
-- search_path was another.

SET client_min_messages = warning;
COMMENT ON SCHEMA public IS 'not the standard public schema';

-- An array of a domain, and a domain of that, stand behind it. A default is kept as the server reads it
-- now, not as it was written: the type had another name, and the sequence.
CREATE TYPE feeling AS ENUM ('sad', 'ok');
CREATE DOMAIN moody AS feeling DEFAULT 'ok';
ALTER TYPE feeling RENAME TO mood;
CREATE DOMAIN moods AS mood[] DEFAULT '{ok,sad}';
CREATE DOMAIN zed AS integer CHECK (VALUE > 0);
CREATE DOMAIN many AS zed[];
CREATE DOMAIN a_few AS many CHECK (pg_catalog.cardinality(VALUE) < 4);
CREATE SEQUENCE once;
CREATE DOMAIN ticket AS bigint DEFAULT nextval('once');
ALTER SEQUENCE once RENAME TO turns;
CREATE TABLE depend (
	id ticket PRIMARY KEY,
	mood moody,
	moods moods,
	numbers a_few,
	more zed[] DEFAULT '{7}'
);
INSERT INTO depend (mood, numbers) VALUES ('sad', '{1,2}'), (NULL, NULL);

-- The rows of a materialized view are made by calling a sequence, whose state is the source's nevertheless.
CREATE SEQUENCE calls;
CREATE VIEW z_base AS SELECT id, mood FROM depend;
CREATE MATERIALIZED VIEW m_rows WITH (fillfactor=90, toast.autovacuum_enabled=false) AS SELECT * FROM z_base;
CREATE VIEW k_on_rows AS SELECT count(*) AS rows FROM m_rows;
CREATE MATERIALIZED VIEW a_count WITH (toast.autovacuum_enabled=false) AS
	SELECT rows, nextval('calls') > 0 AS is_called FROM k_on_rows;
