-- Tables with foreign keys of every action, for operations.t. Keys are made in the order of their tables and names, which is
-- the order in which coffer takes them: a server takes the one that was made first.
-- None hands a key on into a column that may be too narrow for it: whether a server notices that before it has a row
-- depends on the plan that it has cached.

SELECT current_setting('server_version_num')::integer >= 150000 AS is_15 \gset

CREATE TYPE mood AS ENUM ('glad', 'sad', 'so so');
CREATE DOMAIN rank AS integer DEFAULT 3 NOT NULL;

CREATE TABLE alpha (id integer PRIMARY KEY, code text UNIQUE, big bigint UNIQUE, rate double precision UNIQUE,
	flag uuid UNIQUE, at timestamp(3) UNIQUE, mood mood, note text, feeling mood UNIQUE);
CREATE TABLE b_pair (x integer, y text, alpha_id integer, long text, PRIMARY KEY (x, y));
CREATE TABLE c_chain (y text, x integer, z integer, words text[], PRIMARY KEY (x, y, z));
CREATE TABLE d_tail (id integer PRIMARY KEY, x integer, y text, z integer, alone integer, UNIQUE (y, alone));
CREATE TABLE e_strict (id integer PRIMARY KEY, alpha_id integer, code text, flag uuid);
CREATE TABLE f_null (id integer PRIMARY KEY, alpha_id integer UNIQUE, big bigint, px integer, py text, mood mood);
CREATE TABLE g_default (id integer PRIMARY KEY, code text NOT NULL DEFAULT 'k0', px integer DEFAULT 1, py text DEFAULT 'k1',
	qx integer DEFAULT 2, qy text, price numeric(10,2) DEFAULT 0.00, feeling mood DEFAULT 'sad');
CREATE TABLE h_late (id integer PRIMARY KEY, alpha_id integer, code text, rank integer, place integer, r rank,
	CONSTRAINT h_late_rank UNIQUE (rank) DEFERRABLE INITIALLY DEFERRED, CONSTRAINT h_late_place UNIQUE (place) DEFERRABLE);
CREATE TABLE i_narrow (id integer PRIMARY KEY, alpha_id smallint, rate real, code character varying(3), at timestamp(6));
CREATE TABLE j_node (id integer PRIMARY KEY, up_id integer, peer_id integer, twin_id integer UNIQUE, document jsonb);
CREATE TABLE k_twice (id integer PRIMARY KEY, a integer, b integer, c integer);
CREATE TABLE l_part (id integer, day integer, alpha_id integer, bytes bytea, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE l_part_low PARTITION OF l_part FOR VALUES FROM (MINVALUE) TO (10);
CREATE TABLE l_part_rest PARTITION OF l_part DEFAULT;
CREATE TABLE m_loose (a integer UNIQUE, alpha_id integer, fixed character(6), day date);
CREATE TABLE n_self (x integer, y integer, px integer, py integer, PRIMARY KEY (x, y));
CREATE TABLE o_part (id integer PRIMARY KEY, l_id integer, l_day integer);

ALTER TABLE b_pair ADD CONSTRAINT b_pair_alpha FOREIGN KEY (alpha_id) REFERENCES alpha ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE c_chain ADD CONSTRAINT c_chain_pair FOREIGN KEY (x, y) REFERENCES b_pair ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE d_tail ADD CONSTRAINT d_tail_chain FOREIGN KEY (z, x, y) REFERENCES c_chain (z, x, y)
	ON UPDATE CASCADE ON DELETE SET NULL;
ALTER TABLE e_strict ADD CONSTRAINT e_strict_1 FOREIGN KEY (alpha_id) REFERENCES alpha ON UPDATE RESTRICT ON DELETE RESTRICT;
ALTER TABLE e_strict ADD CONSTRAINT e_strict_2 FOREIGN KEY (code) REFERENCES alpha (code);
ALTER TABLE e_strict ADD CONSTRAINT e_strict_3 FOREIGN KEY (flag) REFERENCES alpha (flag) ON UPDATE SET NULL ON DELETE CASCADE;
ALTER TABLE f_null ADD CONSTRAINT f_null_alpha FOREIGN KEY (alpha_id) REFERENCES alpha ON UPDATE SET NULL ON DELETE SET NULL;
ALTER TABLE f_null ADD CONSTRAINT f_null_big FOREIGN KEY (big) REFERENCES alpha (big) ON UPDATE CASCADE ON DELETE SET NULL;
ALTER TABLE f_null ADD CONSTRAINT f_null_pair FOREIGN KEY (px, py) REFERENCES b_pair MATCH FULL ON UPDATE SET NULL ON DELETE SET NULL;
ALTER TABLE g_default ADD CONSTRAINT g_default_code FOREIGN KEY (code) REFERENCES alpha (code)
	ON UPDATE SET DEFAULT ON DELETE SET DEFAULT;
ALTER TABLE g_default ADD CONSTRAINT g_default_feeling FOREIGN KEY (feeling) REFERENCES alpha (feeling)
	ON UPDATE CASCADE ON DELETE SET DEFAULT;
ALTER TABLE g_default ADD CONSTRAINT g_default_p FOREIGN KEY (px, py) REFERENCES b_pair ON UPDATE SET DEFAULT ON DELETE CASCADE;
\if :is_15
ALTER TABLE g_default ADD CONSTRAINT g_default_q FOREIGN KEY (qx, qy) REFERENCES b_pair ON UPDATE CASCADE ON DELETE SET DEFAULT (qy);
\endif
ALTER TABLE h_late ADD CONSTRAINT h_late_alpha FOREIGN KEY (alpha_id) REFERENCES alpha DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE h_late ADD CONSTRAINT h_late_code FOREIGN KEY (code) REFERENCES alpha (code) ON UPDATE RESTRICT ON DELETE SET NULL
	DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE i_narrow ADD CONSTRAINT i_narrow_1 FOREIGN KEY (alpha_id) REFERENCES alpha ON UPDATE SET NULL ON DELETE CASCADE;
ALTER TABLE i_narrow ADD CONSTRAINT i_narrow_2 FOREIGN KEY (at) REFERENCES alpha (at) ON UPDATE CASCADE ON DELETE SET NULL;
ALTER TABLE i_narrow ADD CONSTRAINT i_narrow_3 FOREIGN KEY (code) REFERENCES alpha (code) ON UPDATE SET NULL ON DELETE CASCADE;
ALTER TABLE i_narrow ADD CONSTRAINT i_narrow_4 FOREIGN KEY (rate) REFERENCES alpha (rate) ON UPDATE SET NULL ON DELETE SET NULL;
ALTER TABLE j_node ADD CONSTRAINT j_node_1 FOREIGN KEY (up_id) REFERENCES j_node ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE j_node ADD CONSTRAINT j_node_2 FOREIGN KEY (peer_id) REFERENCES j_node ON UPDATE CASCADE ON DELETE SET NULL;
ALTER TABLE j_node ADD CONSTRAINT j_node_3 FOREIGN KEY (twin_id) REFERENCES j_node;
ALTER TABLE k_twice ADD CONSTRAINT k_twice_1 FOREIGN KEY (a) REFERENCES alpha ON UPDATE CASCADE ON DELETE NO ACTION;
ALTER TABLE k_twice ADD CONSTRAINT k_twice_2 FOREIGN KEY (b) REFERENCES alpha ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE k_twice ADD CONSTRAINT k_twice_3 FOREIGN KEY (c) REFERENCES alpha ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE l_part ADD CONSTRAINT l_part_alpha FOREIGN KEY (alpha_id) REFERENCES alpha ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE m_loose ADD CONSTRAINT m_loose_alpha FOREIGN KEY (alpha_id) REFERENCES alpha ON UPDATE CASCADE ON DELETE SET NULL;
ALTER TABLE n_self ADD CONSTRAINT n_self_p FOREIGN KEY (px, py) REFERENCES n_self MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL;
\if :is_15
-- Before, a server takes an update that moves a row to another partition for a delete and an insert.
ALTER TABLE o_part ADD CONSTRAINT o_part_l FOREIGN KEY (l_id, l_day) REFERENCES l_part ON UPDATE CASCADE ON DELETE SET NULL;
ALTER TABLE d_tail DROP CONSTRAINT d_tail_y_alone_key;
ALTER TABLE d_tail ADD CONSTRAINT d_tail_y_alone_key UNIQUE NULLS NOT DISTINCT (y, alone);
\endif
