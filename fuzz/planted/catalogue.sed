# format/catalogue.c: bytes behind the end of an entry are taken.
s/return coffer_reader_finish(&reader);/return reader.fault;/
