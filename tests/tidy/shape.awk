# shape.awk FILE...: functions of at most 70 lines, a comment at the head of each file, `goto done` only.

BEGIN {
	lines_max = 70
}

FNR == 1 {
	start = 0
	if ($0 !~ /^\/\*/)
		print FILENAME ":1: no opening comment"
}

# A definition's body starts with a brace of its own in the first column; an initialiser's does not.
/^\{/ {
	start = FNR
}

/^\}/ && start {
	if (FNR - start - 1 > lines_max)
		print FILENAME ":" start ": a function of " FNR - start - 1 " lines, at most " lines_max
	start = 0
}

/^[ \t]+goto / && !/goto done;/ {
	print FILENAME ":" FNR ": goto to another label than done"
}
