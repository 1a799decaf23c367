/*
 * A dump as a source of rows.
 *
 *   file --> map: what lies where --> DDL --> schema, selection --> rows, table by table
 *
 * pg_dump writes keys behind the rows, and a store wants to know them first: so the file is read
 * twice. Rows of one table may stand in several places, those of partitions and of INSERTs that
 * other ones interrupt.
 */
#include "transfer/dump.h"

#include "transfer/ddl.h"
#include "transfer/dump_file.h"
#include "transfer/dump_rows.h"
#include "transfer/selection.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct dump {
	struct coffer_source source;
	struct coffer_dump_file file;
	struct coffer_dump_map map;
	struct coffer_dump_rows rows;
	struct coffer_ddl *ddl;
	char schema[COFFER_NAME_SIZE_MAX + 1];
	bool is_builtin;   /* the definitions are not the dump's */
	uint32_t *tables;  /* of each block: the table that has its rows, or none that is taken */
	uint32_t *order;   /* blocks by table, then by place */
	size_t next_block; /* in `order` */
	uint32_t table;    /* the next one to look at */
	bool is_in_block;
};

/* Anything but a store; what cannot be opened is not known to be a dump. */
static bool
is_dump_file(const char *path, mode_t mode)
{
	static const char lmdb[4] = "\xde\xc0\xef\xbe";
	char head[20] = "";
	ssize_t size = -1;
	int file;

	if (!S_ISREG(mode))
		return !S_ISDIR(mode);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return false;
	size = pread(file, head, sizeof(head), 0);
	close(file);
	return size >= 0 &&
	       (size < (ssize_t)sizeof(head) || memcmp(head + 16, lmdb, sizeof(lmdb)) != 0);
}

bool
coffer_dump_is_source(const char *path)
{
	coffer_buffer contents = {0};
	struct stat stat_of;
	bool is_source = false;

	if (!strcmp(path, "-"))
		return true;
	if (!stat(path, &stat_of) && is_dump_file(path, stat_of.st_mode))
		return true;
	coffer_buffer_printf(&contents, "%s/toc.dat", path);
	is_source = !contents.is_failed && !stat(contents.data, &stat_of);
	coffer_buffer_release(&contents);
	return is_source;
}

static void
warn(void *context, const char *message)
{
	coffer_source_warn(context, "%s", message);
}

static coffer_status
no_memory(coffer_error *error)
{
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a dump");
}

static struct coffer_input_file
input_of(const struct dump *dump, const char *what)
{
	return (struct coffer_input_file){
		.file = dump->file.file,
		.progress = dump->source.options->progress,
		.progress_context = dump->source.options->progress_context,
		.what = what,
	};
}

/* ------------------------------------------------------------------ the map */

static coffer_status
make_map(struct dump *dump, coffer_error *error)
{
	struct coffer_input_file file = input_of(dump, "reading the dump");
	struct coffer_input input;
	coffer_status status = COFFER_OK;

	if (lseek(dump->file.file, 0, SEEK_SET) < 0)
		return coffer_error_set(error, COFFER_IO, "%s: %s", dump->file.name,
					strerror(errno));
	coffer_input_init(&input, coffer_input_read_file, &file);
	status = coffer_dump_map_make(&dump->map, &input, dump->file.name, error);
	coffer_input_release(&input);
	return status;
}

/* ------------------------------------------------------------------ which schema */

static const struct coffer_dump_schema *
find_schema(const struct coffer_dump_map *map, const char *name)
{
	for (size_t i = 0; i < map->schema_count; i++)
		if (!strcmp(map->schemas[i].name, name))
			return &map->schemas[i];
	return NULL;
}

/* The names of the schemas that have tables, for a message. */
static void
list_schemas(const struct coffer_dump_map *map, char *out, size_t size)
{
	size_t used = 0;

	*out = '\0';
	for (size_t i = 0; i < map->schema_count && used < size; i++)
		if (map->schemas[i].has_tables)
			used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "",
						 map->schemas[i].name);
}

static coffer_status
choose_schema(struct dump *dump, coffer_error *error)
{
	const char *wanted = dump->source.options->schema;
	const struct coffer_dump_map *map = &dump->map;
	const struct coffer_dump_schema *found = find_schema(map, wanted ? wanted : "public");
	char names[300];
	size_t count = 0;

	for (size_t i = 0; i < map->schema_count; i++)
		count += map->schemas[i].has_tables;
	for (size_t i = 0; !wanted && count == 1 && i < map->schema_count; i++)
		if (map->schemas[i].has_tables)
			found = &map->schemas[i];
	list_schemas(map, names, sizeof(names));
	if (found && (found->has_tables || wanted)) {
		memcpy(dump->schema, found->name, sizeof(dump->schema));
		return COFFER_OK;
	}
	if (!count)
		coffer_error_set(error, COFFER_NOT_FOUND, "no table is in the dump");
	else if (wanted)
		coffer_error_set(error, COFFER_NOT_FOUND,
				 "no schema %s is in the dump, which has %s", wanted, names);
	else
		coffer_error_set(
			error, COFFER_NOT_FOUND,
			"tables of several schemas are in the dump, and --schema chooses one: %s",
			names);
	coffer_error_at(error, "%s", dump->file.name);
	return COFFER_NOT_FOUND;
}

/* ------------------------------------------------------------------ the definitions */

static coffer_status
read_statement(struct dump *dump, const struct coffer_dump_statement *statement,
	       coffer_buffer *buffer, coffer_error *error)
{
	coffer_text text = {NULL, statement->size};
	coffer_status status;
	ssize_t size;

	coffer_buffer_clear(buffer);
	if (!coffer_buffer_reserve(buffer, statement->size))
		return no_memory(error);
	size = pread(dump->file.file, buffer->data, statement->size, (off_t)statement->begin);
	if (size != (ssize_t)statement->size)
		return coffer_error_set(error, COFFER_IO, "%s: the dump changed while it was read",
					dump->file.name);
	text.data = buffer->data;
	status = coffer_ddl_read(dump->ddl, text, error);
	if (status)
		coffer_error_at(error, "%s:%" PRIu64 ": ", dump->file.name, statement->line);
	return status;
}

static coffer_status
begin_ddl(struct dump *dump, coffer_error *error)
{
	struct coffer_ddl_options options = {
		.schema = dump->schema,
		.server_version = (unsigned)strtoul(dump->map.server_version, NULL, 10),
		.warn = warn,
		.warn_context = dump,
	};
	coffer_status status = COFFER_OK;

	dump->is_builtin = !dump->map.has_tables;
	if (dump->is_builtin)
		status = coffer_schema_builtin(&options.base, error);
	return status ? status : coffer_ddl_new(&options, &dump->ddl, error);
}

static coffer_status
read_definitions(struct dump *dump, coffer_error *error)
{
	coffer_buffer buffer = {0};
	coffer_status status = begin_ddl(dump, error);

	for (size_t i = 0; i < dump->map.statement_count && !status; i++)
		status = read_statement(dump, &dump->map.statements[i], &buffer, error);
	if (!status && (status = coffer_ddl_finish(dump->ddl, &dump->source.schema, error)))
		coffer_error_at(error, "%s: ", dump->file.name);
	coffer_buffer_release(&buffer);
	return status;
}

/* Values of generated columns stand in no dump. */
static coffer_status
allow_missing_values(struct dump *dump, coffer_error *error)
{
	coffer_schema *schema = dump->source.schema;
	bool is_changed = false;

	for (size_t t = 0; t < schema->table_count; t++) {
		const coffer_table *table = &schema->tables[t];

		for (size_t c = 0; c < table->column_count; c++) {
			coffer_column *column = &table->columns[c];

			if (!column->generated_sql || !table->id)
				continue;
			coffer_source_warn(
				&dump->source,
				"values of generated column \"%s\".\"%s\" are not in a dump: "
				"they are NULL until a server makes them again",
				table->name, column->name);
			is_changed = is_changed || !column->is_nullable;
			column->is_nullable = true;
		}
	}
	return is_changed ? coffer_schema_settle(schema, error) : COFFER_OK;
}

/* ------------------------------------------------------------------ whose rows */

/* Rows of a table that is nowhere defined would be lost; an extension's table is its own affair. */
static coffer_status
refuse_block(struct dump *dump, const struct coffer_dump_block *block, coffer_error *error)
{
	if (coffer_ddl_has_extensions(dump->ddl) && !dump->is_builtin) {
		coffer_source_warn(&dump->source,
				   "table %s belongs to an extension and is not carried",
				   block->table.name);
		return COFFER_OK;
	}
	coffer_error_set(
		error, COFFER_INVALID,
		dump->is_builtin
			? "rows of a table that the built-in schema does not have: a dump with "
			  "definitions is needed, made without --data-only"
			: "rows of a table that the dump does not define");
	coffer_error_at(error, "%s:%" PRIu64 ": %s", dump->file.name, block->line,
			block->table.name);
	return COFFER_INVALID;
}

/* Before the selection leaves tables out: all rows of the schema belong to some table. */
static coffer_status
check_blocks(struct dump *dump, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (size_t i = 0; i < dump->map.block_count && !status; i++) {
		const struct coffer_dump_block *block = &dump->map.blocks[i];

		if (!strcmp(block->table.schema, dump->schema) &&
		    coffer_ddl_find(dump->ddl, dump->source.schema, &block->table) ==
			    COFFER_NO_TABLE)
			status = refuse_block(dump, block, error);
	}
	return status;
}

/* A dump without definitions has the tables that it fills. */
static coffer_status
take_filled(struct dump *dump, coffer_error *error)
{
	coffer_schema *schema = dump->source.schema;
	bool *is_taken = coffer_schema_memory(schema, schema->table_count + 1);
	size_t count = 0;

	if (!is_taken)
		return no_memory(error);
	for (size_t i = 0; i < dump->map.block_count; i++) {
		uint32_t table = coffer_ddl_find(dump->ddl, schema, &dump->map.blocks[i].table);

		if (table != COFFER_NO_TABLE) {
			count += !is_taken[table];
			is_taken[table] = true;
		}
	}
	if (count == schema->table_count)
		return COFFER_OK;
	return coffer_schema_prune(schema, is_taken, false, NULL, NULL, error);
}

static int
by_table(const void *left, const void *right, void *context)
{
	const struct dump *dump = context;
	uint32_t a, b;

	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	if (dump->tables[a] != dump->tables[b])
		return dump->tables[a] < dump->tables[b] ? -1 : 1;
	return a < b ? -1 : 1;
}

/* What the selection left out has no table, and comes last. */
static coffer_status
order_blocks(struct dump *dump, coffer_error *error)
{
	size_t count = dump->map.block_count;

	dump->tables = calloc(count + 1, sizeof(*dump->tables));
	dump->order = calloc(count + 1, sizeof(*dump->order));
	if (!dump->tables || !dump->order)
		return no_memory(error);
	for (size_t i = 0; i < count; i++) {
		const struct coffer_dump_block *block = &dump->map.blocks[i];

		dump->order[i] = (uint32_t)i;
		dump->tables[i] = coffer_ddl_find(dump->ddl, dump->source.schema, &block->table);
		if (dump->tables[i] != COFFER_NO_TABLE)
			dump->source.estimate += block->rows;
	}
	dump->source.has_estimate = true;
	qsort_r(dump->order, count, sizeof(*dump->order), by_table, dump);
	return COFFER_OK;
}

/* ------------------------------------------------------------------ the rows */

static coffer_status
next_table(struct coffer_source *source, uint32_t *table_out, coffer_error *error)
{
	struct dump *dump = (struct dump *)source;
	const coffer_schema *schema = source->schema;

	while (dump->table < schema->table_count && !schema->tables[dump->table].id)
		dump->table++;
	if (dump->table == schema->table_count)
		return COFFER_NOT_FOUND;
	*table_out = dump->table++;
	dump->is_in_block = false;
	return coffer_dump_rows_begin(&dump->rows, &schema->tables[*table_out], error);
}

/* Go to the table's next block; NOT_FOUND behind the last. */
static coffer_status
next_block(struct dump *dump, coffer_error *error)
{
	uint32_t block = dump->order[dump->next_block];

	if (dump->next_block == dump->map.block_count || dump->tables[block] != dump->table - 1)
		return COFFER_NOT_FOUND;
	dump->next_block++;
	dump->is_in_block = true;
	return coffer_dump_rows_open(&dump->rows, &dump->map.blocks[block], error);
}

static coffer_status
next_row(struct coffer_source *source, const coffer_value **values_out, coffer_error *error)
{
	struct dump *dump = (struct dump *)source;
	coffer_status status = COFFER_NOT_FOUND;

	*values_out = NULL;
	for (;;) {
		if (dump->is_in_block)
			status = coffer_dump_rows_next(&dump->rows, values_out, error);
		source->bytes = dump->rows.file.bytes;
		if (status != COFFER_NOT_FOUND)
			return status;
		dump->is_in_block = false;
		if ((status = next_block(dump, error)))
			return status;
		status = COFFER_NOT_FOUND;
	}
}

/* ------------------------------------------------------------------ the whole */

static coffer_status
tell_facts(struct coffer_source *source,
	   coffer_status (*fact)(void *context, const char *name, const char *value,
				 coffer_error *error),
	   void *context, coffer_error *error)
{
	struct dump *dump = (struct dump *)source;
	char size[24];
	const struct {
		const char *name, *value;
	} facts[] = {
		{"schema", dump->schema},
		{"dump", dump->file.name},
		{"format", dump->file.format},
		{"size", dump->file.size ? size : ""},
		{"server_version", dump->map.server_version},
		{"pg_dump_version", dump->map.dump_version},
		{"definitions", dump->is_builtin ? "built-in" : ""},
	};
	coffer_status status = COFFER_OK;

	snprintf(size, sizeof(size), "%" PRIu64, dump->file.size);
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts) && !status; i++)
		if (*facts[i].value)
			status = fact(context, facts[i].name, facts[i].value, error);
	return status;
}

static void
close_dump(struct coffer_source *source)
{
	struct dump *dump = (struct dump *)source;

	coffer_dump_rows_release(&dump->rows);
	coffer_dump_map_release(&dump->map);
	coffer_dump_file_close(&dump->file);
	coffer_ddl_free(dump->ddl);
	coffer_schema_free(source->schema);
	free(dump->tables);
	free(dump->order);
	free(dump);
}

static const struct coffer_source_operations operations = {
	.next_table = next_table,
	.next_row = next_row,
	.facts = tell_facts,
	.close = close_dump,
};

static coffer_status
open_dump(struct dump *dump, const char *path, coffer_error *error)
{
	struct coffer_input_file file;
	coffer_status status;

	if ((status = coffer_dump_file_open(&dump->file, path, dump->source.options, error)) ||
	    (status = make_map(dump, error)) || (status = choose_schema(dump, error)) ||
	    (status = read_definitions(dump, error)) || (status = check_blocks(dump, error)) ||
	    (status = allow_missing_values(dump, error)) ||
	    (dump->is_builtin && (status = take_filled(dump, error))) ||
	    (status = coffer_selection_apply(&dump->source, error)) ||
	    (status = order_blocks(dump, error)))
		return status;
	file = input_of(dump, "");
	coffer_dump_rows_init(&dump->rows, &file, dump->file.name, dump->source.schema);
	return COFFER_OK;
}

coffer_status
coffer_dump_source_open(const char *path, const coffer_transfer_options *options,
			struct coffer_source **source_out, coffer_error *error)
{
	struct dump *dump = calloc(1, sizeof(*dump));
	coffer_status status;

	*source_out = NULL;
	if (!dump)
		return no_memory(error);
	dump->source.operations = &operations;
	dump->source.options = options;
	dump->file.file = -1;
	if ((status = open_dump(dump, path, error)))
		close_dump(&dump->source);
	else
		*source_out = &dump->source;
	return status;
}
