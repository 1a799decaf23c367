# format/msgpack.c: integers in a longer form than they need are taken.
s/number < least(log, 0x80)/number > UINT64_MAX - least(log, 0)/
