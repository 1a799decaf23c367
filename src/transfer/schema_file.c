/*
 * Schemas in files.
 */
#include "transfer/schema_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_SIZE_MAX = 64 << 20 };

static coffer_status
read_all(FILE *file, char **text_out, size_t *size_out, coffer_error *error)
{
	size_t capacity = 1 << 16, size = 0;
	char *text = NULL, *larger;

	for (;;) {
		larger = realloc(text, capacity);
		if (!larger) {
			free(text);
			return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for it");
		}
		text = larger;
		size += fread(text + size, 1, capacity - size, file);
		if (size < capacity)
			break;
		if (capacity >= FILE_SIZE_MAX) {
			free(text);
			return coffer_error_set(error, COFFER_LIMIT, "over 64 MiB");
		}
		capacity *= 2;
	}
	if (ferror(file)) {
		coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
		free(text);
		return COFFER_IO;
	}
	*text_out = text;
	*size_out = size;
	return COFFER_OK;
}

static coffer_status
read_file(const char *path, char **text_out, size_t *size_out, coffer_error *error)
{
	bool is_stream = !strcmp(path, "-");
	FILE *file = is_stream ? stdin : fopen(path, "re");
	coffer_status status;

	*text_out = NULL;
	*size_out = 0;
	if (!file)
		status = coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
	else
		status = read_all(file, text_out, size_out, error);
	if (status)
		coffer_error_at(error, "%s", is_stream ? "standard input" : path);
	if (file && !is_stream)
		fclose(file);
	return status;
}

static bool
ends_in(const char *path, const char *end)
{
	size_t size = strlen(path), end_size = strlen(end);

	return size > end_size && !strcmp(path + size - end_size, end);
}

bool
coffer_schema_file_is(const char *path)
{
	return ends_in(path, ".prisma") || ends_in(path, ".json");
}

coffer_status
coffer_schema_file_read(const char *path, coffer_schema **schema_out, coffer_error *error)
{
	coffer_status status;
	coffer_text text;
	char *bytes;

	*schema_out = NULL;
	if ((status = read_file(path, &bytes, &text.size, error)))
		return status;
	text.data = bytes;
	if (ends_in(path, ".json"))
		status = coffer_schema_parse_json(text, path, schema_out, error);
	else
		status = coffer_schema_parse_prisma(text, path, schema_out, error);
	free(bytes);
	return status;
}

coffer_status
coffer_schema_file_read_layout(const char *path, coffer_schema **schema_out, coffer_error *error)
{
	coffer_status status;
	coffer_text text;
	char *bytes;

	*schema_out = NULL;
	if (!ends_in(path, ".json")) {
		coffer_error_set(error, COFFER_INVALID,
				 "a Prisma schema does not say how rows lie in a store: a store or what "
				 "schema --json wrote of one does");
		return coffer_error_at(error, "%s", path);
	}
	if ((status = read_file(path, &bytes, &text.size, error)))
		return status;
	text.data = bytes;
	status = coffer_schema_parse_layout(text, path, schema_out, error);
	free(bytes);
	return status;
}
