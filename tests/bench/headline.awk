# README's table of a bench: awk -F '\t' -f headline.awk table.tsv. The rows of the most spend logs that have a mark, and
# all imports whose memory was watched.
NR == 1 { next }
$1 == "-" {
	left = left (left == "" ? "" : "; ") substr($2, length("left out: ") + 1)
	next
}
{
	line[++lines] = $0
	if ($1 + 0 > most && $2 !~ /^import, anonymous|^the same, a different end user/)
		most = $1 + 0
	if ($2 == "verify, everything both ways")
		has_growth = verified++
}

function peers(field,   i, text)
{
	split("SQLite|raw LMDB|Postgres|DuckDB|the limit", names, "|")
	for (i = 5; i <= 9; i++)
		if (field[i] != "-")
			text = text (text == "" ? "" : ", ") names[i - 4] " " field[i]
	return text == "" ? "" : text
}
function mark(field,   word)
{
	if (field[16] == "-" || field[16] == "")
		return ""
	word = field[16] == "MISSED" ? "**missed**" : field[16]
	return word " (" field[14] (field[15] == "-" ? "" : ", aim " field[15]) ")"
}
function thousands(number,   text)
{
	for (text = ""; length(number) > 3; number = substr(number, 1, length(number) - 3))
		text = "," substr(number, length(number) - 2) text
	return number text
}
END {
	print "![Ratios and marks](tests/bench/measured.svg)\n"
	print thousands(most) " spend logs:\n"
	print "| work | coffer | beside | ratio | mark |"
	print "|---|---|---|---|---|"
	for (i = 1; i <= lines; i++) {
		split(line[i], field, "\t")
		is_memory = field[2] ~ /^import, anonymous|^the same, a different end user/
		if ((field[1] + 0 != most && !is_memory) || field[16] == "-")
			continue
		unit = field[3]
		sub(/^\/s$/, "a second", unit)
		sub(/^rows\/s$/, "rows a second", unit)
		sub(/^us$/, "µs", unit)
		print "| " field[2] (is_memory ? ", " thousands(field[1]) " rows" : "") " | " field[4] " " unit " | " \
			peers(field) " | " (field[11] == "-" ? "" : field[11]) " | " mark(field) " |"
	}
	if (left != "")
		print "\nLeft out: " left "."
	if (has_growth)
		print "\n![Rates as a table grows](tests/bench/growth.svg)"
	print ""
}
