/*
 * Somewhere that rows come from, table by table: a server's snapshot, a dump, a folder, another store. Who
 * reads it does not know which.
 *
 *   open --> next_table --> next_row, next_row, ... --> next_table --> ... --> close
 *
 * Tables come once each, in any order; their rows in the order of their arrival where the source knows it.
 */
#ifndef COFFER_TRANSFER_SOURCE_H
#define COFFER_TRANSFER_SOURCE_H

#include "transfer/transfer.h"

struct coffer_source_operations {
	/*
	 * Go to the next table that has rows of its own (a number in the schema); all rows of the one before were
	 * read. COFFER_NOT_FOUND after the last one: the source has then said all that it has to say.
	 */
	coffer_status (*next_table)(struct coffer_source *source, uint32_t *table_out,
				    coffer_error *error);
	/*
	 * The next row of that table: one value a column, in the schema's order and in the normal form of
	 * their types, borrowed until the source's next call. COFFER_NOT_FOUND at the end of the table. Rows
	 * that the selection's `since` cuts off may be among them.
	 */
	coffer_status (*next_row)(struct coffer_source *source, const coffer_value **values_out,
				  coffer_error *error);
	/* Tell each fact of the provenance: what the source is, in words that hold no secret. */
	coffer_status (*facts)(struct coffer_source *source,
			       coffer_status (*fact)(void *context, const char *name,
						     const char *value, coffer_error *error),
			       void *context, coffer_error *error);
	void (*close)(struct coffer_source *source);
};

/* Implementations begin with this. */
struct coffer_source {
	const struct coffer_source_operations *operations;
	const coffer_transfer_options *options; /* the caller's; they outlive the source */
	coffer_schema *schema;                  /* settled, the selection applied; the source's */
	const char *tables,
		*excluded; /* by name, with commas between: what the selection said; NULL: nothing */
	size_t tables_outside; /* that the selection's `within` does not have */
	uint32_t table;        /* the one that rows come from now */
	uint64_t early; /* its rows before the selection's `since`, as far as the source tells of them */
	uint64_t bytes;        /* of rows read so far, as they came */
	uint64_t warnings;
	bool has_estimate;
	uint64_t estimate; /* about how many rows will come */
};

/* As the operations; a row that the selection does not take is passed over. */
coffer_status
coffer_source_next_table(struct coffer_source *source, uint32_t *table_out, coffer_error *error);
coffer_status
coffer_source_next_row(struct coffer_source *source, const coffer_value **values_out,
		       coffer_error *error);

static inline void
coffer_source_close(struct coffer_source *source)
{
	if (source)
		source->operations->close(source);
}

/* Refuse options that ask for another schema, of a source that has one. COFFER_INVALID. */
COFFER_CHECKED coffer_status
coffer_source_check_schema(const struct coffer_source *source, coffer_error *error);

/* Count a warning and say it. */
void
coffer_source_warn(struct coffer_source *source, const char *format, ...) COFFER_PRINTF(2, 3);

#endif
