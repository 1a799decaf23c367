# format/rollup.c: a total may have more bytes than it needs.
s/return write_fixed(out, again) == gap;/return write_fixed(out, again) >= gap;/
