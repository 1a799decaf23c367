#!/bin/sh
# What is killed leaves the old file or folder, or none, whole; a file has nothing beside it.
COFFER=${COFFER:-build/coffer}
. tests/postgres/lib.sh
scratch=$(mktemp -d)
chmod 755 "$scratch"
count=0
ok()
{
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then echo "ok $count - $2"; else echo "not ok $count - $2"; fi
}

# killed_after SECONDS COMMAND...: end it as the kernel would.
killed_after()
{
	killed_seconds=$1
	shift
	"$@" >/dev/null 2>&1 &
	killed_pid=$!
	sleep "$killed_seconds"
	kill -KILL "$killed_pid" 2>/dev/null
	wait "$killed_pid" 2>/dev/null
}

# Nothing but the store, and its lock file, lies in the folder.
is_alone()
{
	[ -z "$(ls -A "$scratch" | grep -v -e '^store.coffer$' -e '^store.coffer-lock$')" ]
}

# The store is whole.
whole()
{
	"$COFFER" verify --quiet "$scratch/store.coffer" >/dev/null 2>&1
}

# Without an old store: none, or a whole one.
check_new()
{
	is_alone && { [ ! -e "$scratch/store.coffer" ] || whole; }
}

# With an old store: it or the new one; beside it at most a second name, empty or whole, for a kill that falls
# between the choice of that name and the rename. The next store takes it away.
check_replaced()
{
	whole || return 1
	is_alone && return
	hidden=$(find "$scratch" -name '.store.coffer*' -type f)
	[ "$(printf '%s\n' "$hidden" | wc -l)" -eq 1 ] || return 1
	[ ! -s "$hidden" ] || "$COFFER" verify --quiet "$hidden" >/dev/null 2>&1
}

for seconds in 0.01 0.03 0.06 0.1 0.2 0.4; do
	rm -f "$scratch/store.coffer"
	killed_after "$seconds" "$COFFER" generate "$scratch/store.coffer" --rows 30000 --seed 1
	check_new
	ok $? "generate killed after $seconds s leaves no store or a whole one"
done

rm -f "$scratch"/*
"$COFFER" generate --quiet "$scratch/store.coffer" --rows 100 --seed 2
for seconds in 0.01 0.05 0.1 0.2 0.4; do
	killed_after "$seconds" "$COFFER" generate --force "$scratch/store.coffer" --rows 30000 --seed 1
	check_replaced
	ok $? "generate --force killed after $seconds s leaves the old store or the new one"
done
"$COFFER" copy --quiet "$scratch/store.coffer" "$scratch/.store.coffer.coffer.killed"
"$COFFER" generate --quiet --force "$scratch/store.coffer" --rows 100 --seed 2
whole && is_alone
ok $? "the next one takes away what such a kill has left"

# Written anew in its place.
"$COFFER" generate --quiet --force "$scratch/store.coffer" --rows 20000 --seed 4
for seconds in 0.01 0.05 0.1 0.15 0.2 0.3; do
	killed_after "$seconds" "$COFFER" compact "$scratch/store.coffer"
	check_replaced
	ok $? "compact killed after $seconds s leaves the old store or the new one"
done
for seconds in 0.01 0.05 0.1 0.15 0.2 0.3; do
	"$COFFER" generate --quiet --force "$scratch/store.coffer" --rows 20000 --seed 4
	killed_after "$seconds" "$COFFER" prune --before 2024-10-01 "$scratch/store.coffer"
	check_replaced
	ok $? "prune killed after $seconds s leaves the old store or the new one"
done

# put_killed_after SECONDS: what it acknowledged goes to a file.
put_killed_after()
{
	"$COFFER" put "$scratch/store.coffer" spendlogs --batch 50 --ack --skip-existing \
		<"$rows" >"$acknowledged" 2>/dev/null &
	killed_pid=$!
	sleep "$1"
	kill -KILL "$killed_pid" 2>/dev/null
	wait "$killed_pid" 2>/dev/null
}

# All lines up to the last one that was acknowledged are there, and no more than one transaction behind it.
check_acknowledged()
{
	last=$(tail -n 1 "$acknowledged")
	kept=$("$COFFER" scan "$scratch/store.coffer" spendlogs --count)
	whole && is_alone && [ "$kept" -ge "${last:-0}" ] || return 1
	[ "${last:-0}" -eq 0 ] && return
	head -n "$last" "$rows" | "$COFFER" put "$scratch/store.coffer" spendlogs --skip-existing --json |
		grep -q '"inserted": 0,'
}

lines=$(mktemp -d)
rows=$lines/rows acknowledged=$lines/acknowledged
rm -f "$scratch"/*
"$COFFER" generate --quiet "$lines/source.coffer" --rows 3000 --seed 4 --table spendlogs
"$COFFER" scan "$lines/source.coffer" spendlogs >"$rows"
for seconds in 0.01 0.03 0.05 0.1 0.2; do
	rm -f "$scratch"/*
	"$COFFER" create --quiet "$scratch/store.coffer"
	put_killed_after "$seconds"
	check_acknowledged
	ok $? "put killed after $seconds s keeps what it acknowledged: ${last:-nothing}"
done
rm -r "$lines"

# A folder takes its name when all of its files are there.
check_folder()
{
	[ ! -e "$scratch/books" ] || "$COFFER" diff --quiet "$scratch/store.coffer" "$scratch/books" >/dev/null
}

rm -rf "$scratch"/*
"$COFFER" generate --quiet "$scratch/store.coffer" --rows 20000 --seed 3
for seconds in 0.01 0.02 0.04 0.06 0.08; do
	rm -rf "$scratch/books"
	killed_after "$seconds" "$COFFER" export "$scratch/store.coffer" "$scratch/books/"
	check_folder
	ok $? "export into a folder killed after $seconds s leaves no folder or all of it"
done

if pg_start; then
	rm -rf "$scratch"/* "$scratch"/.books*
	"$COFFER" generate --quiet "$scratch/store.coffer" --rows 20000 --seed 3
	pg_load source
	source="host=$PGHOST user=$PGUSER dbname=source"
	"$COFFER" export --quiet --create "$scratch/store.coffer" "$source"
	for seconds in 0.02 0.1 0.2 0.3 0.5; do
		rm -f "$scratch"/*
		killed_after "$seconds" "$COFFER" import "$source" "$scratch/store.coffer"
		check_new
		ok $? "import killed after $seconds s leaves no store or a whole one"
	done
	"$COFFER" generate --quiet --force "$scratch/store.coffer" --rows 20000 --seed 3
	for seconds in 0.1 0.3 0.5 0.7; do
		pg_load target
		killed_after "$seconds" "$COFFER" export --create "$scratch/store.coffer" \
			"host=$PGHOST user=$PGUSER dbname=target"
		sleep 0.2
		tables=$(pg_sql target "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
		[ "$tables" = 0 ] || [ "$tables" = 16 ]
		ok $? "export killed after $seconds s leaves nothing or all in the target"
	done
fi
rm -rf "$scratch"
pg_stop
echo "1..$count"
