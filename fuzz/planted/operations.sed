# src/store/write_action.c: a text that a foreign key sets keeps the code of the old one.
/change->after.codes\[column\] = 0;/d
