# The table of a bench: awk -f table.awk rows figures left. figures has the lines of measure.h behind the number of
# spend logs, left has "NAME<TAB>WHY" for each part that was left out. Tab-separated; fails where a figure has no row.
BEGIN {
	FS = OFS = "\t"
	split("coffer sqlite lmdb postgres duckdb limit", contenders, " ")
}
FNR == 1 { file++ }
/^#/ && file == 1 { next }
file == 1 {
	order[++rows] = $1
	work[$1] = $2; beside[$1] = $3; sense[$1] = $4; must[$1] = $5; aim[$1] = $6; clock[$1] = $7
	next
}
file == 2 {
	if (!($2 in work)) {
		print "table.awk: no row " $2 >"/dev/stderr"
		failed = 1
		next
	}
	if (!($1 in size_seen)) {
		size_seen[$1] = 1
		sizes[++size_count] = $1
	}
	if ($6 == "ratio")
		told[$1, $2] = $5
	else {
		value[$1, $2, $3, $4] = $5
		unit[$1, $2] = $6
	}
	next
}
{ left[++left_count] = $0 }

function figure(size, row, name, by)
{
	return (size, row, name, by) in value ? value[size, row, name, by] : ""
}
function short(number)
{
	if (number == "")
		return "-"
	if (number >= 1000000)
		return sprintf("%.2f M", number / 1000000)
	if (number >= 10000)
		return sprintf("%.0f k", number / 1000)
	if (number >= 100)
		return sprintf("%.0f", number)
	return sprintf("%.3g", number)
}
# coffer's beside the other's, as the row's sense has it; "" where one is missing.
function ratio(size, row, by,   own, other)
{
	own = figure(size, row, "coffer", by)
	other = figure(size, row, beside[row], by)
	if (own == "" || other == "" || own == 0 || other == 0)
		return ""
	if (sense[row] == "time" || sense[row] == "share" || unit[size, row] ~ /\/s$|^MiB$/)
		return own / other
	return other / own
}
function verdict(size, row, what)
{
	if (sense[row] == "tell" || must[row] == "-" || what == "")
		return "-"
	if (sense[row] == "speed")
		return what >= must[row] ? (aim[row] != "-" && what >= aim[row] ? "met, aim too" : "met") : "MISSED"
	return what <= must[row] ? (aim[row] != "-" && what <= aim[row] ? "met, aim too" : "met") : "MISSED"
}
# Microseconds of a long work are told as milliseconds.
function is_long(size, row) { return unit[size, row] == "us" && figure(size, row, "coffer", clock[row]) >= 1000 }
function told_figure(size, row, name, by,   number)
{
	number = figure(size, row, name, by)
	return short(number != "" && is_long(size, row) ? number / 1000 : number)
}
function line(size, row,   i, text, what, other_clock, other)
{
	what = sense[row] == "most" ? figure(size, row, "coffer", "-") : ratio(size, row, clock[row])
	if ((size, row) in told)
		what = told[size, row]
	other_clock = clock[row] == "cpu" ? "wall" : "cpu"
	other = clock[row] == "-" ? "" : ratio(size, row, other_clock)
	text = size OFS work[row] OFS (is_long(size, row) ? "ms" : unit[size, row])
	for (i = 1; i <= 6; i++)
		text = text OFS told_figure(size, row, contenders[i], clock[row])
	print text, clock[row], (what == "" || sense[row] == "most" ? "-" : sprintf("%.2f", what)), \
		(beside[row] == "-" ? "-" : beside[row]), (other == "" ? "-" : sprintf("%.2f", other)), must[row], aim[row], \
		verdict(size, row, what), (clock[row] == "-" ? "-" : told_figure(size, row, "coffer", other_clock))
}
END {
	print "rows", "work", "unit", "coffer", "SQLite", "LMDB", "Postgres", "DuckDB", "limit", "clock", "ratio", "to", \
		"by the other clock", "must", "aim", "mark", "coffer by it"
	for (s = 1; s <= size_count; s++)
		for (i = 1; i <= rows; i++) {
			seen = 0
			for (c = 1; c <= 6; c++)
				seen += figure(sizes[s], order[i], contenders[c], clock[order[i]]) != ""
			if (seen)
				line(sizes[s], order[i])
		}
	for (i = 1; i <= left_count; i++) {
		split(left[i], part, "\t")
		print "-", "left out: " part[1] ": " part[2]
	}
	exit failed
}
