# A picture of a bench: awk -F '\t' -f plot.awk table.tsv >measured.svg. A bar for each row of the most spend logs that
# has a ratio and a mark: to the right of the line coffer is faster, or smaller, than what stands beside it; the tick is the
# mark. The scale doubles. Colours are legible on light and on dark ground.
NR == 1 || $1 == "-" || $11 == "-" || $16 == "-" || $16 == "" { next }
{
	line[++lines] = $0
	if ($1 + 0 > most)
		most = $1 + 0
}

function log2(number) { return log(number) / log(2) }
function clamp(number) { return number < low ? low : number > high ? high : number }
function x(ratio) { return left + (log2(clamp(ratio)) - log2(low)) * step }
function escaped(text)
{
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	return text
}
function name_of(peer)
{
	sub(/^sqlite$/, "SQLite", peer)
	sub(/^lmdb$/, "raw LMDB", peer)
	sub(/^postgres$/, "Postgres", peer)
	sub(/^duckdb$/, "DuckDB", peer)
	sub(/^limit$/, "the limit", peer)
	return peer
}
# Smaller is better: times and sizes.
function is_turned(field) { return field[3] == "MiB" || field[2] ~ /^open/ }
function bar(field, at,   ratio, must, from, to)
{
	ratio = is_turned(field) ? 1 / field[11] : field[11] + 0
	must = is_turned(field) ? 1 / field[14] : field[14] + 0
	from = ratio < 1 ? x(ratio) : x(1)
	to = ratio < 1 ? x(1) : x(ratio)
	printf "<text x=\"%d\" y=\"%d\" class=\"t\" text-anchor=\"end\">%s</text>\n", left - 10, at + 12, escaped(field[2])
	printf "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"12\" class=\"%s\"/>\n", from, at + 2, \
		(to - from < 1 ? 1 : to - from), (field[16] == "MISSED" ? "m" : "b")
	printf "<rect x=\"%.1f\" y=\"%d\" width=\"2\" height=\"16\" class=\"k\"/>\n", x(must) - 1, at
	printf "<text x=\"%d\" y=\"%d\" class=\"t\">%.2f × %s</text>\n", left + wide + 10, at + 12, ratio, name_of(field[12])
}
END {
	low = 1 / 16; high = 64
	left = 350; step = 44
	wide = (log2(high) - log2(low)) * step
	for (i = 1; i <= lines; i++) {
		split(line[i], field, "\t")
		if (field[1] + 0 == most)
			chosen[++count] = line[i]
	}
	height = 60 + count * 22
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n", \
		left + wide + 150, height
	print "<style>.t{fill:#444}.b{fill:#2a7fb8}.m{fill:#c8762b}.k{fill:#222}.g{stroke:#999;stroke-opacity:.35}.o{stroke:#777}"
	print "@media (prefers-color-scheme:dark){.t{fill:#ccc}.b{fill:#5aa9dd}.m{fill:#e0964f}.k{fill:#eee}}</style>"
	printf "<title>coffer beside others, %d spend logs</title>\n", most
	for (ratio = low; ratio <= high; ratio *= 2) {
		printf "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"24\" y2=\"%d\" class=\"%s\"/>\n", x(ratio), x(ratio), height - 30, \
			(ratio == 1 ? "o" : "g")
		printf "<text x=\"%.1f\" y=\"16\" class=\"t\" text-anchor=\"middle\">%s</text>\n", x(ratio), \
			(ratio < 1 ? "1/" 1 / ratio : ratio)
	}
	for (i = 1; i <= count; i++) {
		split(chosen[i], field, "\t")
		bar(field, 8 + i * 22)
	}
	printf "<text x=\"%d\" y=\"%d\" class=\"t\">times as fast, or as small, as what stands on the right; the tick is the mark, orange misses it</text>\n", \
		left - 200, height - 8
	print "</svg>"
}
