# What the parts of `make bench` share, sourced by run.sh: times, medians, figures, what was left out.
#
# $work is the run's folder, $figures the file of figures, $rows the number of spend logs in work.

now() { date +%s.%N; }

# median FILE: of one figure a line.
median() { sort -g "$1" | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

say() { echo "bench: $*" >&2; }

# leave NAME WHY: it stands at the table's end.
leave()
{
	say "$1 is left out: $2"
	printf '%s\t%s\n' "$1" "$2" >>"$left"
}

# figure ROW CONTENDER CLOCK VALUE UNIT
figure() { printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$rows" "$1" "$2" "$3" "$4" "$5" >>"$figures"; }

# measuring COMMAND...: a program that prints figures.
measuring()
{
	"$@" >"$work/printed"
	awk -v rows="$rows" '{ print rows "\t" $0 }' "$work/printed" >>"$figures"
}

# timed NAME COMMAND...: its seconds on both clocks, added to $work/NAME.wall and .cpu. What others left to write is
# written before. The processor's time is that of the processes it started, not of a server.
timed()
{
	timed_name=$1
	shift
	[ -z "$PG_PID" ] || pg_sql postgres CHECKPOINT
	sync
	timed_start=$(now)
	(
		"$@"
		times >"$work/times"
	)
	timed_end=$(now)
	awk -v a="$timed_start" -v b="$timed_end" 'BEGIN { print b - a }' >>"$work/$timed_name.wall"
	sed -n '2s/[ms]/ /gp' "$work/times" | awk '{ print $1 * 60 + $2 + $3 * 60 + $4 }' >>"$work/$timed_name.cpu"
}

# rate ROW CONTENDER NAME: the median of what timed NAME noted, as rows a second; of a server the wall's alone.
rate()
{
	for rate_clock in wall cpu; do
		[ "$rate_clock$2" != cpupostgres ] || continue
		figure "$1" "$2" "$rate_clock" "$(median "$work/$3.$rate_clock" |
			awk -v rows="$rows" '{ printf "%.6g", rows / ($1 > 0 ? $1 : 0.005) }')" rows/s
	done
}

megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.6g", bytes / 1048576 }'; }
size_of() { megabytes "$(($(stat -c %b "$1") * 512))"; }

# server_size DATABASE: of all tables with their indexes and what lies beside them.
server_size()
{
	megabytes "$(pg_sql "$1" "SELECT sum(pg_total_relation_size(oid)) FROM pg_class
		WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")"
}

# fresh: an empty folder for the files of others, $others.
fresh()
{
	rm -rf "$others"
	mkdir "$others"
}

at() { echo "host=$PGHOST port=$PGPORT user=$PGUSER dbname=$1"; }
