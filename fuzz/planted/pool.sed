# format/checksum.c: the lowest byte of a checksum is not looked at.
s/coffer_load_u64le(value) == expected/coffer_load_u64le(value) >> 8 == expected >> 8/
