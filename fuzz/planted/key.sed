# format/key.c: negative integers sort above positive ones.
s/return (uint64_t)value->integer ^ SIGN;/return (uint64_t)value->integer;/
