# src/transfer/dump_map.c: what is wrong is told without its place.
s/^	coffer_error_at(walk->error, "%s:%llu", walk->name.*//
