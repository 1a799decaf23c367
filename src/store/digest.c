/*
 * The content digest: what the rows are, whatever their order, codes or page size. SPEC.md 9.4.
 *
 *   row --> plain form --> BLAKE2b-256 --> sorted --> BLAKE2b-256 of all, behind the schema
 */
#include "store/sorter.h"
#include "store/store.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ROW_DIGEST_SIZE = 32,
	SORT_MEMORY = 32 << 20,
};

struct digest {
	coffer_txn *txn;
	crypto_generichash_state state;
	struct coffer_sort_scratch scratch;
	coffer_buffer plain; /* one row, or a table's head */
};

struct named {
	const char *name;
	uint32_t number;
};

static int
compare_names(const void *left, const void *right)
{
	const struct named *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static void
update(struct digest *digest, const void *bytes, size_t size)
{
	crypto_generichash_update(&digest->state, bytes, size);
}

static coffer_status
no_memory(coffer_error *error)
{
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a digest");
}

/* Columns in byte order of their names. */
static struct named *
order_columns(const coffer_table *table)
{
	struct named *order = calloc(table->column_count + 1, sizeof(*order));

	for (size_t i = 0; order && i < table->column_count; i++)
		order[i] = (struct named){table->columns[i].name, (uint32_t)i};
	if (order)
		qsort(order, table->column_count, sizeof(*order), compare_names);
	return order;
}

static void
put_header(coffer_buffer *out, size_t count)
{
	uint8_t header[COFFER_RECORD_HEADER_MAX];

	coffer_buffer_append(out, header, coffer_record_header_write(count, header));
}

static void
put_value(coffer_buffer *out, const coffer_value *value)
{
	if (coffer_buffer_reserve(out, coffer_element_size_max(value)))
		out->size += coffer_element_write_plain(value, (uint8_t *)out->data + out->size);
}

static void
put_text(coffer_buffer *out, const char *text)
{
	put_value(out, &(coffer_value){.kind = COFFER_TEXT, .text = {text, strlen(text)}});
}

/* What of the schema counts: names, types, nullability, primary key. */
static coffer_status
add_head(struct digest *digest, const coffer_table *table, const struct named *order,
	 coffer_error *error)
{
	coffer_buffer *out = &digest->plain;
	const coffer_index *primary =
		table->primary == COFFER_NO_INDEX ? NULL : &table->indexes[table->primary];

	coffer_buffer_clear(out);
	put_header(out, 3);
	put_text(out, table->name);
	put_header(out, table->column_count);
	for (size_t i = 0; i < table->column_count; i++) {
		const coffer_column *column = &table->columns[order[i].number];

		put_header(out, 3);
		put_text(out, column->name);
		put_text(out, column->type);
		put_value(out, &(coffer_value){.kind = COFFER_BOOL, .boolean = column->is_nullable});
	}
	put_header(out, primary ? primary->key_column_count : 0);
	for (size_t i = 0; primary && i < primary->key_column_count; i++)
		put_text(out, table->columns[primary->key_columns[i]].name);
	if (out->is_failed)
		return no_memory(error);
	update(digest, out->data, out->size);
	return COFFER_OK;
}

static coffer_status
digest_row(struct digest *digest, const coffer_row *row, const struct named *order, size_t count,
	   uint8_t *out, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	coffer_value value;

	coffer_buffer_clear(&digest->plain);
	put_header(&digest->plain, count);
	for (size_t i = 0; !status && i < count; i++) {
		status = coffer_row_get(row, (uint16_t)order[i].number, &value, error);
		if (!status)
			put_value(&digest->plain, &value);
	}
	if (status)
		return status;
	if (digest->plain.is_failed)
		return no_memory(error);
	crypto_generichash(out, ROW_DIGEST_SIZE, (const uint8_t *)digest->plain.data,
			   digest->plain.size, NULL, 0);
	return COFFER_OK;
}

static coffer_status
collect_rows(struct digest *digest, uint32_t table, const struct named *order,
	     struct coffer_sorter *sorter, coffer_error *error)
{
	static const coffer_scan all = {.index = COFFER_NO_INDEX};
	coffer_cursor *cursor;
	const coffer_row *row;
	coffer_status status = coffer_cursor_open(digest->txn, table, &cursor, error);

	if (!status)
		status = coffer_cursor_scan(cursor, &all, error);
	while (!status && !(status = coffer_cursor_next(cursor, &row, error))) {
		uint8_t *out;

		if (!(status = coffer_sorter_add(sorter, &out, error)))
			status = digest_row(digest, row, order,
					    digest->txn->schema->tables[table].column_count, out, error);
	}
	coffer_cursor_close(cursor);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
add_rows(struct digest *digest, struct coffer_sorter *sorter, coffer_error *error)
{
	coffer_status status = coffer_sorter_finish(sorter, error);
	const uint8_t *key;
	uint8_t count[8];

	for (size_t i = 0; i < sizeof(count); i++)
		count[i] = (uint8_t)(sorter->total >> (8 * i));
	update(digest, count, sizeof(count));
	while (!status && !(status = coffer_sorter_next(sorter, &key, error)))
		update(digest, key, ROW_DIGEST_SIZE);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static const char *
scratch_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder && *folder ? folder : "/tmp";
}

static coffer_status
add_table(struct digest *digest, uint32_t number, coffer_error *error)
{
	const coffer_table *table = &digest->txn->schema->tables[number];
	struct named *order = order_columns(table);
	struct coffer_sorter sorter;
	coffer_buffer path = {0};
	coffer_status status;

	coffer_buffer_printf(&path, "%s/coffer", scratch_folder());
	coffer_sorter_init(&sorter, ROW_DIGEST_SIZE, SORT_MEMORY, &digest->scratch, path.data);
	if (!order || path.is_failed)
		status = no_memory(error);
	else if (!(status = add_head(digest, table, order, error)) &&
		 !(status = collect_rows(digest, number, order, &sorter, error)))
		status = add_rows(digest, &sorter, error);
	coffer_sorter_release(&sorter);
	coffer_buffer_release(&path);
	free(order);
	return status;
}

static coffer_status
add_tables(struct digest *digest, coffer_error *error)
{
	const coffer_schema *schema = digest->txn->schema;
	struct named *order = calloc(schema->table_count + 1, sizeof(*order));
	coffer_status status = COFFER_OK;
	size_t count = 0;

	if (!order)
		return no_memory(error);
	for (uint32_t i = 0; i < schema->table_count; i++)
		if (schema->tables[i].id)
			order[count++] = (struct named){schema->tables[i].name, i};
	qsort(order, count, sizeof(*order), compare_names);
	for (size_t i = 0; !status && i < count; i++)
		status = add_table(digest, order[i].number, error);
	free(order);
	return status;
}

coffer_status
coffer_store_digest(coffer_txn *txn, uint8_t digest_out[COFFER_DIGEST_SIZE], coffer_error *error)
{
	static const char title[] = "coffer content 1\n";
	struct digest digest = {.txn = txn};
	coffer_status status;

	memset(digest_out, 0, COFFER_DIGEST_SIZE);
	if (sodium_init() < 0)
		return coffer_error_set(error, COFFER_IO, "libsodium cannot be initialized");
	crypto_generichash_init(&digest.state, NULL, 0, COFFER_DIGEST_SIZE);
	update(&digest, title, sizeof(title) - 1);
	status = add_tables(&digest, error);
	if (!status)
		crypto_generichash_final(&digest.state, digest_out, COFFER_DIGEST_SIZE);
	coffer_buffer_release(&digest.plain);
	free(digest.scratch.memory);
	return status;
}
