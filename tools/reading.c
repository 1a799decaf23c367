/*
 * Opening a store for reading, and whole small files.
 */
#include "reading.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_SIZE_MAX = 64 << 20 };

coffer_status
coffer_reading_open(struct coffer_reading *reading, const char *path, coffer_error *error)
{
	coffer_status status;

	*reading = (struct coffer_reading){0};
	if (!(status = coffer_store_open(path, &reading->store, error)))
		status = coffer_txn_begin(reading->store, &reading->txn, error);
	if (status && error && !*error->place)
		coffer_error_at(error, "%s", path);
	if (!status)
		reading->schema = coffer_store_schema(reading->store);
	return status;
}

void
coffer_reading_close(struct coffer_reading *reading)
{
	coffer_txn_end(reading->txn);
	coffer_store_close(reading->store);
	*reading = (struct coffer_reading){0};
}

uint64_t
coffer_reading_rows(const struct coffer_reading *reading)
{
	uint64_t total = 0, rows;

	for (uint32_t i = 0; i < reading->schema->table_count; i++) {
		if (!reading->schema->tables[i].id)
			continue;
		if (coffer_table_count(reading->txn, i, &rows, NULL))
			return 0;
		total += rows;
	}
	return total;
}

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

coffer_status
coffer_reading_file(const char *path, char **text_out, size_t *size_out, coffer_error *error)
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

coffer_status
coffer_reading_schema(const char *path, coffer_schema **schema_out, coffer_error *error)
{
	coffer_text text;
	char *bytes;
	coffer_status status = coffer_reading_file(path, &bytes, &text.size, error);

	*schema_out = NULL;
	text.data = bytes;
	if (!status)
		status = coffer_schema_parse_prisma(text, path, schema_out, error);
	free(bytes);
	return status;
}
