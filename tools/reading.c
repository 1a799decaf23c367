/*
 * Opening a store for reading.
 */
#include "reading.h"

#include <string.h>

coffer_status
coffer_reading_open(struct coffer_reading *reading, const char *path, coffer_error *error)
{
	coffer_status status;

	*reading = (struct coffer_reading){0};
	if (!(status = coffer_store_open(path, &reading->store, error)))
		status = coffer_txn_begin(reading->store, &reading->txn, error);
	if (status && error && !*error->place)
		coffer_error_in(error, path);
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

const char *
coffer_attached_path(const char *word)
{
	const char *equals = strchr(word, '=');

	return equals && equals > word && equals[1] ? equals + 1 : NULL;
}
