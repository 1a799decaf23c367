/*
 * Names of files and of tables, either way, and the list of a folder.
 */
#include "transfer/folder_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const formats[] = {
	[COFFER_FORMAT_NDJSON] = "ndjson",
	[COFFER_FORMAT_CSV] = "csv",
};

bool
coffer_row_format_parse(const char *name, coffer_row_format *format_out)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		if (!strcmp(name, formats[i])) {
			*format_out = (coffer_row_format)i;
			return true;
		}
	}
	return false;
}

const char *
coffer_row_format_name(coffer_row_format format)
{
	return formats[format];
}

bool
coffer_folder_is(const char *path)
{
	struct stat facts;

	return !stat(path, &facts) && S_ISDIR(facts.st_mode);
}

/* ------------------------------------------------------------------ names */

char *
coffer_folder_file_name(coffer_schema *schema, const char *table, coffer_row_format format)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t size = 3 * strlen(table) + 1 + strlen(formats[format]) + 1;
	char *name = coffer_schema_memory(schema, size), *out = name;

	if (!name)
		return NULL;
	for (const char *at = table; *at; at++) {
		if (*at == '%' || *at == '/' || (*at == '.' && at == table)) {
			*out++ = '%';
			*out++ = digits[(unsigned char)*at >> 4];
			*out++ = digits[*at & 15];
		} else {
			*out++ = *at;
		}
	}
	snprintf(out, size - (size_t)(out - name), ".%s", formats[format]);
	return name;
}

static int
digit_of(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	digit = (char)(digit | ' ');
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* In place. A '%' without two digits behind it is itself, and so is one that would make a NUL. */
static void
unescape(char *name)
{
	char *out = name;

	while (*name) {
		int high = name[0] == '%' ? digit_of(name[1]) : -1;
		int low = high < 0 ? -1 : digit_of(name[2]);

		if (low >= 0 && high + low > 0) {
			*out++ = (char)(high << 4 | low);
			name += 3;
		} else {
			*out++ = *name++;
		}
	}
	*out = '\0';
}

coffer_status
coffer_folder_table_name(coffer_schema *schema, const char *file, char **table_out,
			 coffer_row_format *format_out, coffer_error *error)
{
	const char *point = strrchr(file, '.');

	*table_out = NULL;
	if (!point || point == file || !coffer_row_format_parse(point + 1, format_out))
		return COFFER_NOT_FOUND;
	*table_out = coffer_schema_text(schema, file);
	if (!*table_out)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a file's name");
	(*table_out)[point - file] = '\0';
	unescape(*table_out);
	return COFFER_OK;
}

char *
coffer_folder_path(const char *folder, const char *file)
{
	size_t size = strlen(folder);
	char *path;

	while (size > 1 && folder[size - 1] == '/')
		size--;
	return asprintf(&path, "%.*s/%s", (int)size, folder, file) < 0 ? NULL : path;
}

/* ------------------------------------------------------------------ lists */

coffer_status
coffer_folder_list_add(struct coffer_folder_list *list, const char *name, coffer_error *error)
{
	char **names = list->names;

	if (!(list->count & (list->count - 1)))
		names = reallocarray(names, list->count ? 2 * list->count : 1, sizeof(*names));
	if (names)
		list->names = names;
	if (!names || !(names[list->count] = strdup(name)))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a folder's list");
	list->count++;
	return COFFER_OK;
}

static int
compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

coffer_status
coffer_folder_list_read(struct coffer_folder_list *list, const char *folder, coffer_error *error)
{
	DIR *stream = opendir(folder);
	coffer_status status = COFFER_OK;
	struct dirent *entry;

	*list = (struct coffer_folder_list){0};
	while (stream && !status) {
		errno = 0;
		if (!(entry = readdir(stream)))
			break;
		if (entry->d_name[0] != '.')
			status = coffer_folder_list_add(list, entry->d_name, error);
		else if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			list->hidden++;
	}
	if (!status && (!stream || errno))
		status = coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
	if (stream)
		closedir(stream);
	if (status)
		coffer_error_at(error, "%s", folder);
	else if (list->count)
		qsort(list->names, list->count, sizeof(*list->names), compare);
	return status;
}

void
coffer_folder_list_release(struct coffer_folder_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
	*list = (struct coffer_folder_list){0};
}

bool
coffer_folder_list_has(const struct coffer_folder_list *list, const char *name)
{
	return list->count &&
	       bsearch(&name, list->names, list->count, sizeof(*list->names), compare) != NULL;
}
