# format/key.c: negative integers sort above positive ones.
s/return coffer_key_bits(value->integer);/return (uint64_t)value->integer;/
