# A throw-away Postgres server for tests, sourced by sh.
#
#	. tests/postgres/lib.sh
#	pg_start || pg_skip_all		# sets PGHOST, PGPORT, PGUSER, PGDATABASE; no TCP
#					# false when none is installed; one that does not start ends the caller
#	pg_load own fixture-own.sql	# a database made of a fixture beside this file
#	pg_rows own public; pg_schema own public
#	pg_stop				# also at exit, unless the caller has an EXIT trap of its own
#
# The server runs as an unprivileged user when the caller is root, keeps everything in one temporary
# folder ($PG_FOLDER), syncs nothing, and is ended by its own process id. Every role is trusted but
# `locked`, which needs its password. PG_SETTINGS may hold more lines for postgresql.conf, and PG_BIN the
# folder of another server's programs, an absolute path; pg_start tells the version in PG_MAJOR.

PG_TESTS=${PG_TESTS:-tests/postgres}
PG_PID=
PG_FOLDER=
PG_MAJOR=

# Print the folder that has initdb: the newest packaged one, else what PATH has.
pg_find()
{
	for pg_found in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5,5nr); do
		[ -x "$pg_found/initdb" ] && echo "$pg_found" && return 0
	done
	pg_found=$(command -v initdb) && dirname "$pg_found"
}

# pg_major PROGRAM: the major version of one of Postgres' programs.
pg_major()
{
	"$1" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/'
}

# Can the installed pg_dump read this server? It refuses one that is newer than itself.
pg_can_dump()
{
	PG_NO_DUMP="pg_dump $(pg_major pg_dump) refuses a server of $PG_MAJOR"
	[ "$(pg_major pg_dump)" -ge "$PG_MAJOR" ]
}

# End a TAP test that is about dumps of a server that cannot be dumped.
pg_need_dump()
{
	pg_can_dump && return
	echo "1..0 # SKIP $PG_NO_DUMP"
	exit 0
}

# Print whom root lets run the server, which will not run as root.
pg_user()
{
	if id postgres >/dev/null 2>&1; then
		echo postgres
	else
		echo nobody
	fi
}

# Run a command as somebody whom the server lets run it.
pg_as_user()
{
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
		return
	fi
	(cd / && runuser -u "$(pg_user)" -- "$@")
}

pg_configure()
{
	cat >>"$PG_FOLDER/data/postgresql.conf" <<-END
		listen_addresses = ''
		unix_socket_directories = '$PG_FOLDER'
		port = 5432
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		shared_buffers = 64MB
		max_connections = 30
		autovacuum = off
		logging_collector = off
		wal_level = minimal
		max_wal_senders = 0
		max_wal_size = 2GB
		$PG_SETTINGS
	END
	cat >"$PG_FOLDER/data/pg_hba.conf" <<-END
		local all locked scram-sha-256
		local all all trust
	END
}

# End the caller, whose server does not start: what is installed has to work.
pg_fail()
{
	cat "$1" >&2
	echo "the server of $PG_BIN does not start" >&2
	PG_PID=$(head -n 1 "$PG_FOLDER/data/postmaster.pid" 2>/dev/null)
	exit 1
}

pg_start()
{
	PG_BIN=${PG_BIN:-$(pg_find)}
	[ -n "$PG_BIN" ] || return 1
	PG_MAJOR=$(pg_major "$PG_BIN/postgres")
	PATH=$PG_BIN:$PATH
	unset PGHOSTADDR PGPASSWORD PGPASSFILE PGSERVICE PGOPTIONS PGTZ PGDATESTYLE PGCLIENTENCODING
	PG_FOLDER=$(mktemp -d /tmp/coffer-pg.XXXXXX) || return 1
	trap pg_stop EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	[ "$(id -u)" -ne 0 ] || chown "$(pg_user)" "$PG_FOLDER"
	export PATH PGHOST="$PG_FOLDER" PGPORT=5432 PGUSER=coffer PGDATABASE=postgres
	pg_as_user "$PG_BIN/initdb" -N -A trust -U coffer -E UTF8 --locale=C -D "$PG_FOLDER/data" \
		>"$PG_FOLDER/initdb.log" 2>&1 || pg_fail "$PG_FOLDER/initdb.log"
	pg_configure
	pg_as_user "$PG_BIN/pg_ctl" -s -w -t 60 -D "$PG_FOLDER/data" -l "$PG_FOLDER/log" start \
		>/dev/null 2>&1 </dev/null || pg_fail "$PG_FOLDER/log"
	PG_PID=$(head -n 1 "$PG_FOLDER/data/postmaster.pid")
}

# Is the server still there? A zombie is not, though its parent has not fetched it yet.
pg_runs()
{
	case $(ps -o stat= -p "$1" 2>/dev/null) in
	'' | Z*) return 1 ;;
	esac
}

pg_stop()
{
	if [ -n "$PG_PID" ]; then
		kill -INT "$PG_PID" 2>/dev/null
		pg_waited=0
		while pg_runs "$PG_PID" && [ "$pg_waited" -lt 100 ]; do
			sleep 0.1
			pg_waited=$((pg_waited + 1))
		done
		PG_PID=
	fi
	[ -n "$PG_FOLDER" ] && rm -rf "$PG_FOLDER"
	PG_FOLDER=
}

# End a TAP test that cannot run here.
pg_skip_all()
{
	echo "1..0 # SKIP no Postgres server is installed"
	exit 0
}

# pg_sql DATABASE SQL...: run it, unaligned rows on stdout.
pg_sql()
{
	pg_database=$1
	shift
	psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$pg_database" -c "$*"
}

# pg_load DATABASE FIXTURE: make the database anew; a fixture may be left out.
pg_load()
{
	psql -X -q -d postgres -c "SET client_min_messages = error" \
		-c "DROP DATABASE IF EXISTS \"$1\"" -c "CREATE DATABASE \"$1\"" || return 1
	[ -z "$2" ] || pg_fixture "$PG_TESTS/$2" | psql -X -q -v ON_ERROR_STOP=1 -d "$1" >/dev/null
}

# pg_fixture FILE: its text, without what this server does not know yet.
pg_fixture()
{
	if [ "$PG_MAJOR" -ge 15 ]; then
		cat "$1"
	else
		sed -e 's/ NULLS NOT DISTINCT//' -e 's/\(ON DELETE SET NULL\) ([a-z]*)/\1/' "$1"
	fi
}

# pg_rows DATABASE SCHEMA: every row of every table as text, in an order of their own. A query in the
# form "COPY (...) TO STDOUT" for each table, since COPY takes no variable name.
pg_rows()
{
	psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$1" -v schema="$2" <<-'END' >"$PG_FOLDER/rows.sql" || return 1
		SELECT format(E'SELECT %L;\nCOPY (SELECT * FROM %I.%I AS r ORDER BY ROW(r.*)::text COLLATE "C") TO STDOUT;',
		              '## ' || c.relname, n.nspname, c.relname)
		FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
		WHERE n.nspname = :'schema' AND c.relkind IN ('r', 'p', 'm') AND c.relispopulated ORDER BY c.relname COLLATE "C"
	END
	psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$1" -c "SET timezone = 'UTC'" -f "$PG_FOLDER/rows.sql"
}

# pg_objects DATABASE: every relation, column, constraint and type of its own, a line each.
pg_objects()
{
	pg_sql "$1" "SELECT o.oid, o.name, o.what FROM pg_namespace AS n JOIN (
		SELECT oid, relname AS name, relnamespace AS space, relkind::text AS what FROM pg_class
		UNION ALL SELECT attrelid, attname, relnamespace, format_type(atttypid, atttypmod) FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid
		UNION ALL SELECT oid, conname, connamespace, pg_get_constraintdef(oid) FROM pg_constraint
		UNION ALL SELECT oid, typname, typnamespace, typtype::text FROM pg_type) AS o ON o.space = n.oid
		WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2, 3"
}

# pg_schema DATABASE SCHEMA: its definition, without what differs from run to run.
pg_schema()
{
	pg_dump --schema-only --no-owner --no-privileges -n "\"$2\"" -d "$1" |
		sed -e '/^\\restrict /d' -e '/^\\unrestrict /d'
}
