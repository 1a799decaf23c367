#!/bin/sh
# Arrays of any type are JSON to SQL: numbers as numbers, whatever JSON knows, texts and NULL; and what is compared is that.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh

cat >arrays.sql <<'END'
CREATE TYPE public.mood AS ENUM ('sad', 'very "happy"', 't');
CREATE DOMAIN public.many AS integer[];
CREATE TABLE public.a (id integer NOT NULL, small smallint[], whole integer[], large bigint[], exact numeric(30,3)[],
	single real[], real double precision[], oids oid[], flags boolean[], words text[], short character varying(20)[],
	days date[], times timestamp(3) without time zone[], moods public.mood[], docs jsonb[], plain json[], ids uuid[],
	many public.many, boxes box[], bytes bytea[]);
ALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX a_whole ON public.a USING btree (whole);
COPY public.a (id, small, whole, large, exact, single, real, oids, flags, words, short, days, times, moods, docs, plain, ids, many, boxes, bytes) FROM stdin;
1	{1,-2,NULL}	{1,2}	{9223372036854775807,-9223372036854775808}	{0.100,12345678901234567890123.456,NaN}	{0.1,1e-45}	{1e+308,NaN,Infinity,-Infinity,-0}	{4294967295}	{t,f,NULL}	{a,"b c",NULL,"NULL"}	{x,"q\\"uo\\\\te"}	{2024-02-29,infinity}	{"2024-11-05 10:20:30.12"}	{sad,"very \\"happy\\"",t}	{"{\\"a\\": [1, 2.50]}","null",NULL,"\\"x\\""}	{"{ \\"b\\" :1}"}	{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}	{7,8}	{(1,1),(0,0);(2,2),(1,1)}	{"\\\\x00ff"}
2	{}	{}	{}	{}	{}	{}	{}	{}	{}	{}	{}	{}	{}	{}	{}	{}	{}	{}	{}
3	{{1,2},{3,NULL}}	[0:1]={1,2}	{{{1},{2}}}	{{1.000},{2.000}}	\N	\N	\N	{{t},{f}}	{{a},{b}}	{{ä},{"\t"}}	\N	\N	{{sad},{t}}	\N	\N	\N	{{1},{2}}	\N	\N
\.
END
ok 'arrays are imported' coffer import -q arrays.sql a.coffer

# cell COLUMN ID: as it stands.
cell()
{
	coffer sql a.coffer --mode csv --header off "SELECT $1 FROM a WHERE id = $2" | tr -d '\r' | sed 's/^"\(.*\)"$/\1/; s/""/"/g'
}
# says COLUMN ID TEXT
says()
{
	got=$(cell "$1" "$2")
	ok "$1 of $2 is $3" [ "$got" = "$3" ]
}

says small 1 '[1,-2,null]'
says whole 1 '[1,2]'
says large 1 '[9223372036854775807,-9223372036854775808]'
says exact 1 '[0.100,12345678901234567890123.456,"NaN"]'
says single 1 '[0.1,1e-45]'
says real 1 '[1e+308,"NaN","Infinity","-Infinity",-0]'
says oids 1 '[4294967295]'
says flags 1 '[true,false,null]'
says words 1 '["a","b c",null,"NULL"]'
says short 1 '["x","q\"uo\\te"]'
says days 1 '["2024-02-29","infinity"]'
says times 1 '["2024-11-05 10:20:30.12"]'
says moods 1 '["sad","very \"happy\"","t"]'
says docs 1 '[{"a": [1, 2.50]},null,null,"x"]'
says plain 1 '[{ "b" :1}]'
says ids 1 '["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]'
says many 1 '[7,8]'
says boxes 1 '{(1,1),(0,0);(2,2),(1,1)}'
says bytes 1 '["\\x00ff"]'
says small 3 '[[1,2],[3,null]]'
says whole 3 '[1,2]'
says large 3 '[[[1],[2]]]'
says exact 3 '[[1.000],[2.000]]'
says flags 3 '[[true],[false]]'
says short 3 '[["ä"],["\t"]]'
says moods 3 '[["sad"],["t"]]'
says many 3 '[[1],[2]]'
for column in small whole large exact single real oids flags words short days times moods docs plain ids many bytes; do
	says $column 2 '[]'
	ok "$column is JSON" [ "$(coffer sql a.coffer --mode csv --header off \
		"SELECT count(*) FROM a WHERE $column IS NOT NULL AND NOT json_valid($column)" | tr -d '\r')" = 0 ]
done
says "small->>0" 1 1
says "(SELECT sum(value) FROM json_each(whole))" 1 3
says "(SELECT group_concat(atom) FROM json_tree(small))" 3 1,2,3

# What is compared is what is seen, by an index of the server's texts or not.
is 'an array is found by what it shows' 0 '{"id":1}
{"id":3}' '' sql a.coffer "SELECT id FROM a WHERE whole = '[1,2]' ORDER BY id"
is 'and not by the text of the server' 0 '' '' sql a.coffer "SELECT id FROM a WHERE whole = '{1,2}'"
is 'several are' 0 '{"id":1}
{"id":2}
{"id":3}' '' sql a.coffer "SELECT id FROM a WHERE whole IN ('[]', '[1,2]') ORDER BY id"

finish
