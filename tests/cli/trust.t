#!/bin/sh
# A store from elsewhere is verified before its first answer and its first write, and what was found is remembered.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck disable=SC2154 # $out, $err and $code are run's.

known()
{
	find "$XDG_STATE_HOME/coffer/known" -type f 2>/dev/null | wc -l
}
forget()
{
	rm -rf "$XDG_STATE_HOME"
}
# damage FILE: one byte of the record of a row that only an index leads away from.
damage()
{
	python3 - "$1" <<-'END'
		import sys
		data = bytearray(open(sys.argv[1], "rb").read())
		at = data.find(b"chatcmpl-")
		assert at > 0
		data[at] ^= 1
		open(sys.argv[1], "r+b").write(data)
	END
}

coffer generate -q g.coffer --rows 100
ok 'what is made here is known' [ "$(known)" = 1 ]
ok 'for nobody else to read' [ "$(find "$XDG_STATE_HOME/coffer/known" -type f -perm /077 | wc -l)" = 0 ]
coffer generate -q s.coffer --rows 100
damage g.coffer
like 'what changed without coffer is not' 4 '' 'coffer: g.coffer: damaged: I5 LiteLLM_SpendLogs\[*\]: *; '\''coffer verify'\'' says all; '\''coffer recover'\'' saves what is whole' \
	scan g.coffer teamtable --count
is 'nor is it written' 4 '' "$err" delete g.coffer teamtable none
is 'nor imported' 4 '' "$err" import g.coffer other.coffer
is 'nor compared with' 4 '' "$err" reconcile s.coffer g.coffer
is 'nor brought up to date' 4 '' "$err" import --update s.coffer g.coffer
is 'unverified it answers, and says so' 3 1 'g.coffer: not verified: what is missing from an answer does not show' \
	scan g.coffer organizationtable --count --unverified
like 'each row that it returns is intact' 4 '*' 'coffer: g.coffer: LiteLLM_SpendLogs\[*\]: the checksum is wrong; '\''coffer recover'\'' saves what is whole' \
	scan g.coffer spendlogs --unverified --quiet
is 'a failure stays one' 9 '' 'coffer: g.coffer: LiteLLM_TeamTable: no row has the key none' get g.coffer teamtable none --unverified -q

ln g.coffer kept.coffer # so that no other file gets its number
coffer generate -q -f g.coffer --rows 100
cp g.coffer stranger.coffer
known=$(known)
is 'a stranger is verified' 0 100 '' scan stranger.coffer spendlogs --count
ok 'and remembered' [ "$(known)" = $((known + 1)) ]
forget
run verify g.coffer
ok 'by verify too' [ "$(known)" = 1 ]
forget
printf '{"param_name":"a"}\n' | coffer put -q g.coffer config
printf '{"param_name":"b"}\n' | coffer put -q g.coffer config
ok 'a store that is written here stays known' grep -q '^live$' "$XDG_STATE_HOME"/coffer/known/*
damage g.coffer
is 'by its birth alone' 0 7 '' scan g.coffer config --count
coffer copy -q g.coffer copy.coffer
ok 'a copy is another store' [ "$(known)" = 2 ]
mkdir readonly
XDG_STATE_HOME=/dev/null
is 'what cannot be remembered is said' 0 100 \
	'cannot remember that the store was verified: /dev/null/coffer/known/'"$(stat -c '%D' stranger.coffer >/dev/null; printf '%x-%x' "$(stat -c %d stranger.coffer)" "$(stat -c %i stranger.coffer)")"' is not writable' \
	scan stranger.coffer spendlogs --count
is 'or not, when it is quiet' 0 100 '' scan stranger.coffer spendlogs --count -q

finish
