# format/checksum.c: a wrong checksum is passed over.
s/== expected/!= expected + 1/
