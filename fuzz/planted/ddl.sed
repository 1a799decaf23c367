# src/transfer/sql.c: a doubled quote in a string stays doubled.
/a doubled quote/,/at += 2;/s/at += 2;/at += 1;/
