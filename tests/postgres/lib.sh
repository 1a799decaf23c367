# A throw-away Postgres server for tests, sourced by sh.
#
#	. tests/postgres/lib.sh
#	pg_start || pg_skip_all		# sets PGHOST, PGPORT, PGUSER, PGDATABASE; no TCP
#	pg_load own fixture-own.sql	# a database made of a fixture beside this file
#	pg_rows own public; pg_schema own public
#	pg_stop				# also at exit, unless the caller has an EXIT trap of its own
#
# The server runs as an unprivileged user when the caller is root, keeps everything in one temporary
# folder ($PG_FOLDER), syncs nothing, and is ended by its own process id. Every role is trusted but
# `locked`, which needs its password. PG_SETTINGS may hold more lines for postgresql.conf.

PG_TESTS=${PG_TESTS:-tests/postgres}
PG_PID=
PG_FOLDER=

# Print the folder that has initdb: the newest packaged one, else what PATH has.
pg_find()
{
	for pg_found in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5,5nr); do
		[ -x "$pg_found/initdb" ] && echo "$pg_found" && return 0
	done
	pg_found=$(command -v initdb) && dirname "$pg_found"
}

# Run a command as somebody whom the server lets run it.
pg_as_user()
{
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
		return
	fi
	pg_user=nobody
	id postgres >/dev/null 2>&1 && pg_user=postgres
	(cd / && runuser -u "$pg_user" -- "$@")
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

pg_start()
{
	PG_BIN=${PG_BIN:-$(pg_find)}
	[ -n "$PG_BIN" ] || return 1
	PATH=$PG_BIN:$PATH
	unset PGHOSTADDR PGPASSWORD PGPASSFILE PGSERVICE PGOPTIONS PGTZ PGDATESTYLE PGCLIENTENCODING
	PG_FOLDER=$(mktemp -d /tmp/coffer-pg.XXXXXX) || return 1
	trap pg_stop EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	if [ "$(id -u)" -eq 0 ]; then
		pg_owner=nobody
		id postgres >/dev/null 2>&1 && pg_owner=postgres
		chown "$pg_owner" "$PG_FOLDER"
	fi
	export PATH PGHOST="$PG_FOLDER" PGPORT=5432 PGUSER=coffer PGDATABASE=postgres
	pg_as_user "$PG_BIN/initdb" -N -A trust -U coffer -E UTF8 --locale=C -D "$PG_FOLDER/data" \
		>"$PG_FOLDER/initdb.log" 2>&1 || { cat "$PG_FOLDER/initdb.log" >&2; return 1; }
	pg_configure
	pg_as_user "$PG_BIN/pg_ctl" -s -w -t 60 -D "$PG_FOLDER/data" -l "$PG_FOLDER/log" start \
		>/dev/null 2>&1 </dev/null || { cat "$PG_FOLDER/log" >&2; return 1; }
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
	[ -z "$2" ] || psql -X -q -v ON_ERROR_STOP=1 -d "$1" -f "$PG_TESTS/$2" >/dev/null
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

# pg_schema DATABASE SCHEMA: its definition, without what differs from run to run.
pg_schema()
{
	pg_dump --schema-only --no-owner --no-privileges -n "\"$2\"" -d "$1" |
		sed -e '/^\\restrict /d' -e '/^\\unrestrict /d'
}
