# How coffer's figures change as a table grows: awk -F '\t' -f growth.awk table.tsv >growth.svg. A line for each work
# that was measured with several numbers of spend logs: its rate beside that at the fewest.
NR == 1 || $1 == "-" || $4 == "-" { next }
$2 !~ /^pull from|^load spend|^get, verified, all|^one day|^an end user|^verify, everything|^push into/ { next }
{
	rate = number_of($4)
	if (rate <= 0)
		next
	if (!($2 in first)) {
		works[++count] = $2
		first[$2] = rate
	}
	if (!($1 in seen)) {
		seen[$1] = 1
		sizes[++size_count] = $1 + 0
	}
	value[$2, $1 + 0] = rate / first[$2]
}

# "1.25 M", "410 k"
function number_of(text,   part)
{
	split(text, part, " ")
	return part[1] * (part[2] == "M" ? 1000000 : part[2] == "k" ? 1000 : 1)
}
function x(size) { return 60 + (size_count < 2 ? 0 : log(size / sizes[1]) / log(sizes[size_count] / sizes[1]) * 420) }
function y(ratio) { return 200 - (ratio > 2 ? 2 : ratio) * 85 }
END {
	split("#2a7fb8 #c8762b #3f9e5a #a04fb0 #c04050 #888833 #448899", colours, " ")
	print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"860\" height=\"250\" font-family=\"sans-serif\" font-size=\"12\">"
	print "<style>.t{fill:#444}.g{stroke:#999;stroke-opacity:.35}@media (prefers-color-scheme:dark){.t{fill:#ccc}}</style>"
	print "<title>rates as the table grows, 1 at the fewest rows</title>"
	for (r = 0; r <= 2; r += 0.5) {
		printf "<line x1=\"60\" x2=\"480\" y1=\"%.1f\" y2=\"%.1f\" class=\"g\"/>\n", y(r), y(r)
		printf "<text x=\"50\" y=\"%.1f\" class=\"t\" text-anchor=\"end\">%.1f</text>\n", y(r) + 4, r
	}
	for (s = 1; s <= size_count; s++)
		printf "<text x=\"%.1f\" y=\"225\" class=\"t\" text-anchor=\"middle\">%d</text>\n", x(sizes[s]), sizes[s]
	for (w = 1; w <= count; w++) {
		points = ""
		for (s = 1; s <= size_count; s++)
			if ((works[w], sizes[s]) in value)
				points = points sprintf("%.1f,%.1f ", x(sizes[s]), y(value[works[w], sizes[s]]))
		printf "<polyline points=\"%s\" fill=\"none\" stroke-width=\"2\" stroke=\"%s\"/>\n", points, colours[w]
		printf "<rect x=\"500\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>\n", 26 + w * 22, colours[w]
		printf "<text x=\"522\" y=\"%d\" class=\"t\">%s</text>\n", 32 + w * 22, works[w]
	}
	print "<text x=\"60\" y=\"245\" class=\"t\">spend logs; rates beside those with the fewest</text>"
	print "</svg>"
}
