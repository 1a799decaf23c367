# links.awk SPEC.md FILE...: each "SPEC.md 4.2", "SPEC.md 4.2 and 5", "SPEC.md 4.2, 4.3" names headings.

FILENAME == ARGV[1] {
	if (/^#+ /) {
		number = $2
		sub(/\.$/, "", number)
		heading[number] = 1
	}
	next
}

{
	rest = $0
	while (match(rest, /SPEC\.md [0-9A-C][0-9.]*((, | and | to )[0-9][0-9.]*)*/)) {
		list = substr(rest, RSTART + 8, RLENGTH - 8)
		rest = substr(rest, RSTART + RLENGTH)
		count = split(list, numbers, /, | and | to /)
		for (i = 1; i <= count; i++) {
			sub(/\.$/, "", numbers[i])
			if (!(numbers[i] in heading))
				print FILENAME ":" FNR ": SPEC.md has no section " numbers[i]
		}
	}
}
