# format/rollup.c: a total may have more bytes than it needs.
s/return is_shortest(text);/return true;/
