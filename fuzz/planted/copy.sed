# src/postgres/copy_read.c: a boolean of 2 is taken for true.
s/if (bytes\[0\] > 1)/if (bytes[0] > 2)/
