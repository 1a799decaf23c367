/*
 * A write transaction: its beginning, what its statements share, and its commit.
 *
 *   begin --> statement, statement, ... --> checks that waited --> row entries --> roll-ups --> commit
 *
 * A statement that is refused leaves it as it was; one that fails while it writes ends it, and the commit says so.
 */
#include "store/write.h"

#include "format/catalogue.h"
#include "format/checksum.h"
#include "store/catalogue.h"
#include "store/catalogue_shape.h"
#include "value/default.h"

#include <stdlib.h>
#include <string.h>

static coffer_status
begin(coffer_store *store, coffer_txn *txn, struct coffer_writer *writer, coffer_error *error)
{
	coffer_status status;

	writer->tables = calloc(store->schema->table_count + 1, sizeof(*writer->tables));
	if (!writer->tables)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a transaction");
	if ((status = coffer_edit_begin(store->disk, &writer->edit, error)))
		return status;
	txn->snapshot = coffer_edit_snapshot(writer->edit);
	coffer_writer_take_codes(writer);
	writer->now = coffer_default_now();
	return COFFER_OK;
}

coffer_status
coffer_txn_begin_write(coffer_store *store, coffer_txn **txn_out, coffer_error *error)
{
	coffer_txn *txn = calloc(1, sizeof(*txn));
	struct coffer_writer *writer = calloc(1, sizeof(*writer));
	coffer_status status;

	*txn_out = NULL;
	if (!txn || !writer) {
		free(txn);
		free(writer);
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a transaction");
	}
	*txn = (coffer_txn){
		.schema = store->schema,
		.trees = &store->trees,
		.seed = store->seed,
		.features = store->features,
		.dictionaries = store->dictionaries,
		.is_building = true,
		.writer = writer,
	};
	writer->store = store;
	writer->txn = txn;
	if (!store->is_writable)
		status = coffer_error_set(error, COFFER_INVALID, "the store is open for reading only");
	else
		status = begin(store, txn, writer, error);
	if (status)
		coffer_txn_end(txn);
	else
		*txn_out = txn;
	return status;
}

/* liblmdb ends the cursors of a write transaction with it: ours are closed before. */
static void
close_tables(struct coffer_writer *writer)
{
	for (size_t i = 0; writer->tables && i < writer->txn->schema->table_count; i++) {
		coffer_cursor_close(writer->tables[i].cursor);
		coffer_encoder_release(&writer->tables[i].encoder);
		coffer_tallies_release(&writer->tables[i].tallies);
		free(writer->tables[i].timings);
		free(writer->tables[i].is_free);
	}
	free(writer->tables);
	writer->tables = NULL;
}

void
coffer_writer_end(struct coffer_writer *writer)
{
	close_tables(writer);
	coffer_writer_leave_codes(writer, false);
	coffer_edit_abort(writer->edit);
	coffer_plan_release(&writer->plan);
	coffer_buffer_release(&writer->scratch);
	coffer_buffer_release(&writer->sealed);
	free(writer->pending);
	free(writer);
}

void
coffer_writer_turn(struct coffer_writer *writer)
{
	writer->now = coffer_default_now();
	writer->is_deferred = false;
	writer->effects = (coffer_effects){0};
}

coffer_status
coffer_writer_fail(struct coffer_writer *writer, coffer_status status, const coffer_error *error)
{
	if (!writer->status) {
		writer->status = status;
		if (error)
			writer->failure = *error;
	}
	return status;
}

coffer_status
coffer_writer_of(coffer_txn *txn, struct coffer_writer **writer_out, coffer_error *error)
{
	*writer_out = txn->writer;
	if (!txn->writer)
		return coffer_error_set(error, COFFER_INVALID, "the transaction only reads");
	if (txn->writer->status)
		return coffer_error_set(error, txn->writer->status,
					"the transaction has failed before: %s",
					txn->writer->failure.message);
	return COFFER_OK;
}

/* ------------------------------------------------------------------ what statements share */

/* A constraint's definition ends with what it says of its timing, behind the last bracket. */
static enum coffer_timing
timing_of(const coffer_index *index)
{
	const char *tail =
		index->is_constraint && index->definition ? strrchr(index->definition, ')') : NULL;

	if (!tail || !strstr(tail, " DEFERRABLE") || strstr(tail, "NOT DEFERRABLE"))
		return COFFER_AT_ONCE;
	return strstr(tail, "INITIALLY DEFERRED") ? COFFER_AFTER_TRANSACTION
						  : COFFER_AFTER_STATEMENT;
}

static coffer_status
find_timings(const coffer_table *table, enum coffer_timing **timings_out, coffer_error *error)
{
	*timings_out = calloc(table->index_count + 1, sizeof(**timings_out));
	if (!*timings_out)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a table");
	for (size_t i = 0; i < table->index_count; i++)
		(*timings_out)[i] = timing_of(&table->indexes[i]);
	return COFFER_OK;
}

coffer_status
coffer_writer_table(struct coffer_writer *writer, uint32_t table, struct coffer_table_writer **out,
		    coffer_error *error)
{
	struct coffer_table_writer *of = &writer->tables[table];
	const coffer_table *description = &writer->txn->schema->tables[table];
	coffer_status status;

	*out = of;
	if (of->is_ready)
		return COFFER_OK;
	if ((status = coffer_encoder_init(&of->encoder, description, writer->txn, error)) ||
	    (status = coffer_cursor_open(writer->txn, table, &of->cursor, error)) ||
	    (status = find_timings(description, &of->timings, error)) ||
	    (status = coffer_patch_find(description, &of->is_free, error)) ||
	    (status = coffer_tallies_init(&of->tallies, description, COFFER_TALLY_MEMORY, NULL, NULL,
					  error)) ||
	    (status = coffer_rows_highest(writer->txn, table, &of->last, error))) {
		coffer_encoder_release(&of->encoder);
		coffer_tallies_release(&of->tallies);
		coffer_cursor_close(of->cursor);
		free(of->timings);
		free(of->is_free);
		of->cursor = NULL;
		of->timings = NULL;
		of->is_free = NULL;
		return status;
	}
	of->is_ready = true;
	return COFFER_OK;
}

coffer_status
coffer_writer_put(struct coffer_writer *writer, uint32_t tree, struct coffer_bytes key,
		  struct coffer_bytes value, coffer_error *error)
{
	writer->txn->writes++;
	writer->effects.bytes += key.size + value.size;
	return coffer_edit_put(writer->edit, tree, key, value, error);
}

coffer_status
coffer_writer_remove(struct coffer_writer *writer, uint32_t tree, struct coffer_bytes key,
		     coffer_error *error)
{
	coffer_status status;

	writer->txn->writes++;
	status = coffer_edit_delete(writer->edit, tree, key, error);
	if (status == COFFER_NOT_FOUND)
		return coffer_error_set(error, COFFER_CORRUPT,
					"an entry is missing that the row should have; 'coffer verify' says more");
	return status;
}

coffer_status
coffer_writer_put_entry(struct coffer_writer *writer, const char *name, const void *payload,
			size_t size, coffer_error *error)
{
	static const char room[COFFER_CHECKSUM_SIZE];
	struct coffer_bytes key = {(const uint8_t *)name, strlen(name)};
	coffer_buffer *sealed = &writer->sealed;

	coffer_buffer_clear(sealed);
	coffer_buffer_append(sealed, room, sizeof(room));
	coffer_buffer_append(sealed, payload, size);
	if (sealed->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the catalogue");
	coffer_checksum_seal(COFFER_ID_CATALOGUE, key.data, key.size, (uint8_t *)sealed->data,
			     sealed->size);
	return coffer_writer_put(writer, writer->txn->trees->catalogue, key,
				 (struct coffer_bytes){(uint8_t *)sealed->data, sealed->size}, error);
}

coffer_status
coffer_writer_remove_entry(struct coffer_writer *writer, const char *name, coffer_error *error)
{
	struct coffer_bytes key = {(const uint8_t *)name, strlen(name)};
	coffer_status status;

	writer->txn->writes++;
	status = coffer_edit_delete(writer->edit, writer->txn->trees->catalogue, key, error);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

void
coffer_txn_defer(coffer_txn *txn)
{
	if (txn->writer)
		txn->writer->is_deferred = true;
}

void
coffer_txn_effects(const coffer_txn *txn, coffer_effects *effects_out)
{
	*effects_out = (coffer_effects){0};
	if (txn->writer)
		*effects_out = txn->writer->effects;
}

/* ------------------------------------------------------------------ the provenance */

/* The steps that are there, and one more, as the payload of `source`. */
static coffer_status
encode_steps(struct coffer_writer *writer, coffer_schema *memory, const coffer_step *step,
	     coffer_buffer *out, coffer_error *error)
{
	struct coffer_bytes payload;
	coffer_step *steps, *all;
	size_t count;
	coffer_status status = coffer_catalogue_entry(writer->txn, "source", &payload, error);

	if (status == COFFER_NOT_FOUND)
		return coffer_error_set(error, COFFER_CORRUPT, "the catalogue has no entry source");
	if (status || (status = coffer_catalogue_decode_steps(payload.data, payload.size, memory, &steps,
							      &count, error)))
		return status;
	if (count >= COFFER_STEPS_MAX || step->fact_count > COFFER_STEPS_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "%zu steps of provenance, expected at most %d",
					count + 1, COFFER_STEPS_MAX);
	if (!(all = coffer_schema_memory(memory, (count + 1) * sizeof(*all))))
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the provenance");
	if (count)
		memcpy(all, steps, count * sizeof(*all));
	all[count] = *step;
	return coffer_catalogue_encode_steps(all, count + 1, out, error);
}

coffer_status
coffer_txn_add_step(coffer_txn *txn, const coffer_step *step, coffer_error *error)
{
	struct coffer_writer *writer;
	coffer_schema *memory = NULL;
	coffer_buffer payload = {0};
	coffer_error failure = {0};
	coffer_status status = coffer_writer_of(txn, &writer, error);

	if (status || (status = coffer_schema_new(&memory, error)))
		return status;
	if (!(status = encode_steps(writer, memory, step, &payload, error)) && payload.is_failed)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the provenance");
	if (!status && (status = coffer_writer_put_entry(writer, "source", payload.data, payload.size,
							 &failure))) {
		coffer_writer_fail(writer, status, &failure);
		coffer_error_set(error, status, "%s", failure.message);
	}
	coffer_buffer_release(&payload);
	coffer_schema_free(memory);
	return status;
}

/* ------------------------------------------------------------------ the commit */

coffer_status
coffer_txn_commit(coffer_txn *txn, coffer_error *error)
{
	struct coffer_writer *writer;
	struct coffer_edit *edit;
	coffer_status status = coffer_writer_of(txn, &writer, error);

	if (txn->is_shared)
		return coffer_error_set(error, COFFER_INVALID,
					"a piece of a group is committed with the group");
	if (!status)
		status = coffer_writer_check_pending(writer, error);
	if (!status)
		status = coffer_writer_settle_rows(writer, error);
	if (!status)
		status = coffer_writer_settle_rollups(writer, error);
	if (!status) {
		close_tables(writer);
		edit = writer->edit;
		writer->edit = NULL;
		status = coffer_edit_commit(edit, error);
		if (!status)
			coffer_writer_leave_codes(writer, true);
	}
	coffer_txn_end(txn);
	return status;
}
