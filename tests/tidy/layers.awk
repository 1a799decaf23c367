# layers.awk src/LAYERS FILE...: each #include of a layer's file must be allowed by its line.

function layer_of(path,    parts, count) {
	count = split(path, parts, "/")
	if (parts[1] == "src")
		return count > 2 ? parts[2] : ""
	return parts[1] == "tests" || parts[1] == "fuzz" ? "" : parts[1]
}

# The library headers that somebody owns; any other <header> is the system's, free for all.
function is_owned(header) {
	return header in owned
}

FILENAME == ARGV[1] {
	if (/^[a-z]+:/) {
		layer = substr($1, 1, length($1) - 1)
		known[layer] = 1
		may[layer, layer] = 1
		library = 0
		for (i = 2; i <= NF; i++) {
			if ($i == "+")
				library = 1
			else if (library)
				owned[$i] = 1
			may[layer, $i] = 1
		}
	}
	next
}

FNR == 1 {
	layer = layer_of(FILENAME)
	if (layer != "" && !(layer in known))
		print FILENAME ":1: layer " layer " is not in src/LAYERS"
}

layer in known && /^[ \t]*#[ \t]*include/ {
	header = $0
	sub(/^[^<"]*[<"]/, "", header)
	sub(/[>"].*$/, "", header)
	if (/</) {
		if (is_owned(header) && !((layer, header) in may))
			print FILENAME ":" FNR ": " layer " may not include <" header ">"
		next
	}
	folder = header
	if (!sub(/\/.*$/, "", folder) && header != "coffer.h")
		next # beside the file itself
	if (!((layer, header) in may) && !((layer, folder) in may))
		print FILENAME ":" FNR ": " layer " may not include \"" header "\""
}
