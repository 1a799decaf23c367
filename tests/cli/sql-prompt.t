#!/bin/sh
# coffer sql on a terminal: statements that span lines, history, completion, interruption, what is escaped.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
export TERM=xterm
unset EDITRC LC_ALL LC_CTYPE LANG
# libedit does not free the names of functions that are added to it; to see that it is libedit takes the slow unwinder.
echo leak:libedit >.told/leaks
export LSAN_OPTIONS="suppressions=$PWD/.told/leaks:print_suppressions=0"
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1}:fast_unwind_on_malloc=0"

coffer generate -q g.coffer --rows 300 --seed 1
history=$XDG_STATE_HOME/coffer/sql_history

# at NAME WORDS...: coffer WORDS at a terminal, the steps on standard input.
at()
{
	name=$1
	shift
	ok "$name" python3 "$TOP/tests/cli/terminal.py" "$COFFER" "$@"
}

at 'an answer is a table there' sql g.coffer <<'END'
< coffer>
> SELECT count(*) AS rows, NULL AS n FROM LiteLLM_SpendLogs;\n
< \r\n rows | n\r\n------+------\r\n  300 | NULL\r\n
< coffer>
> \x04
exit 0
END
at 'a statement may span lines' sql g.coffer <<'END'
< coffer>
> SELECT 'a;\n
<    ...>
> b' AS x,\n
<    ...>
> 2 AS y; SELECT 3 AS z;\n
<  x     | y\r\n-------+---\r\n a;\\nb | 2\r\n z\r\n---\r\n 3\r\n
< coffer>
> .quit\n
exit 0
END
ok 'the history is for nobody else' [ "$(stat -c %a "$history")" = 600 ]
ok 'it holds statements whole' [ "$(cat "$history")" = 'SELECT count(*) AS rows, NULL AS n FROM LiteLLM_SpendLogs;
SELECT '\''a;\nb'\'' AS x,\n2 AS y; SELECT 3 AS z;
.quit' ]
at 'it is there the next time' sql g.coffer <<'END'
< coffer>
> \x1b[A\x1b[A\x1b[A\n
< \r\n  300 | NULL\r\n
< coffer>
> \x04
exit 0
END
at 'a failure does not end it' sql g.coffer <<'END'
< coffer>
> SELECT nope;\n
< coffer: sql: no such column: nope\r\n
< coffer>
> DELETE FROM LiteLLM_TeamTable;\n
< coffer: sql: LiteLLM_TeamTable is only read by SQL
< coffer>
> .frob\n
< coffer: sql: '.frob' is no command; .help lists them\r\n
< coffer>
> SELECT 1 AS one;\n
<  one\r\n-----\r\n   1\r\n
< coffer>
> \x04
exit 0
END
at 'names are completed' sql g.coffer <<'END'
< coffer>
> SELECT count(*) AS c FROM litellm_spendl\t;\n
<  c\r\n-----\r\n 300\r\n
< coffer>
> .tim\ton\n
< coffer>
> SELECT team_al\t FROM LiteLLM_TeamTable LIMIT 0;\n
<  team_alias\r\n
< 0 rows,
< coffer>
> LiteLLM_Team\t
< LiteLLM_TeamMembership  LiteLLM_TeamTable
< coffer> LiteLLM_Team
> \x03
< coffer>
> \x04
exit 0
END
# What is interrupted has begun by then: the answer in front of it has been shown.
at 'an interruption stops a statement, not the prompt' sql g.coffer <<'END'
< coffer>
> SELECT 1 AS begun; WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c;\n
<  begun\r\n-------\r\n     1\r\n
signal 2
< coffer: sql: interrupted\r\n
< coffer>
> SELECT 1 +\n
<    ...>
> \x03
< \r\ncoffer>
> SELECT 2 AS two;\n
<  two\r\n-----\r\n   2\r\n
< coffer>
> SELECT 1 AS anew; WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c;\n
<  anew\r\n------\r\n    1\r\n
signal 2
< interrupted\r\n
< coffer>
signal 2
< coffer>
> \x04
exit 0
END
at 'another signal ends it' sql g.coffer <<'END'
< coffer>
signal 15
exit 143
END
at 'control characters are escaped in every mode' sql g.coffer <<'END'
< coffer>
> .mode csv\n
< coffer>
> SELECT char(27, 155) || '[31m' AS x;\n
< x\r\r\n\\u001b\\u009b[31m\r\r\n
< coffer>
> .mode ndjson\n
< coffer>
> SELECT char(27, 155) AS x;\n
< {"x":"\\u001b\\u009b"}\r\n
< coffer>
> \x04
exit 0
END
at 'a query is answered at once' sql g.coffer 'SELECT 1 AS one' <<'END'
<  one\r\n-----\r\n   1\r\n
exit 0
END
at 'in a box of characters two columns wide' sql g.coffer --mode box "SELECT '日' AS x" <<'END'
< \xe2\x94\x82 x  \xe2\x94\x82\r\n
< \xe2\x94\x82 \xe6\x97\xa5 \xe2\x94\x82\r\n
exit 0
END

mkdir "$XDG_STATE_HOME/coffer/elsewhere"
rm "$history"
ln -s "$PWD/stranger" "$history"
at 'a history that is a link is not followed' sql g.coffer <<'END'
< coffer>
> SELECT 1;\n
< coffer>
> \x04
exit 0
END
ok 'nor written' [ ! -e stranger ]
rm "$history"
python3 -c "
with open('$history', 'w') as file:
    for i in range(60000):
        file.write(f'SELECT {i} AS a_number_of_some_length;\n')"
chmod 644 "$history"
at 'a history that has grown is cut' sql g.coffer <<'END'
< coffer>
> \x1b[A\n
<  59999\r\n
< coffer>
> \x04
exit 0
END
ok 'to its newest half' [ "$(stat -c %s "$history")" -lt 600000 ]
ok 'and closed to others' [ "$(stat -c %a "$history") $(tail -n 1 "$history")" = '600 SELECT 59999 AS a_number_of_some_length;' ]

# ------------------------------------------------------------------ without a terminal

# Jobs that a shell without job control starts ignore SIGINT. What is interrupted has said something by then.
interrupted()
{
	python3 - "$COFFER" "$@" <<'END'
import signal, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.PIPE,
                           preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
if len(sys.argv) == 4: # no query
    process.stdin.write(b"SELECT 1 AS x;\n")
    process.stdin.flush()
first = process.stdout.readline()
process.send_signal(signal.SIGINT)
rest = process.stdout.read()
print(process.wait(), first.decode().strip(), process.stderr.read().decode().strip(), sep="|")
END
}
case $(interrupted sql g.coffer 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c') in
'130|{"x":1}|coffer: '*': interrupted; the answer is incomplete, it ends after '*' rows') result 'an interrupted query' yes ;;
*) result 'an interrupted query' no ;;
esac
ok 'an interrupted script' [ "$(interrupted sql g.coffer)" = '130|{"x":1}|coffer: sql: interrupted' ]

finish
