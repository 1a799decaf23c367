#!/bin/sh
# recover: what is whole of a damaged store, and what is said of the rest.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck disable=SC2154 # $out, $err and $code are run's.

coffer generate -q g.coffer --rows 400 --seed 2
like 'a whole store comes back whole' 0 '' 'LiteLLM_BudgetTable: 2 rows
*LiteLLM_SpendLogs: 400 rows
*LiteLLM_AuditLog: 1 row
no rows of: LiteLLM_UserNotifications (there may have been none)
saved.coffer: 456 rows recovered, 0 known to be lost' \
	recover g.coffer saved.coffer
ok 'as it was' coffer diff -q g.coffer saved.coffer -o /dev/null
is 'it is not overwritten' 8 '' 'coffer: saved.coffer: exists already; --force replaces it' \
	recover g.coffer saved.coffer
for place in g.coffer ./g.coffer; do
	is "and never takes the damaged one's place ($place)" 2 '' \
		"coffer: recover: g.coffer and $place are the same file: the new store needs a name of its own
Try 'coffer help recover'." recover --force g.coffer "$place"
done
ok 'which stays' coffer verify -q g.coffer

# A page of spend logs becomes noise.
python3 - <<-'END'
	data = bytearray(open("g.coffer", "rb").read())
	page = data.find(b"chatcmpl-") // 4096 * 4096
	data[page:page + 4096] = bytes(i * 37 % 251 for i in range(4096))
	open("damaged.coffer", "wb").write(data)
END
like 'damage is named' 3 '' '*warning: page *: it is in use, and of no type*warning: LiteLLM_*: * of its * rows are lost*' \
	recover -f damaged.coffer saved.coffer
like 'and counted' 3 '*"schema": "coffer/recover/1"*"rows": 4*"rows_lost": *"pages_lost": 1*"is_mixed": false*' '*' \
	recover -f damaged.coffer saved.coffer --json
like 'the damaged one is refused' 4 '' 'coffer: damaged.coffer: damaged: *' scan damaged.coffer spendlogs
run scan saved.coffer spendlogs --count
ok 'the saved one answers' [ "$out" -gt 300 ]
head -c 60000 g.coffer >cut.coffer
# One byte of one row: it is named once.
cp g.coffer byte.coffer
python3 -c 'import sys
file = open("byte.coffer", "r+b")
at = file.read().find(b"chatcmpl")
file.seek(at + 2)
file.write(b"X")'
like 'a lost row is named once' 3 '' 'coffer: warning: LiteLLM_SpendLogs?*?: the checksum is wrong
LiteLLM_BudgetTable: 2 rows
*
byte.saved: 455 rows recovered, 1 known to be lost' recover byte.coffer byte.saved

# A byte of each: the first twenty are named, the others are counted.
python3 - <<-'END'
	data = open("g.coffer", "rb").read()
	open("many.coffer", "wb").write(data.replace(b"chatcmpl", b"chXtcmpl"))
END
run recover many.coffer many.saved
lost=$(printf '%s\n' "$err" | sed -n 's/^many.saved: .* recovered, \([0-9]*\) known to be lost.*/\1/p')
ok 'many are lost' [ "$lost" -gt 40 ]
ok 'twenty are named' [ "$(printf '%s\n' "$err" | grep -c 'warning:')" -eq 20 ]
like 'and the last line counts the others' 3 '' "*
many.saved: * rows recovered, $lost known to be lost; $((lost - 20)) more warnings were left out" recover -f many.coffer many.saved
like 'which a quiet one warns of' 3 '' "*warning: $((lost - 20)) more warnings were left out" recover -qf many.coffer many.saved
like 'and the document says, with the rows by table' 3 "*\"warnings_left_out\": $((lost - 20)),*\"rows_by_table\": {*\"LiteLLM_BudgetTable\": 2,*\"LiteLLM_SpendLogs\": $((400 - lost)),*\"LiteLLM_UserNotifications\": 0,*" '*' \
	recover -f many.coffer many.saved --json

is 'a cut one has lost its description' 4 '' "coffer: cut.coffer: the catalogue's entry schema is lost: without it no row can be read; --schema gives it" \
	recover -f cut.coffer other.coffer
ok 'and nothing is written' [ ! -e other.coffer ]

# A schema in place of a lost one: of a store, or as a document. What is left of its own proves it or not.
coffer generate -q --rows 60 --seed 9 backup.coffer
coffer schema --json g.coffer >g.json
unproven="coffer: warning: nothing that is left proves that the schema given is the damaged store's: where it is not, values may stand in each other's columns"
for schema in backup.coffer g.json; do
	like "a cut one is read by $schema" 3 '' "*catalogue?schema?: it is lost: rows are read by the schema that is given*$unproven
LiteLLM_BudgetTable: 2 rows
LiteLLM_OrganizationTable: 1 row
LiteLLM_ModelTable: 1 row
LiteLLM_TeamTable: 2 rows
no rows of: LiteLLM_ProxyModelTable, *, LiteLLM_SpendLogs, *, LiteLLM_AuditLog (there may have been none)
cut.saved: 6 rows recovered, *" recover -f cut.coffer cut.saved --schema $schema
	ok 'into a whole store' coffer verify -q cut.saved -fo /dev/null
done
python3 - <<-'END'
	data = bytearray(open("g.coffer", "rb").read())
	data[data.find(b"partition_bound")] ^= 1
	open("byte.coffer", "wb").write(data)
END
for schema in backup.coffer g.json; do
	like "a damaged entry proves $schema" 3 '' 'coffer: warning: catalogue?schema?: it is lost: rows are read by the schema that is given
LiteLLM_BudgetTable: 2 rows
*
byte.saved: 456 rows recovered, 0 known to be lost' recover -f byte.coffer byte.saved --schema $schema
	ok 'and all is there' coffer diff -q g.coffer byte.saved -fo /dev/null
done
like 'so says the document' 3 '*"is_schema_given": true,*"is_schema_proven": true*' '*' \
	recover -f byte.coffer byte.saved --schema g.json --json
like 'where nothing is lost it is not needed' 0 '' 'g.coffer has its own schema still: that of --schema was not needed
*
saved.coffer: 456 rows recovered, 0 known to be lost' recover -f g.coffer saved.coffer --schema backup.coffer
printf 'model Thing {\n  id String @id\n}\n' >other.prisma
coffer create -q things.coffer --schema other.prisma
like "another store's is refused" 1 '' "*coffer: byte.coffer: the schema that is given is another store's: this one has no tree table/Thing" \
	recover -f byte.coffer other.coffer --schema things.coffer
# A store of another schema, cut before the names of trees: not a row is one of its table, and what stood there stays.
coffer generate -q kept.coffer --rows 5 --seed 3
cp kept.coffer before.coffer
like 'where no row comes back it fails' 4 '' \
	'*coffer: cut.coffer: no row could be recovered: the schema that is given may not be this store?s' \
	recover -f cut.coffer kept.coffer --schema things.coffer
ok 'and the new one stays as it was' cmp kept.coffer before.coffer
like 'or away' 4 '' '*: no row could be recovered: *' recover cut.coffer other.coffer --schema things.coffer
ok 'as ever' [ ! -e other.coffer ]
is 'an empty store is known to be one' 0 '' 'no rows of: Thing (there may have been none)
nothing.saved: 0 rows recovered, 0 known to be lost' recover things.coffer nothing.saved
coffer schema g.coffer >g.prisma
is 'and what does not say how rows lie' 1 '' 'coffer: g.prisma: a Prisma schema does not say how rows lie in a store: a store or what schema --json wrote of one does' \
	recover -f byte.coffer other.coffer --schema g.prisma
sed 's/"id": *[0-9]*,//' g.json >short.json
like 'a document too' 1 '' "coffer: short.json.tables?0?: a table without 'id'" \
	recover -f byte.coffer other.coffer --schema short.json
like 'a damaged store is none to read by' 4 '' 'coffer: damaged.coffer: *' \
	recover -f byte.coffer other.coffer --schema damaged.coffer
ok 'nothing came of these' [ ! -e other.coffer ]

printf 'no store' >text
is 'a file of another kind' 1 '' 'coffer: text: not a coffer store: no page of an LMDB file is in it' recover -f text saved.coffer

# A store whose magic number alone is broken: each says what and where, and its rows are recovered.
coffer generate -q magic.coffer --rows 300
coffer verify -q magic.coffer >/dev/null
cp magic.coffer whole.coffer
printf 'X' | dd of=magic.coffer bs=1 seek=16 conv=notrunc 2>/dev/null
magic='coffer: magic.coffer: not a coffer store: the magic number, at byte 16, is 0xbeefc058, expected 0xbeefc0de; else it begins like one, which may be recovered'
is 'a broken magic number: info' 1 '' "$magic" info magic.coffer
is 'verify' 1 '' "$magic" verify magic.coffer
is 'scan' 1 '' "$magic" scan magic.coffer spendlogs
like 'its rows are recovered' 3 '' '*rows recovered, 0 known to be lost' recover magic.coffer saved-magic.coffer
like 'all of them' 0 '*equal: 16 tables, 348 rows' '' diff saved-magic.coffer whole.coffer

is 'no file' 1 '' 'coffer: none: cannot open: No such file or directory' recover -f none saved.coffer

finish
