/*
 * The files of a folder of rows: their names, and what is in a folder.
 */
#ifndef COFFER_TRANSFER_FOLDER_FILES_H
#define COFFER_TRANSFER_FOLDER_FILES_H

#include "transfer/folder.h"

#define COFFER_FOLDER_DOCUMENT "schema.json"
#define COFFER_FOLDER_PRISMA "schema.prisma"

/* The name of a table's file, in memory of the schema's; NULL when that is out. */
char *
coffer_folder_file_name(coffer_schema *schema, const char *table, coffer_row_format format);

/* The table's name that a file's name stands for, in memory of the schema's, and the format. COFFER_NOT_FOUND: it ends
 * as no file of rows; COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_folder_table_name(coffer_schema *schema, const char *file, char **table_out,
			 coffer_row_format *format_out, coffer_error *error);

/* "folder/file", to be freed; NULL without memory. */
char *
coffer_folder_path(const char *folder, const char *file);

struct coffer_folder_list {
	char **names;
	size_t count;
	size_t hidden; /* how many names that begin with '.' were left out, "." and ".." not counted */
};

/* One name more, at the end. COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_folder_list_add(struct coffer_folder_list *list, const char *name, coffer_error *error);

/* What is in a folder, in byte order. COFFER_IO, COFFER_NO_MEMORY. Release it always. */
COFFER_CHECKED coffer_status
coffer_folder_list_read(struct coffer_folder_list *list, const char *folder, coffer_error *error);
void
coffer_folder_list_release(struct coffer_folder_list *list);
/* Of a list in byte order. */
bool
coffer_folder_list_has(const struct coffer_folder_list *list, const char *name);

#endif
