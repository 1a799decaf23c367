-- What coffer does not carry and must say so: each kind once, one kind often.

SET client_min_messages = warning;
CREATE SCHEMA apart;
CREATE TABLE apart.bystander (id integer PRIMARY KEY);
CREATE TYPE apart.flavour AS ENUM ('sweet');

CREATE TABLE plain (id integer PRIMARY KEY, a integer, b text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION f1() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f2() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION "F three"() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE proceed() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer);
CREATE TRIGGER on_change BEFORE UPDATE ON plain FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE nothing AS ON DELETE TO plain DO INSTEAD NOTHING;
CREATE TABLE guarded (id integer);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON guarded USING (id = 1);
CREATE TABLE heir (more text) INHERITS (plain);
CREATE TYPE pair AS (a integer, b integer);
CREATE TYPE span AS RANGE (subtype = integer);
CREATE STATISTICS together (dependencies) ON a, b FROM plain;
CREATE PUBLICATION pub FOR TABLE plain;
ALTER TABLE plain ALTER COLUMN b SET STORAGE EXTERNAL;
ALTER TABLE plain ALTER COLUMN a SET STATISTICS 500;
CREATE TABLE outsider (id integer PRIMARY KEY REFERENCES apart.bystander (id), taste apart.flavour);
CREATE VIEW elsewhere AS SELECT id FROM apart.bystander;
COMMENT ON COLUMN elsewhere.id IS 'a comment on a view''s column';
COMMENT ON INDEX plain_pkey IS 'a comment on a constraint''s index';
CREATE TABLE twice (a integer);
INSERT INTO twice VALUES (1), (1);
INSERT INTO plain VALUES (1, 2, 'three');
INSERT INTO heir VALUES (2, 3, 'four', 'five');
