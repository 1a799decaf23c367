/*
 * Bulk load: a new store from whole tables.
 *
 *   begin --> table --> row, row, ... --> table --> ... --> finish
 *               |         |                |
 *               sample    record, keys     index trees sorted and appended
 *
 * Rows get ascending numbers, so that every tree is filled by appending. The catalogue comes last, when the layout of
 * every table is known.
 */
#include "store/load.h"

#include "format/catalogue.h"
#include "format/checksum.h"
#include "format/feature.h"
#include "store/catalogue.h"
#include "store/catalogue_shape.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { TELL_EVERY = 4096 };

static coffer_status
make_seed(coffer_load *load, coffer_error *error)
{
	load->reader.seed = load->options.seed;
	if (load->options.has_seed)
		return COFFER_OK;
	if (getrandom(&load->reader.seed, sizeof(load->reader.seed), 0) !=
	    (ssize_t)sizeof(load->reader.seed))
		return coffer_error_set(error, COFFER_IO, "no random bytes: %s", strerror(errno));
	return COFFER_OK;
}

/* The catalogue, the pool's two, the dictionaries, and what the tables may come to have. */
static size_t
count_trees(const coffer_schema *schema)
{
	size_t count = 4;

	for (size_t i = 0; i < schema->table_count; i++)
		count += 2 + schema->tables[i].index_count + 2 * schema->tables[i].relation_count +
			 schema->tables[i].rollup_count;
	return count;
}

static coffer_status
make_shared_trees(coffer_load *load, coffer_error *error)
{
	coffer_status status;

	if ((status = coffer_build_tree(load->build, "catalogue", &load->trees.catalogue, error)) ||
	    (status = coffer_build_tree(load->build, "pool", &load->trees.pool, error)))
		return status;
	return coffer_build_tree(load->build, "pool/hash", &load->trees.pool_hash, error);
}

static coffer_status
begin(coffer_load *load, coffer_error *error)
{
	size_t trees_max = count_trees(load->schema);
	coffer_status status;

	if (load->replaced)
		status = coffer_build_begin_anew(load->replaced->disk, load->transaction, trees_max,
						 &load->build, error);
	else
		status = coffer_build_begin(load->path, load->options.is_forced, trees_max,
					    &load->build, error);
	if (status || (status = coffer_build_work(load->build, coffer_load_task, load, error)) ||
	    (status = make_shared_trees(load, error)) ||
	    (status = coffer_load_frames_begin(load, error)) || (status = make_seed(load, error)))
		return status;
	load->reader.schema = load->schema;
	load->reader.trees = &load->trees;
	load->reader.snapshot = coffer_build_snapshot(load->build);
	load->reader.features = load->features;
	load->reader.is_building = true;
	coffer_intern_init(&load->intern, load->build, &load->reader, &load->sort_scratch, load->path);
	return COFFER_OK;
}

static coffer_status
begin_load(const char *path, const coffer_store *replaced, uint64_t transaction,
	   coffer_schema *schema, const coffer_load_options *options, coffer_load **load_out,
	   coffer_error *error)
{
	coffer_load *load = calloc(1, sizeof(*load));
	coffer_status status;

	*load_out = NULL;
	if (!load)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a load");
	load->schema = schema;
	load->replaced = replaced;
	load->transaction = transaction;
	load->table = COFFER_NO_TABLE;
	load->features = COFFER_FEATURES_NEW;
	if (coffer_schema_has_rollups(schema))
		load->features |= COFFER_FEATURE_ROLLUPS;
	if (options)
		load->options = *options;
	load->path = strdup(path);
	load->is_done = calloc(schema->table_count + 1, sizeof(*load->is_done));
	load->highest = calloc(schema->table_count + 1, sizeof(*load->highest));
	load->trees.tables = calloc(schema->table_count + 1, sizeof(*load->trees.tables));
	if (!load->path || !load->is_done || !load->highest || !load->trees.tables)
		status = coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a load");
	else
		status = begin(load, error);
	if (status) {
		if (!replaced) /* else whoever knows the store by a name says it */
			coffer_error_at(error, "%s", path);
		coffer_load_abort(load);
	} else {
		*load_out = load;
	}
	return status;
}

coffer_status
coffer_load_begin(const char *path, coffer_schema *schema, const coffer_load_options *options,
		  coffer_load **load_out, coffer_error *error)
{
	return begin_load(path, NULL, 0, schema, options, load_out, error);
}

coffer_status
coffer_load_begin_anew(const coffer_store *store, uint64_t transaction, coffer_schema *schema,
		       const coffer_load_options *options, coffer_load **load_out,
		       coffer_error *error)
{
	return begin_load(coffer_disk_path(store->disk), store, transaction, schema, options,
			  load_out, error);
}

void
coffer_load_abort(coffer_load *load)
{
	if (!load)
		return;
	coffer_load_drop_table(load);
	coffer_intern_release(&load->intern);
	coffer_load_frames_release(load);
	coffer_build_abort(load->build);
	coffer_arena_release(&load->fact_texts);
	free(load->facts);
	free(load->sort_scratch.memory);
	free(load->trees.tables);
	free(load->is_done);
	free(load->highest);
	free(load->path);
	free(load);
}

coffer_status
coffer_load_tell(coffer_load *load, const char *what, uint64_t count, coffer_error *error)
{
	if (!load->options.progress ||
	    load->options.progress(load->options.progress_context, what, count,
				   coffer_build_size(load->build)))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
}

/* The first failure is kept: what comes after it is refused. */
static coffer_status
keep(coffer_load *load, coffer_status status)
{
	if (status < 0)
		load->status = status;
	return status;
}

static coffer_status
refuse(const coffer_load *load, coffer_error *error)
{
	return coffer_error_set(error, load->status, "the load failed before");
}

/* Decide the layout from the sample and write its rows. */
static coffer_status
end_sample(coffer_load *load, coffer_error *error)
{
	coffer_status status;

	load->is_sampling = false;
	if ((status = coffer_sample_judge(&load->sample, &load->schema->tables[load->table], error)) ||
	    (status = coffer_load_settle_table(load, error)) ||
	    (status = coffer_load_frames_sample(load, error)))
		return status;
	for (size_t i = 0; !status && i < load->sample.count; i++)
		status = coffer_load_write(load, load->sample.numbers[i], load->sample.rows[i],
					   error);
	coffer_sample_release(&load->sample);
	return status;
}

static coffer_status
end_table(coffer_load *load, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	if (load->table == COFFER_NO_TABLE)
		return COFFER_OK;
	if (load->is_sampling)
		status = end_sample(load, error);
	return status ? status : coffer_load_finish_table(load, error);
}

static coffer_status
begin_table(coffer_load *load, uint32_t table, coffer_error *error)
{
	coffer_status status;

	if (load->status)
		return refuse(load, error);
	if (table >= load->schema->table_count || load->is_done[table])
		return coffer_error_set(error, COFFER_INVALID,
					"no table has the number %u, or its rows came before", table);
	if ((status = end_table(load, error)))
		return status;
	load->table = table;
	load->is_done[table] = true;
	load->row = 0;
	load->is_sampling = coffer_sample_is_wanted(&load->schema->tables[table]) ||
			    coffer_load_frames_are_wanted(load, &load->schema->tables[table]);
	return load->is_sampling ? COFFER_OK : coffer_load_settle_table(load, error);
}

coffer_status
coffer_load_table(coffer_load *load, uint32_t table, coffer_error *error)
{
	return keep(load, begin_table(load, table, error));
}

static coffer_status
add_row(coffer_load *load, const coffer_value *values, coffer_error *error)
{
	coffer_status status;
	bool is_full;

	if (load->status)
		return refuse(load, error);
	if (load->table == COFFER_NO_TABLE || !load->schema->tables[load->table].id)
		return coffer_error_set(error, COFFER_INVALID, "no table takes rows now");
	if (load->row == COFFER_ROW_NUMBER_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "table %s has no row number left",
					load->schema->tables[load->table].name);
	if ((status = coffer_load_check(load, values, error)))
		return status;
	load->row++;
	if (!(++load->rows_total % TELL_EVERY) &&
	    (status = coffer_load_tell(load, load->schema->tables[load->table].name, load->rows_total,
				       error)))
		return status;
	if (!load->is_sampling)
		return coffer_load_write(load, load->row, values, error);
	status = coffer_sample_add(&load->sample, load->row, values,
				   load->schema->tables[load->table].column_count, &is_full, error);
	return status || !is_full ? status : end_sample(load, error);
}

coffer_status
coffer_load_row(coffer_load *load, const coffer_value *values, coffer_error *error)
{
	return keep(load, add_row(load, values, error));
}

void
coffer_load_number(coffer_load *load, uint64_t number)
{
	load->row = number - 1;
}

void
coffer_load_highest(coffer_load *load, uint32_t table, uint64_t number)
{
	load->highest[table] = number;
}

coffer_status
coffer_load_fact(coffer_load *load, const char *name, const char *value, coffer_error *error)
{
	coffer_fact *facts = realloc(load->facts, (load->fact_count + 1) * sizeof(*facts));
	coffer_fact *fact;

	if (facts) {
		load->facts = facts;
		fact = &facts[load->fact_count];
		fact->name = coffer_arena_text(&load->fact_texts, name, strlen(name));
		fact->value = coffer_arena_text(&load->fact_texts, value, strlen(value));
	}
	if (!facts || !fact->name || !fact->value)
		return keep(load, coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a fact"));
	load->fact_count++;
	return COFFER_OK;
}

/* Put a catalogue entry whose payload stands behind room for its checksum. */
static coffer_status
put_entry(coffer_load *load, const char *name, uint8_t *value, size_t size, coffer_error *error)
{
	struct coffer_bytes key = {(const uint8_t *)name, strlen(name)};

	coffer_checksum_seal(COFFER_ID_CATALOGUE, key.data, key.size, value, size);
	return coffer_build_put(load->build, load->trees.catalogue, key,
				(struct coffer_bytes){value, size}, error);
}

static coffer_status
put_format(coffer_load *load, coffer_error *error)
{
	static const struct coffer_format_entry version = {.version = COFFER_FORMAT_VERSION};
	struct coffer_format_entry entry = version;
	uint8_t value[COFFER_CHECKSUM_SIZE + COFFER_FORMAT_ENTRY_MAX];
	size_t size;

	entry.seed = load->reader.seed;
	coffer_features_name(load->features, &entry);
	size = coffer_format_entry_encode(&entry, value + COFFER_CHECKSUM_SIZE);
	return put_entry(load, "format", value, COFFER_CHECKSUM_SIZE + size, error);
}

static coffer_status
put_sequences(coffer_load *load, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < load->schema->sequence_count; i++) {
		const coffer_sequence *sequence = &load->schema->sequences[i];
		char name[COFFER_ENTRY_NAME_SIZE];
		uint8_t value[COFFER_CHECKSUM_SIZE + COFFER_SEQUENCE_ENTRY_MAX];
		size_t size = coffer_sequence_entry_encode(sequence->last_value, sequence->is_called,
							   value + COFFER_CHECKSUM_SIZE);

		coffer_entry_name(name, "sequence/", sequence->name);
		status = put_entry(load, name, value, COFFER_CHECKSUM_SIZE + size, error);
	}
	return status;
}

static coffer_status
put_highest(coffer_load *load, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; !status && i < load->schema->table_count; i++) {
		char name[COFFER_ENTRY_NAME_SIZE];
		uint8_t value[COFFER_CHECKSUM_SIZE + COFFER_ROW_ENTRY_MAX];
		size_t size;

		if (!load->highest[i])
			continue;
		size = coffer_row_entry_encode(load->highest[i], value + COFFER_CHECKSUM_SIZE);
		coffer_entry_name(name, "row/", load->schema->tables[i].name);
		status = put_entry(load, name, value, COFFER_CHECKSUM_SIZE + size, error);
	}
	return status;
}

static coffer_status
put_frames(coffer_load *load, coffer_error *error)
{
	static const size_t size_max = COFFER_CHECKSUM_SIZE + COFFER_FRAMES_ENTRY_HEADER_MAX +
				       COFFER_COLUMNS_MAX * COFFER_FRAMES_COLUMN_MAX;
	uint8_t *value = malloc(size_max);
	coffer_status status = COFFER_OK;

	if (!value)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the catalogue");
	for (size_t i = 0; !status && i < load->schema->table_count; i++) {
		const coffer_table *table = &load->schema->tables[i];
		size_t size = coffer_load_frames_entry(table, value + COFFER_CHECKSUM_SIZE);
		char name[COFFER_ENTRY_NAME_SIZE];

		coffer_entry_name(name, "frames/", table->name);
		if (size)
			status = put_entry(load, name, value, COFFER_CHECKSUM_SIZE + size, error);
	}
	free(value);
	return status;
}

static coffer_status
put_buffer(coffer_load *load, const char *name, coffer_buffer *buffer, coffer_error *error)
{
	if (buffer->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the catalogue");
	return put_entry(load, name, (uint8_t *)buffer->data, buffer->size, error);
}

/* The steps that came before, then this one: where there is room for no more it is left out. */
static coffer_status
encode_steps(const coffer_load *load, coffer_buffer *out, coffer_error *error)
{
	coffer_step *steps = calloc(load->step_count + 1, sizeof(*steps));
	size_t count = load->step_count + (load->step_count < COFFER_STEPS_MAX);
	coffer_status status;

	if (!steps)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the catalogue");
	if (load->step_count)
		memcpy(steps, load->steps, load->step_count * sizeof(*steps));
	steps[load->step_count] = (coffer_step){load->facts, load->fact_count};
	status = coffer_catalogue_encode_steps(steps, count, out, error);
	free(steps);
	return status;
}

static const char room[COFFER_CHECKSUM_SIZE];

static coffer_status
put_rollups(coffer_load *load, coffer_error *error)
{
	coffer_buffer buffer = {0};
	coffer_status status = coffer_catalogue_check_rollups(load->schema, COFFER_INVALID, error);

	for (size_t i = 0; !status && i < load->schema->table_count; i++) {
		const coffer_table *table = &load->schema->tables[i];
		char name[COFFER_ENTRY_NAME_SIZE];

		if (!table->rollup_count)
			continue;
		coffer_entry_name(name, "rollups/", table->name);
		coffer_buffer_clear(&buffer);
		coffer_buffer_append(&buffer, room, sizeof(room));
		if (!(status = coffer_catalogue_encode_rollups(table, &buffer, error)))
			status = put_buffer(load, name, &buffer, error);
	}
	coffer_buffer_release(&buffer);
	return status;
}

static coffer_status
put_described(coffer_load *load, coffer_error *error)
{
	coffer_buffer buffer = {0};
	coffer_status status;

	coffer_buffer_append(&buffer, room, sizeof(room));
	if (!(status = coffer_catalogue_encode_schema(load->schema, &buffer, error)) &&
	    !(status = put_buffer(load, "schema", &buffer, error))) {
		coffer_buffer_clear(&buffer);
		coffer_buffer_append(&buffer, room, sizeof(room));
		if (!(status = encode_steps(load, &buffer, error)))
			status = put_buffer(load, "source", &buffer, error);
	}
	coffer_buffer_release(&buffer);
	return status;
}

/* Tables that got no rows have trees too. */
static coffer_status
finish(coffer_load *load, coffer_error *error)
{
	coffer_status status = load->status ? refuse(load, error) : end_table(load, error);

	for (uint32_t table = 0; !status && table < load->schema->table_count; table++)
		if (!load->is_done[table] && !(status = begin_table(load, table, error)))
			status = end_table(load, error);
	if (status || (status = coffer_intern_finish(&load->intern, error)) ||
	    (status = put_format(load, error)) || (status = put_described(load, error)) ||
	    (status = put_rollups(load, error)) || (status = put_sequences(load, error)) ||
	    (status = put_highest(load, error)) || (status = put_frames(load, error)) ||
	    (status = coffer_load_tell(load, "sync", load->rows_total, error)))
		return status;
	status = coffer_build_finish(load->build, error);
	load->build = NULL;
	return status;
}

coffer_status
coffer_load_finish(coffer_load *load, coffer_error *error)
{
	coffer_status status = finish(load, error);

	if (status && error && !error->place[0] && !load->replaced)
		coffer_error_at(error, "%s", load->path);
	coffer_load_abort(load);
	return status;
}

coffer_status
coffer_store_create(const char *path, coffer_schema *schema, const coffer_load_options *options,
		    coffer_error *error)
{
	coffer_load *load;
	coffer_status status = coffer_load_begin(path, schema, options, &load, error);

	if (status)
		return status;
	if ((status = coffer_load_fact(load, "step", "create", error)) ||
	    (status = coffer_load_fact(load, "coffer", COFFER_VERSION, error))) {
		coffer_load_abort(load);
		return status;
	}
	return coffer_load_finish(load, error);
}
