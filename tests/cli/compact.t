#!/bin/sh
# compact and prune: what is given back, what goes, what is refused, and what others see meanwhile.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck disable=SC2154 # $out, $err and $code are run's.

digest()
{
	coffer info --digest --json "$1" | sed -n 's/.*"digest": "\([0-9a-f]*\)".*/\1/p'
}
size()
{
	stat -c %s "$1"
}
# ask FILE QUERY: its one value.
ask()
{
	coffer sql "$1" --mode csv --header off "$2" | tr -d '\r'
}

coffer generate -q g.coffer --rows 3000 --seed 5
before=$(digest g.coffer)
is 'nothing to do is done all the same' 0 '' '' compact -q g.coffer
ok 'and the content is the same' [ "$(digest g.coffer)" = "$before" ]
ok 'and whole' coffer verify -q g.coffer
like 'it says what came of it' 0 '' 'g.coffer: compacted, 3,* rows, * MiB -> * MiB in * s' compact g.coffer
like 'as JSON' 0 '{*"schema": "coffer/compact/1",*"file": "g.coffer",*"rows": 3*,*"bytes_before": *,*"bytes": *}' '' compact --json g.coffer
like 'the provenance knows' 0 '*step 4
  step             compact*' '' info g.coffer

cp g.coffer linked.coffer
ln linked.coffer other.coffer
old=$(stat -c %i other.coffer)
ok 'a store with another name is compacted' coffer compact -q linked.coffer
ok 'which keeps the old file' [ "$(stat -c %i other.coffer)" = "$old" ]
ok 'that is another one than the new' [ "$(stat -c %i linked.coffer)" != "$old" ]
ok 'and of the same content' [ "$(digest other.coffer)" = "$(digest linked.coffer)" ]
rm linked.coffer other.coffer

# What put and delete leave behind.
coffer scan g.coffer spendlogs >logs
coffer generate -q small.coffer --rows 10 --seed 6
sed 's/^{"request_id":"/{"request_id":"x/; s/"metadata":{"/"metadata":{"unique":"secretmark","/' logs |
	coffer put -q small.coffer spendlogs
for request in $(sed -n 's/^{"request_id":"\([^"]*\)".*/x\1/p' logs | head -n 40); do
	coffer delete -q small.coffer spendlogs "$request"
done
before=$(digest small.coffer)
ok 'what was deleted may still stand in the file' grep -q secretmark small.coffer
is 'the rows that are left are compacted' 0 '' '' compact -q small.coffer
ok 'to the same content' [ "$(digest small.coffer)" = "$before" ]

cp g.coffer kept.coffer
is 'into another file' 0 '' '' compact -q g.coffer new.coffer
ok 'which leaves the first' cmp -s g.coffer kept.coffer
ok 'and has its content' [ "$(digest new.coffer)" = "$(digest g.coffer)" ]
is 'and is not replaced' 8 '' 'coffer: new.coffer: exists already; --force replaces it' compact g.coffer new.coffer
is 'unless it is asked for' 0 '' '' compact -qf g.coffer new.coffer
is 'where it is a file' 8 '' 'coffer: /dev/null: exists and is not a regular file' compact -qf g.coffer /dev/null
ok 'what was written is known to be whole' [ -z "$(coffer scan new.coffer config --count 2>&1 >/dev/null)" ]

# What an import of today compresses, and what it is told to leave alone.
coffer generate -q plain.coffer --rows 3000 --seed 5 --plain
before=$(digest plain.coffer)
is 'plain values stay plain where it is asked for' 0 '' '' compact -q --plain plain.coffer plainly.coffer
ok 'and take as much' [ "$(size plainly.coffer)" -gt "$(($(size plain.coffer) * 9 / 10))" ]
is 'and are compressed where it is not' 0 '' '' compact -q plain.coffer
ok 'and take less' [ "$(size plain.coffer)" -lt "$(($(size plainly.coffer) * 3 / 4))" ]
ok 'to the same content' [ "$(digest plain.coffer)$(digest plainly.coffer)" = "$before$before" ]
ok 'and whole' sh -c "'$COFFER' verify -q plain.coffer && '$COFFER' verify -q plainly.coffer"

# ------------------------------------------------------------------ prune

is 'a time is needed' 2 '' "coffer: prune: needs --before: what is older goes
Try 'coffer help prune'." prune g.coffer
is 'one that is none' 2 '' "coffer: prune: option '--before': 'yesterday' is neither a time such as 2024-11-05T10:20 nor an age such as 90d
Try 'coffer help prune'." prune g.coffer --before yesterday
is 'a number alone is no age' 2 '' "coffer: prune: option '--before': '90' is neither a time such as 2024-11-05T10:20 nor an age such as 90d
Try 'coffer help prune'." prune g.coffer --before 90
is 'a table without a time' 1 '' 'coffer: LiteLLM_TeamTable: no column of it is marked as the time of its rows: it is no log' \
	prune g.coffer --before 90d --table teamtable
is 'no such table' 9 '' 'coffer: spendlog: no such table, did you mean '\''SpendLogs'\''?' \
	prune g.coffer --before 90d --table spendlog
is 'no such column' 9 '' 'coffer: nothing: no log has such a column' prune g.coffer --before 90d --columns metadata,nothing
is 'a mistyped column' 9 '' "coffer: metdata: no log has such a column, did you mean 'metadata'?" \
	prune g.coffer --before 90d --columns metdata
is 'one that the chosen log lacks' 9 '' 'coffer: metadata: no log has such a column' \
	prune g.coffer --before 90d --table auditlog --columns metadata
is 'a column of a key' 1 '' \
	'coffer: LiteLLM_SpendLogs.request_id: cannot be emptied: it is of the primary key, which tells the rows apart' \
	prune g.coffer --before 90d --columns request_id
is 'a column that has to have a value' 1 '' 'coffer: LiteLLM_SpendLogs.call_type: it is NOT NULL and has no default' \
	prune g.coffer --before 90d --columns call_type
cat >made.sql <<'SQL'
CREATE TABLE public."LiteLLM_SpendLogs" (request_id text NOT NULL, "startTime" timestamp without time zone, "user" text,
	who text GENERATED ALWAYS AS (upper("user")) STORED);
ALTER TABLE ONLY public."LiteLLM_SpendLogs" ADD CONSTRAINT log_pkey PRIMARY KEY (request_id);
COPY public."LiteLLM_SpendLogs" (request_id, "startTime", "user") FROM stdin;
1	2024-01-01 00:00:00	ann
\.
SQL
coffer import -q made.sql made.coffer 2>/dev/null
is 'a column that another may be made of' 1 '' \
	'coffer: LiteLLM_SpendLogs.who: not given, and it is generated, which only a server does' \
	prune made.coffer --before 2024-06-01 --columns user

old=$(ask g.coffer "SELECT count(*) FROM LiteLLM_SpendLogs WHERE startTime < '2024-10-15'")
errors=$(ask g.coffer "SELECT count(*) FROM LiteLLM_ErrorLogs WHERE startTime < '2024-10-15'")
audits=$(ask g.coffer "SELECT count(*) FROM LiteLLM_AuditLog WHERE updated_at < '2024-10-15'")
cp g.coffer kept.coffer
like 'a dry run says how much' 0 '' "LiteLLM_SpendLogs: 1,??? rows from before 2024-10-15 00:00:00+00
LiteLLM_ErrorLogs: $errors rows from before 2024-10-15 00:00:00+00
LiteLLM_AuditLog: $audits rows from before 2024-10-15 00:00:00+00
g.coffer: 1,??? rows would be removed, nothing written" prune g.coffer --before 2024-10-15 --dry-run
ok 'and writes nothing' cmp -s g.coffer kept.coffer
is 'nothing old' 0 '' 'g.coffer: nothing is from before 2001-01-01 00:00:00+00, nothing written' prune g.coffer --before 2001-01-01
ok 'is nothing written' cmp -s g.coffer kept.coffer
ok 'nor is there a step' [ "$(coffer info g.coffer | grep -c '^step')" = 4 ]
like 'as JSON' 0 "{*\"schema\": \"coffer/prune/1\",
	\"file\": \"g.coffer\",
	\"before\": \"2024-10-15 00:00:00+00\",
	\"is_dry_run\": true,
	\"columns\": \[\],
	\"tables\": \[
		{\"name\":\"LiteLLM_SpendLogs\",\"rows\":$old},
		{\"name\":\"LiteLLM_ErrorLogs\",\"rows\":$errors},
		{\"name\":\"LiteLLM_AuditLog\",\"rows\":$audits}
	\],
	\"rows\": $((old + errors + audits)),
	\"bytes_before\": $(size g.coffer),
	\"bytes\": $(size g.coffer)
}" '' prune --json g.coffer --before 2024-10-15 --dry-run

first=$(coffer scan g.coffer spendlogs --index startTime --limit 1 -c request_id | sed 's/.*:"\(.*\)"}/\1/')
ok 'an old row is in the file' grep -q "$first" g.coffer
is 'one log of them' 0 '' '' prune -q g.coffer spend.coffer --before 2024-10-15 --table spendlogs
ok 'and no other' [ "$(coffer scan spend.coffer errorlogs --count)" = "$(coffer scan g.coffer errorlogs --count)" ]
like 'removed' 0 '' "*
g.coffer: pruned, 1,??? rows removed, * -> * in * s" prune g.coffer --before 2024-10-15
ok 'they are gone' [ "$(ask g.coffer \
	"SELECT count(*) FROM LiteLLM_SpendLogs WHERE startTime < '2024-10-15'")" = 0 ]
ok 'and no byte of them is left' sh -c "! grep -q '$first' g.coffer"
ok 'the others are there' [ "$(coffer scan g.coffer spendlogs --count)" = $((3000 - old)) ]
ok 'and all is whole' coffer verify -q g.coffer
ok 'and smaller' [ "$(size g.coffer)" -lt "$(($(size kept.coffer) * 3 / 4))" ]
like 'the provenance says what went' 0 "*
  step             prune
  coffer           *
  before           2024-10-15 00:00:00+00
  removed/LiteLLM_SpendLogs $old
  removed/LiteLLM_ErrorLogs $errors
  removed/LiteLLM_AuditLog $audits*" '' info g.coffer

# What a dictionary learnt of old rows goes with them: it is made of those that are left.
coffer generate -q books.coffer --rows 2000 --seed 3
coffer export -q books.coffer books/
sed -i '/"startTime":"2024-09/s/"metadata":{"/"metadata":{"mark":"what only September says of itself","/' books/LiteLLM_SpendLogs.ndjson
coffer import -q books learnt.coffer
ok 'a dictionary has it' grep -q 'only September' learnt.coffer
is 'the rows go' 0 '' '' prune -q learnt.coffer --before 2024-10-01
ok 'and it with them' sh -c "! grep -q 'only September' learnt.coffer"
ok 'and a new one is there' coffer verify -q learnt.coffer

# Values alone: what prompts and responses are to a newer gateway metadata and tags are to this one.
rows=$(coffer scan g.coffer spendlogs --count)
run scan g.coffer spendlogs -c request_id,startTime,spend,model
before=$out
like 'values of old rows' 0 '' "*
g.coffer: pruned, * rows emptied, *" prune g.coffer --before 2024-11-15 --columns metadata,request_tags -c requester_ip_address
run scan g.coffer spendlogs -c request_id,startTime,spend,model
ok 'leave the rows' [ "$before" = "$out" ]
ok 'with the defaults' [ "$(ask g.coffer \
	"SELECT DISTINCT metadata, request_tags, requester_ip_address IS NULL FROM LiteLLM_SpendLogs WHERE startTime < '2024-11-15'")" = '{},[],1' ]
ok 'and what is newer' [ "$(ask g.coffer \
	"SELECT count(*) > 100 FROM LiteLLM_SpendLogs WHERE startTime >= '2024-11-15' AND metadata <> '{}'")" = 1 ]
is 'and once is enough' 0 '' '' prune -q g.coffer --before 2024-11-15 --columns metadata,request_tags -c requester_ip_address
ok 'all are there' [ "$(coffer scan g.coffer spendlogs --count)" = "$rows" ]

# An age is counted from now: nothing in a store that was made up is from the last day.
is 'all of it is older than a week' 0 '' '' prune -q kept.coffer --before 1w
ok 'and so is gone' [ "$(coffer scan kept.coffer spendlogs --count)" = 0 ]
ok 'but what is no log' [ "$(coffer scan kept.coffer config --count)" != 0 ]

# What was pruned is not brought back by an update, nor missed by a comparison; but asked for it is.
coffer generate -q source.coffer --rows 500 --seed 9
coffer import -q source.coffer part.coffer
coffer prune -q part.coffer --before 2024-11-01 --table spendlogs
rows=$(coffer scan part.coffer spendlogs --count)
like 'a pruned log is compared from there on' 0 '*equal: 16 tables, *' \
	'LiteLLM_SpendLogs: pruned, only rows from 2024-11-01 00:00:00+00 on are compared' reconcile part.coffer source.coffer
like 'unless another time is asked for' 6 '*different: 1 of 16 tables; *' '' reconcile part.coffer source.coffer --since 2024-01-01
like 'an update passes over it' 0 '' '*part.coffer: updated, 0 new, 0 changed, 0 gone, * the same*' \
	import --update source.coffer part.coffer --window 365d
ok 'and brings nothing back' [ "$(coffer scan part.coffer spendlogs --count)" = "$rows" ]
coffer prune -q part.coffer --before 1d
like 'nor where nothing is left' 0 '' '*part.coffer: updated, 0 new, 0 changed, 0 gone, * the same*' \
	import --update source.coffer part.coffer
coffer import -qf source.coffer part.coffer
like 'an import begins anew' 0 '*equal: 16 tables, *' '' reconcile part.coffer source.coffer

# ------------------------------------------------------------------ others

coffer generate -q g.coffer -f --rows 4000 --seed 1
cat >busy.py <<'END'
import subprocess, sys
reader = subprocess.Popen([sys.argv[1], "scan", "g.coffer", "spendlogs"], stdout=subprocess.PIPE)
reader.stdout.read(1)  # It has the store open, and waits.
made = subprocess.run([sys.argv[1], *sys.argv[2:]], stderr=subprocess.PIPE)
reader.communicate()
print(made)
told = b"coffer: g.coffer: in use: another process has the store open\n"
sys.exit(made.returncode != 75 or made.stderr != told or reader.returncode != 0)
END
cp g.coffer kept.coffer
ok 'a store that is being read is not compacted' python3 busy.py "$COFFER" compact g.coffer
ok 'nor pruned' python3 busy.py "$COFFER" prune -q g.coffer --before 1d
ok 'and stays as it is' cmp g.coffer kept.coffer
ok 'a dry run may read it too' sh -c "! python3 busy.py \"$COFFER\" prune -q g.coffer --before 1d --dry-run"

ln -s g.coffer link.coffer
chmod 640 g.coffer
is 'a link leads to its file' 0 '' '' compact -q link.coffer
ok 'and stays one' [ -L link.coffer ]
ok 'the mode is kept' [ "$(stat -c %a g.coffer)" = 640 ]
ok 'nothing is left beside it' [ "$(echo g.coffer* .g.coffer*)" = 'g.coffer .g.coffer*' ]

# A disk that is too small for both is said to be, and tried; what there is no room for is not written.
room=$(($(size g.coffer) * 3 / 2))
if unshare -rm sh -c "mount -t tmpfs -o size=$room none /mnt" 2>/dev/null; then
	unshare -rm sh -c 'mount -t tmpfs -o size='$room' none /mnt && cp g.coffer /mnt && "$1" compact /mnt/g.coffer 2>told
		echo $? >exit; cmp g.coffer /mnt/g.coffer && ls -A /mnt >left' sh "$COFFER"
	ok 'a disk that is too small' [ "$(cat exit)" = 1 ]
	ok 'is told before' grep -q '^/mnt/g.coffer: the new file may take up to .*iB besides the old one, and .* .iB are free there$' told
	ok 'and after' grep -q 'No space left on device' told
	ok 'and all is as it was' [ "$(cat left)" = g.coffer ]
	unshare -rm sh -c 'mount -t tmpfs -o size='$room' none /mnt && cp g.coffer /mnt && "$1" prune -q /mnt/g.coffer --before 1d
		echo $? >exit' sh "$COFFER"
	ok 'but old rows need no room to go' [ "$(cat exit)" = 0 ]
fi

coffer generate -q many.coffer --rows 20000 --seed 1
ok 'old documents are emptied' coffer prune -q many.coffer few.coffer --before 2024-10-01 --columns metadata
ok 'and those that are left are still compressed' [ "$(size few.coffer)" -lt "$(size many.coffer)" ]
rm few.coffer
ok 'the first rows may all be empty' coffer prune -q many.coffer few.coffer --before 2024-11-10 --columns metadata
ok 'and what comes behind them is compressed too' [ "$(size few.coffer)" -lt "$(size many.coffer)" ]

ok 'a damaged store is not made a whole one' python3 - "$COFFER" <<'END'
import subprocess, sys
data = bytearray(open("g.coffer", "rb").read())
data[data.find(b"chatcmpl-")] ^= 1
open("damaged.coffer", "wb").write(data)
made = subprocess.run([sys.argv[1], "compact", "damaged.coffer"], stderr=subprocess.PIPE)
assert made.returncode == 4, made
assert open("damaged.coffer", "rb").read() == bytes(data)
END

finish
