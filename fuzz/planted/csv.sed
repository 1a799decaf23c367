# src/transfer/csv_write.c: a quote in a field is not doubled.
/coffer_append(out, at, (size_t)(quote - at) + 1);/{n;d}
