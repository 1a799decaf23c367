#!/bin/sh
# Where a stranger's file may lie and what it may be: read-only files, folders and file systems, links, what is no file at all.
. tests/cli/tap.sh

# Root may write anywhere: whoever tests as root reads as nobody, where nobody can reach the command.
nobody=
drop="setpriv --reuid=65534 --regid=65534 --clear-groups"
chmod 755 "$SCRATCH"
if [ "$(id -u)" = 0 ] && $drop "$COFFER" help >/dev/null 2>&1; then
	nobody="$drop env HOME=$SCRATCH/nobody XDG_STATE_HOME=$SCRATCH/nobody"
fi

mkdir nobody media empty
chmod 777 nobody
coffer generate -q media/g.coffer --rows 100 --seed 4 || exit 1
chmod 444 media/g.coffer
chmod 555 media

# count COMMAND...: the rows of a table of it.
count()
{
	"$@" scan media/g.coffer spendlogs --count
}

# shellcheck disable=SC2086 # Words of a command.
ok 'a file that nobody may write, in a folder that nobody may write' [ "$(count $nobody "$COFFER")" = 100 ]
# shellcheck disable=SC2086
ok 'is verified there' $nobody "$COFFER" verify -q media/g.coffer
ok 'and nothing is left beside it' [ "$(ls -A media)" = g.coffer ]

# What lies in the lock file's place keeps it from everybody: a free list whose record takes several pages is read all the same.
coffer generate -q freed.coffer --rows 20000 --seed 1 || exit 1
coffer scan freed.coffer spendlogs --unverified -q | sed 's/"model":"[^"]*"/"model":"x"/' |
	coffer put freed.coffer spendlogs --upsert -q || exit 1
mkdir freed.coffer-lock
ok 'a store with many free pages is whole without a lock file' coffer verify -q freed.coffer
rmdir freed.coffer-lock

if [ "$(id -u)" != 0 ] || [ -n "$nobody" ]; then
	# shellcheck disable=SC2086
	ok 'nor pruned' [ "$($nobody "$COFFER" prune media/g.coffer --before 1d 2>&1)" = \
		'coffer: media/g.coffer: cannot be written: Permission denied' ]
else
	ok 'nor pruned # SKIP root may write anywhere' true
fi

# A file system that is read-only, where this machine lets us have one.
read_only="mount --bind media media && mount -o remount,bind,ro media"
if unshare --mount --map-root-user sh -c "$read_only" 2>/dev/null; then
	ok 'a file system that is read-only' [ "$(unshare --mount --map-root-user sh -c \
		"$read_only && ! touch media/x 2>/dev/null && \"$COFFER\" scan media/g.coffer spendlogs --count")" = 100 ]
	ok 'nor written anew' [ "$(unshare --mount --map-root-user sh -c \
		"$read_only && \"$COFFER\" compact media/g.coffer 2>&1; echo \$?")" = 'coffer: media/g.coffer: cannot be written: Read-only file system
1' ]
	ok 'and nothing can be written there' [ "$(unshare --mount --map-root-user sh -c \
		"$read_only && \"$COFFER\" delete media/g.coffer teamtable none 2>/dev/null; echo \$?")" = 1 ]
else
	ok 'a file system that is read-only # SKIP no namespace may be made' true
	ok 'nor written anew # SKIP no namespace may be made' true
	ok 'and nothing can be written there # SKIP no namespace may be made' true
fi
ok 'nor is anything left' [ "$(ls -A media)" = g.coffer ]

ln -s media/g.coffer link.coffer
is 'a link leads to its file' 0 100 '' scan link.coffer spendlogs --count
ln -s loop loop
for command in info verify; do
	like "$command: a link to itself" 1 '' 'coffer: loop: *Too many levels of symbolic links' $command loop
	like "$command: a device" 1 '' 'coffer: /dev/zero: *not a regular file' $command /dev/zero
	like "$command: a folder" 1 '' 'coffer: empty: *not a regular file' $command empty
done
mkfifo pipe
is 'a pipe is not waited for' 1 '' 'coffer: pipe: not a coffer store: not a regular file' info pipe
for file in /dev/zero empty pipe; do
	like "recover: $file" 1 '' "coffer: $file: *" recover $file saved.coffer
done
ok 'and nothing is written' [ ! -e saved.coffer ]

# What lies behind a store's end is not its own; what lies in front makes it none.
cat media/g.coffer media/g.coffer >twice.coffer
is 'a store with another one behind it' 0 100 '' scan twice.coffer spendlogs --count
{ printf 'x%.0s' 1 2 3 4 5 6 7 8; cat media/g.coffer; } >shifted.coffer
like 'a store behind something else is none' 1 '' 'coffer: shifted.coffer: *not a coffer store*' verify shifted.coffer

chmod 755 media
# What is read is not what is made, whatever it is called.
coffer generate -q own.coffer --rows 10
coffer schema own.coffer >own.prisma
ln own.coffer linked.coffer
ln -s own.coffer called.coffer
cp own.coffer before
same()
{
	is "$1 makes another file than it reads" 2 '' "coffer: ${1%% *}: own.coffer and $2 are the same file: the new store needs a name of its own
Try 'coffer help ${1%% *}'." $1 own.coffer "$2"
}
same 'copy --force' own.coffer
same 'migrate --force --schema own.prisma' linked.coffer
same 'import --force' ./own.coffer
same 'recover --force' called.coffer
same 'copy' own.coffer
same 'compact' linked.coffer
same 'prune --before 1d' called.coffer
ok 'which stays as it was' cmp own.coffer before

# A link is followed by whoever writes, and stays: what it leads to is made, replaced or refused.
mkdir out.folder
ln -s ../answer out.folder/link
ln -s out.folder/link far
leads()
{
	ok "$1" [ "$(readlink far) $(readlink out.folder/link)" = 'out.folder/link ../answer' ]
}
is 'a link that leads nowhere yet' 0 '' '' sql own.coffer -o far 'SELECT 41 AS n'
ok 'has its file made' [ "$(cat answer)" = '{"n":41}' ]
is 'which is not replaced' 8 '' 'coffer: far: exists already; --force replaces it' sql own.coffer -o far 'SELECT 42 AS n'
is 'but by force' 0 '' '' sql own.coffer -f -o far 'SELECT 42 AS n'
ok 'and is then' [ "$(cat answer)" = '{"n":42}' ]
leads 'by whom links stay'
rm answer
is 'a store behind links' 0 '' '' create -q --force far
ok 'is made where they lead' "$COFFER" info answer
is 'and is not replaced' 8 '' 'coffer: far: exists already; --force replaces it' create far
leads 'and they stay'
is 'a folder is none' 1 '' 'coffer: out.folder: Is a directory' sql own.coffer -f -o out.folder 'SELECT 1'
is 'nor made a file' 1 '' 'coffer: none/: Is a directory' sql own.coffer -o none/ 'SELECT 1'
is 'a loop is none' 1 '' 'coffer: loop: Too many levels of symbolic links' sql own.coffer -f -o loop 'SELECT 1'

# What is open is written to where it stands. Never with the machine's own /dev/stdout: a fault would replace it.
ln -s /proc/self/fd/1 out.folder/stdout
ln -s /proc/self/fd/3 out.folder/third
coffer sql own.coffer -f -o out.folder/stdout 'SELECT 1 AS n' | cat >piped
ok 'a pipe behind a link is written to' [ "$(cat piped)" = '{"n":1}' ]
{
	echo before
	coffer sql own.coffer -o out.folder/stdout 'SELECT 2 AS n'
	coffer sql own.coffer -f -o out.folder/stdout 'SELECT 3 AS n'
	echo behind
} >stands
ok 'so is an open file, where it stands' [ "$(cat stands)" = 'before
{"n":2}
{"n":3}
behind' ]
coffer sql own.coffer -f -o out.folder/third 'SELECT 4 AS n' 3>third
ok 'by whatever number' [ "$(cat third)" = '{"n":4}' ]
ok 'but not one that is read' [ "$(coffer sql own.coffer -o out.folder/third 'SELECT 4' 2>&1 3<third)" = \
	'coffer: out.folder/third: Bad file descriptor' ]
ok 'no store is made there' [ "$(coffer create out.folder/stdout 2>&1 >stands)" = 'coffer: out.folder/stdout: exists already' ]
coffer create out.folder/stdout 2>said | cat >piped
ok 'nor in a pipe' [ "$(cat said piped)" = 'coffer: out.folder/stdout: exists and is not a regular file' ]
ok 'and links stay' [ "$(readlink out.folder/stdout)" = /proc/self/fd/1 ]

finish
