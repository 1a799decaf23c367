#!/bin/sh
# How a command ends when it is not let finish: signals, pipes without a reader, terminals, servers.
# shellcheck source=tests/cli/tap.sh
. tests/cli/tap.sh
# shellcheck disable=SC2016 # Programs of other shells.
coffer generate -q g.coffer --rows 4000 --seed 1

# interrupted NAME CODE SIGNALS WORDS...: started, given the signals as soon as it works, waited for.
interrupted()
{
	name=$1 wanted=$2 signals=$3
	shift 3
	passed=yes
	python3 - "$wanted" "$signals" "$COFFER" "$@" >.told/out 2>&1 <<'END' || passed=no
import os, signal, subprocess, sys, time
wanted, signals, words = int(sys.argv[1]), sys.argv[2].split(), sys.argv[3:]
child = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
if words[1] == "scan":
    child.stdout.read(1)  # It works, and then waits for a reader of the rest.
else:
    time.sleep(0.3)
for name in signals:
    child.send_signal(getattr(signal, name))
    time.sleep(0.1)
out, err = child.communicate(timeout=60)
print(child.returncode, err.decode())
sys.exit(child.returncode != wanted or (len(signals) == 1 and b"interrupted" not in err))
END
	result "$name" $passed
	[ $passed = yes ] || told "$(cat .told/out)"
}
interrupted 'SIGINT ends a generate' 130 SIGINT generate -q large.coffer --rows 3000000
ok 'and leaves no file' [ "$(echo large.coffer*)" = 'large.coffer*' ]
cp g.coffer old.coffer
interrupted 'SIGTERM too' 143 SIGTERM generate -qf old.coffer --rows 3000000
ok 'and leaves the old file alone' cmp g.coffer old.coffer
ok 'and nothing beside it' [ "$(echo old.coffer*)" = old.coffer ]
interrupted 'SIGINT ends a scan whose reader is slow' 130 SIGINT scan g.coffer spendlogs
coffer generate -q digest.coffer --rows 300000
interrupted 'SIGINT ends a digest' 130 SIGINT info --digest digest.coffer
like 'after which the store is as it was' 0 '*LiteLLM_SpendLogs*' '' info digest.coffer
cp digest.coffer kept.coffer
interrupted 'SIGINT ends a compact' 130 SIGINT compact -q digest.coffer
ok 'and leaves the store alone' cmp digest.coffer kept.coffer
interrupted 'SIGTERM ends a prune' 143 SIGTERM prune -q digest.coffer --before 2024-09-15
ok 'too' cmp digest.coffer kept.coffer
ok 'with nothing beside it' [ "$(echo digest.coffer* .digest*)" = 'digest.coffer .digest*' ]
rm kept.coffer
interrupted 'SIGINT as JSON' 130 SIGINT generate --json large.coffer --rows 3000000

cp g.coffer held.coffer
ok 'SIGINT ends an update that waits for another writer' python3 -c '
import os, signal, socket, subprocess, sys
update = [sys.argv[1], "import", "-q", "--update"]
server = socket.socket(socket.AF_UNIX)  # It never answers.
server.bind(".s.PGSQL.5432")
server.listen()
holder = subprocess.Popen([*update, "host=" + os.getcwd(), "held.coffer"], stderr=subprocess.DEVNULL)
for _ in range(100):
    child = subprocess.Popen([*update, "g.coffer", "held.coffer"], stderr=subprocess.PIPE)
    try:
        child.wait(1)  # The other one did not write yet.
    except subprocess.TimeoutExpired:
        break
child.send_signal(signal.SIGINT)
try:
    ended = child.wait(20)
finally:
    holder.kill()
assert ended == 130, ended
assert b"interrupted" in child.stderr.read()
holder.wait()
' "$COFFER"

coffer export -q g.coffer g.sql
mkfifo feed.sql
# fed WORD SOURCE: update fed.coffer from a stream that stops in its middle, and write to the store meanwhile.
fed()
{
	cp g.coffer fed.coffer
	ok "an update from $1 lets others write until all of it is there" python3 -c '
import subprocess, sys
sql = open("g.sql", "rb").read()
child = subprocess.Popen([sys.argv[1], "import", "-q", "--update", sys.argv[2], "fed.coffer"], stdin=subprocess.PIPE)
stream = child.stdin if sys.argv[2] == "-" else open(sys.argv[2], "wb")
try:
    stream.write(sql[:200000])  # More than a pipe holds: it reads.
    subprocess.run([sys.argv[1], "put", "-q", "fed.coffer", "config"], input=b"{\"param_name\":\"fed\",\"param_value\":1}\n",
                   timeout=20, check=True)
    stream.write(sql[200000:])
    stream.close()
    assert child.wait(60) == 0, child.returncode
finally:
    child.kill()
    child.wait()
' "$COFFER" "$2"
	ok 'and then sees what they wrote' coffer diff -q g.coffer fed.coffer
}
fed 'standard input' -
fed 'a pipe' feed.sql
printf 'SELECT 1;\nCOPY' >feed.sql &
is 'a pipe is called by its name' 1 '' 'coffer: feed.sql:2: COPY of a table FROM stdin, without options, is expected' import -q --update feed.sql fed.coffer

ok 'a reader who leaves ends a scan by SIGPIPE, without a word' python3 -c '
import signal, subprocess, sys
child = subprocess.Popen([sys.argv[1], "scan", "g.coffer", "spendlogs"], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
child.stdout.readline()
child.stdout.close()
assert child.wait(60) == -signal.SIGPIPE, child.returncode
assert child.stderr.read() == b""
' "$COFFER"

cat >busy.py <<'END'
import subprocess, sys
coffer = sys.argv[1]
reader = subprocess.Popen([coffer, "scan", "g.coffer", "spendlogs"], stdout=subprocess.PIPE)
reader.stdout.read(1)  # It has the store open, and waits.
made = subprocess.run([coffer, "create", "--force", "g.coffer"], stderr=subprocess.PIPE)
reader.communicate()
print(made)
sys.exit(made.returncode != 75 or reader.returncode != 0)
END
cp g.coffer kept.coffer
ok 'a store that is being read is not replaced' python3 busy.py "$COFFER"
ok 'and stays as it is' cmp g.coffer kept.coffer

# On a terminal: what the command writes, standard output and standard error together.
cat >terminal.py <<'END'
import os, pty, sys
pid, side = pty.fork()
if not pid:
    os.execvp(sys.argv[1], sys.argv[1:])
try:
    while data := os.read(side, 65536):
        sys.stdout.buffer.write(data)
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
terminal()
{
	python3 terminal.py "$COFFER" "$@"
}
terminal generate shown.coffer --rows 40000 >shown
ok 'progress is drawn on a terminal, with rate and the time left' grep -q \
	'generate LiteLLM_SpendLogs: [0-9,]* rows, [0-9,]* rows/s, [0-9.]* [KM]iB, 0:0[0-9] left' shown
terminal generate -q quiet.coffer --rows 40000 >shown
ok 'and not with --quiet' [ ! -s shown ]
printf 'model Thing {\n  id Int @id\n  a String @map("a\033[31mb\302\205")\n}\n' >escape.prisma
coffer create -q escape.coffer --schema escape.prisma
terminal schema escape.coffer >shown
ok 'control characters are escaped on a terminal' grep -qF 'a\u001b[31mb\u0085' shown
coffer schema escape.coffer >shown
ok 'and left alone elsewhere' grep -q "$(printf 'a\033\\[31mb\302\205')" shown

if coffer --version | grep -q without; then
	finish
	exit
fi
unset PGHOST PGPORT PGUSER PGPASSWORD PGSERVICE
like 'no server' 7 '' 'coffer: *' import 'host=/nonexistent dbname=x' a.coffer
like 'no server for an export' 7 '' 'coffer: *' export g.coffer 'host=/nonexistent dbname=x' --create
run import 'postgresql://me:s3cret@127.0.0.1:1/db' a.coffer
ok 'the password is in no error' [ "${err#*s3cret}" = "$err" ]
run import --json 'postgresql://me:s3cret@127.0.0.1:1/db' a.coffer
ok 'nor in one as JSON' [ "${err#*s3cret}" = "$err" ]
ok 'which names the exit code' [ "${err#*\"exit\":7,}" != "$err" ]
ok 'and no file is left' [ "$(echo a.coffer*)" = 'a.coffer*' ]
like 'a variable that is not set' 1 '' 'coffer: *NOT_SET_AT_ALL*' import env:NOT_SET_AT_ALL a.coffer
like 'an export of no store' 1 '' 'coffer: none.coffer: *' export none.coffer 'host=/nonexistent' --create

cp g.coffer cut.coffer
cut()
{
	python3 - "$COFFER" <<'END'
import os, subprocess, sys
child = subprocess.Popen([sys.argv[1], "scan", "cut.coffer", "spendlogs"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
child.stdout.read(1)  # It works, and then waits for a reader of the rest.
os.truncate("cut.coffer", 8192)
out, err = child.communicate(timeout=60)
print(child.returncode, err.decode())
sys.exit(child.returncode != 4 or b"coffer: cut.coffer: the file was cut" not in err)
END
}
ok 'a file that is cut under the reader' cut

finish
