# format/json_normal.c: names of one size may stand in any order.
s/return memcmp(name.data, before.data, name.size) > 0;/return true;/
