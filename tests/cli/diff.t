#!/bin/sh
# diff and reconcile on generated gateways: two seeds, one gateway, parts of it, JSON, what is refused.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck disable=SC2154 # $out is run's.
coffer generate -q a.coffer --rows 300 --seed 1
coffer generate -q b.coffer --rows 300 --seed 2
cp a.coffer same.coffer

# parses FILE EXPRESSION: Python says that the document's part is true.
parses()
{
	python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); sys.exit(not eval("(" + sys.argv[2] + ")"))' "$1" "$2"
}

like 'a gateway equals its copy' 0 '*equal: 16 tables, * rows' '' diff a.coffer same.coffer
like 'and itself' 0 '*equal: 16 tables, * rows' '' diff a.coffer a.coffer
like 'and reconciles with it' 0 '*LiteLLM_SpendLogs *  spend: sum * on both sides*equal: 16 tables, * rows' '' \
	reconcile a.coffer same.coffer
like 'another seed is another gateway' 6 \
	'*LiteLLM_SpendLogs *  \[request_id="*"\]: only in *  and * more rows*different: 1? of 16 tables; rows: *' '' \
	diff a.coffer b.coffer
like 'the same from the other side' 6 '*different: 1? of 16 tables; rows: *' '' reconcile b.coffer a.coffer

run diff a.coffer b.coffer --json
printf '%s\n' "$out" >diff.json
ok 'the document of a difference' parses diff.json 'd["schema"] == "coffer/diff/1" and d["equal"] is False
	and len(d["tables"]) == 16 and max(len(t["differences"]) for t in d["tables"]) == 10
	and all(t["rows"]["left"] == t["rows"]["same"] + t["rows"]["changed"] + t["rows"]["only_left"] for t in d["tables"])'
run reconcile a.coffer same.coffer --json
printf '%s\n' "$out" >reconcile.json
ok 'the document of an agreement' parses reconcile.json 'd["schema"] == "coffer/reconcile/1" and d["equal"] is True
	and d["file"] == "a.coffer" and d["tables_outside"] == 0 and all(t["differences"] == [] for t in d["tables"])
	and any(t["here"] == t["there"] and t["column"] == "spend" for d in d["tables"] for t in d["totals"])'

# Every row that --ndjson tells is one that the counts count.
coffer diff a.coffer b.coffer --ndjson --table spendlogs >rows.ndjson
run diff a.coffer b.coffer --table spendlogs --json --limit 0
printf '%s\n' "$out" >counts.json
for change in changed only_left only_right; do
	ok "as many rows $change as are told" parses counts.json "d['tables'][0]['rows']['$change'] ==
		$(grep -c "\"change\":\"$change\"" rows.ndjson)"
done
ok 'each line is an object' python3 -c 'import json; [json.loads(line) for line in open("rows.ndjson")]'
is 'no lines for what is equal' 0 '' '' diff a.coffer same.coffer --ndjson

# Rows that the other side alone has.
coffer copy -q a.coffer more.coffer
coffer put -q more.coffer teamtable <<'END'
{"team_id": "somebody's", "spend": 7}
END
like 'rows more there differ' 6 '*LiteLLM_TeamTable *only there*different: 1 of 16 tables; *' '' reconcile a.coffer more.coffer
like 'but not from a subset, nor do they count in its sums' 0 \
	'*LiteLLM_TeamTable *  spend: sum * on both sides*equal: 16 tables, * rows, 1 more only there' '' \
	reconcile a.coffer more.coffer --subset
is 'and are no lines' 0 '' '' reconcile a.coffer more.coffer --subset --ndjson
run reconcile a.coffer more.coffer --subset --json
printf '%s\n' "$out" >subset.json
ok 'the document of a subset' parses subset.json 'd["equal"] is True and d["subset"] is True
	and sum(t["rows"]["only_there"] for t in d["tables"]) == 1 and all(t["differences"] == [] for t in d["tables"])'
coffer delete -q more.coffer config "$(coffer scan a.coffer config -n 1 -c param_name | cut -d '"' -f 4)"
like 'a row less there differs from a subset' 6 '*LiteLLM_Config *: only here*different: 1 of 16 tables; rows: 0 changed, 1 only here, 1 only there' '' \
	reconcile a.coffer more.coffer --subset
is 'a difference of two is no subset' 2 '' "coffer: diff: unknown option '--subset'
Try 'coffer help diff'." diff a.coffer more.coffer --subset

# A store that holds a part is compared in what it has.
coffer import -q a.coffer part.coffer --table teamtable --table usertable
like 'a part reconciles with the whole' 0 '*not compared: 14 tables only there?equal: 2 tables, * rows' '' \
	reconcile part.coffer a.coffer
like 'and differs from it' 6 '*different: 14 of 16 tables; *' '' diff part.coffer a.coffer
coffer import -q a.coffer late.coffer --preset logs --since 2024-11-01
like 'what was imported from a time on is compared from then on' 0 \
	'*logs: only rows from 2024-11-01 00:00:00+00 on?not compared: * only there?equal: * rows' '' \
	reconcile late.coffer a.coffer
like 'unless another time is given' 6 '*logs: only rows from 2024-10-01*different: *' '' \
	reconcile late.coffer a.coffer --since 2024-10-01 --table spendlogs
like 'a part of both' 0 '*equal: 1 table, 5 rows' '' diff a.coffer same.coffer --table config

is 'a file for the result' 6 '' '' diff a.coffer b.coffer --json -o out.json
ok 'with all of it' cmp out.json diff.json
is 'which is not replaced' 8 '' 'coffer: out.json: exists already; --force replaces it' \
	diff a.coffer b.coffer -o out.json
like 'a store that is not there' 1 '' 'coffer: none.coffer: *No such file or directory' diff none.coffer a.coffer
like 'nor there' 1 '' 'coffer: none.coffer: *No such file or directory' reconcile a.coffer none.coffer
echo text >text
like 'what is no store' 1 '' 'coffer: text: *' reconcile text a.coffer
like 'two forms at once' 2 '' '*"diff","message":"--json and --ndjson: one of them"*' \
	diff a.coffer b.coffer --ndjson --json
like 'a table that is not there' 9 '' 'coffer: *x*no such table*' diff a.coffer b.coffer --table x
is 'nor a file then' 9 '' "$err" diff a.coffer b.coffer --table x -o none
ok 'none' [ ! -e none ]
like 'a table that one side has not' 9 '' 'coffer: *no such table*' diff a.coffer part.coffer --table spendlogs

finish
