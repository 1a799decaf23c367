# format/packed.c: the first of an odd number of digits is packed too.
s/text.size - last + last % 2/text.size - last/
