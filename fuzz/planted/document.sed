# src/schema/document_write.c: false is written as true.
s/is_true ? "true" : "false"/"true"/
