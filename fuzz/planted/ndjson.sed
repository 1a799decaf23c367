# src/transfer/json_document.c: a document that is a null is written as SQL NULL.
s/(size == 4 && !memcmp(text, "null", 4)) || //
