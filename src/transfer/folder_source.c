/*
 * A folder as a source.
 *
 *   list --> schema --> files to tables --> selection --> rows, file by file
 *
 * Every file is somebody's or refused before the first row is read: what is passed over in silence would be lost.
 */
#include "transfer/folder_files.h"

#include "transfer/csv_read.h"
#include "transfer/ndjson_read.h"
#include "transfer/schema_file.h"
#include "transfer/selection.h"
#include "transfer/table_name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file of rows. */
struct rows_file {
	const char *table; /* by name, since the selection gives tables other numbers */
	char *path;
	coffer_row_format format;
};

struct folder {
	struct coffer_source source;
	char *path;
	struct coffer_folder_list list;
	struct rows_file *files;
	size_t file_count;
	bool has_states; /* of sequences: the schema tells them */
	uint32_t next;   /* the next table of the schema to look at */
	/* Of the file that is open: */
	const struct rows_file *rows_file; /* NULL: the table has none */
	struct coffer_input_file file;
	struct coffer_input input;
	struct coffer_ndjson_reader ndjson;
	struct coffer_csv_reader csv;
	uint64_t bytes; /* of the files before it */
};

/* ------------------------------------------------------------------ the schema */

static coffer_status
read_schema_file(struct folder *folder, const char *name, coffer_schema **schema_out,
		 coffer_error *error)
{
	char *path = coffer_folder_path(folder->path, name);
	coffer_status status;

	*schema_out = NULL;
	status = path ? coffer_schema_file_read(path, schema_out, error)
		      : coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
	free(path);
	return status;
}

/* What Prisma's language would say of the schema. */
static coffer_status
say_in_prisma(const coffer_schema *schema, coffer_schema **said_out, coffer_error *error)
{
	coffer_buffer text = {0};
	coffer_status status = coffer_schema_write_prisma(schema, &text, error);

	*said_out = NULL;
	if (!status)
		status = coffer_schema_parse_prisma((coffer_text){text.data, text.size},
						    COFFER_FOLDER_PRISMA, said_out, error);
	coffer_buffer_release(&text);
	return status;
}

struct first_difference {
	char place[200];
};

static void
keep_first(void *context, const coffer_schema_difference *difference)
{
	struct first_difference *first = context;

	if (!first->place[0])
		strncat(first->place, difference->place, sizeof(first->place) - 1);
}

/* Somebody may have changed the file that is not used. */
static void
compare_schemas(struct folder *folder)
{
	struct first_difference first = {""};
	coffer_schema *said, *found = NULL;
	size_t count = 0;

	if (!say_in_prisma(folder->source.schema, &said, NULL) &&
	    !read_schema_file(folder, COFFER_FOLDER_PRISMA, &found, NULL))
		count = coffer_schema_compare(said, found, keep_first, &first);
	if (said && !found)
		coffer_source_warn(&folder->source, "%s cannot be read; %s is used",
				   COFFER_FOLDER_PRISMA, COFFER_FOLDER_DOCUMENT);
	if (count)
		coffer_source_warn(&folder->source, "%s says something else of %s; %s is used",
				   COFFER_FOLDER_PRISMA, first.place, COFFER_FOLDER_DOCUMENT);
	coffer_schema_free(found);
	coffer_schema_free(said);
}

static coffer_status
open_schema(struct folder *folder, coffer_error *error)
{
	bool has_prisma = coffer_folder_list_has(&folder->list, COFFER_FOLDER_PRISMA);
	coffer_schema **schema = &folder->source.schema;
	coffer_status status;

	folder->has_states = coffer_folder_list_has(&folder->list, COFFER_FOLDER_DOCUMENT);
	if (folder->has_states) {
		status = read_schema_file(folder, COFFER_FOLDER_DOCUMENT, schema, error);
		if (!status && has_prisma)
			compare_schemas(folder);
		return status;
	}
	return has_prisma ? read_schema_file(folder, COFFER_FOLDER_PRISMA, schema, error)
			  : coffer_schema_builtin(schema, error);
}

/* ------------------------------------------------------------------ the files */

static const struct rows_file *
find_file(const struct folder *folder, const char *table)
{
	for (size_t i = 0; i < folder->file_count; i++)
		if (!strcmp(folder->files[i].table, table))
			return &folder->files[i];
	return NULL;
}

/* Give the file to its table. */
static coffer_status
take_file(struct folder *folder, const char *name, coffer_error *error)
{
	coffer_schema *schema = folder->source.schema;
	struct rows_file *file = &folder->files[folder->file_count];
	const struct rows_file *other;
	uint32_t number;
	char *table;
	coffer_status status = coffer_folder_table_name(schema, name, &table, &file->format, error);

	if (status == COFFER_NOT_FOUND)
		return coffer_error_set(error, COFFER_INVALID,
					"is neither a table's .ndjson or .csv nor a schema");
	if (status || (status = coffer_table_resolve(schema, table, &number, error)))
		return status;
	file->table = schema->tables[number].name;
	if ((other = find_file(folder, file->table)))
		return coffer_error_set(error, COFFER_INVALID, "has rows of %s, and so has %s",
					file->table, other->path);
	file->path = coffer_folder_path(folder->path, name);
	if (!file->path)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
	folder->file_count++;
	return COFFER_OK;
}

/* The name of the file is the place, whatever failed. */
static coffer_status
take_files(struct folder *folder, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	folder->files = calloc(folder->list.count + 1, sizeof(*folder->files));
	if (!folder->files)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a folder's list");
	for (size_t i = 0; !status && i < folder->list.count; i++) {
		const char *name = folder->list.names[i];

		if (!strcmp(name, COFFER_FOLDER_DOCUMENT) || !strcmp(name, COFFER_FOLDER_PRISMA))
			continue;
		status = take_file(folder, name, error);
		if (status && error) {
			error->place[0] = '\0';
			coffer_error_at(error, "%s/%s", folder->path, name);
		}
	}
	return status;
}

/* ------------------------------------------------------------------ the rows of a file */

static void
close_file(struct folder *folder)
{
	if (!folder->rows_file)
		return;
	coffer_ndjson_reader_release(&folder->ndjson);
	coffer_csv_reader_release(&folder->csv);
	folder->bytes += folder->input.bytes;
	coffer_input_release(&folder->input);
	if (folder->file.file >= 0)
		close(folder->file.file);
	folder->rows_file = NULL;
}

/* A pipe or a device of that name would be waited for. */
static coffer_status
open_regular(const char *path, int *file_out, coffer_error *error)
{
	coffer_status status = COFFER_OK;
	struct stat facts;

	*file_out = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*file_out < 0 || fstat(*file_out, &facts))
		status = coffer_error_set(error, COFFER_IO, "%s", strerror(errno));
	else if (!S_ISREG(facts.st_mode))
		status = coffer_error_set(error, COFFER_IO, "not a regular file");
	if (status)
		coffer_error_at(error, "%s", path);
	return status;
}

static coffer_status
open_file(struct folder *folder, const coffer_table *table, coffer_error *error)
{
	const struct rows_file *file = find_file(folder, table->name);
	const coffer_schema *schema = folder->source.schema;
	coffer_status status;

	folder->rows_file = file;
	if (!file)
		return COFFER_OK;
	folder->ndjson = (struct coffer_ndjson_reader){0};
	folder->csv = (struct coffer_csv_reader){0};
	folder->file.what = table->name;
	coffer_input_init(&folder->input, coffer_input_read_file, &folder->file);
	if ((status = open_regular(file->path, &folder->file.file, error)))
		return status;
	if (file->format == COFFER_FORMAT_CSV)
		return coffer_csv_reader_init(&folder->csv, &folder->input, file->path, schema,
					      table, error);
	return coffer_ndjson_reader_init(&folder->ndjson, &folder->input, file->path, schema, table,
					 error);
}

static coffer_status
next_table(struct coffer_source *source, uint32_t *table_out, coffer_error *error)
{
	struct folder *folder = (struct folder *)source;
	const coffer_schema *schema = source->schema;

	close_file(folder);
	while (folder->next < schema->table_count && !schema->tables[folder->next].id)
		folder->next++;
	if (folder->next == schema->table_count)
		return COFFER_NOT_FOUND;
	*table_out = folder->next++;
	return open_file(folder, &schema->tables[*table_out], error);
}

static bool
has_default(const coffer_column *column)
{
	return column->default_sql || column->generated_sql || column->identity ||
	       column->client_default || column->is_updated_at;
}

/* What is not given is NULL, which may stand for nothing else. */
static coffer_status
check_absent(const struct coffer_given *row, coffer_error *error)
{
	for (size_t i = 0; i < row->table->column_count; i++) {
		const coffer_column *column = &row->table->columns[i];

		if (row->is_given[i] || (column->is_nullable && !has_default(column)))
			continue;
		return coffer_error_set(error, COFFER_INVALID,
					"column %s is not given, and an import makes no defaults",
					column->name);
	}
	return COFFER_OK;
}

/* A sequence whose state nobody tells goes on behind the numbers that are there. */
static void
follow_sequences(struct folder *folder, const struct coffer_given *row)
{
	coffer_schema *schema = folder->source.schema;

	for (size_t i = 0; i < schema->sequence_count; i++) {
		coffer_sequence *sequence = &schema->sequences[i];
		uint16_t column;

		if (!sequence->owner_table || strcmp(sequence->owner_table, row->table->name))
			continue;
		column = coffer_table_find_column(row->table, sequence->owner_column);
		if (column == COFFER_NO_COLUMN || row->values[column].kind != COFFER_INT ||
		    sequence->increment < 0 || row->values[column].integer > sequence->maximum ||
		    row->values[column].integer < sequence->last_value)
			continue;
		sequence->last_value = row->values[column].integer;
		sequence->is_called = true;
	}
}

static coffer_status
next_row(struct coffer_source *source, const coffer_value **values_out, coffer_error *error)
{
	struct folder *folder = (struct folder *)source;
	const struct coffer_given *row;
	coffer_status status;

	*values_out = NULL;
	if (!folder->rows_file)
		return COFFER_NOT_FOUND;
	if (folder->rows_file->format == COFFER_FORMAT_CSV)
		status = coffer_csv_read(&folder->csv, &row, error);
	else
		status = coffer_ndjson_read(&folder->ndjson, &row, error);
	source->bytes = folder->bytes + folder->input.bytes;
	if (status)
		return status;
	folder->file.rows++;
	if ((status = check_absent(row, error))) {
		coffer_error_at(error, "%s:%llu: %s", folder->rows_file->path,
				(unsigned long long)folder->input.line, row->table->name);
		return status;
	}
	if (!folder->has_states)
		follow_sequences(folder, row);
	*values_out = row->values;
	return COFFER_OK;
}

/* ------------------------------------------------------------------ the whole */

static coffer_status
tell_facts(struct coffer_source *source,
	   coffer_status (*fact)(void *context, const char *name, const char *value,
				 coffer_error *error),
	   void *context, coffer_error *error)
{
	const struct folder *folder = (const struct folder *)source;

	return fact(context, "folder", folder->path, error);
}

static void
close_folder(struct coffer_source *source)
{
	struct folder *folder = (struct folder *)source;

	close_file(folder);
	for (size_t i = 0; i < folder->file_count; i++)
		free(folder->files[i].path);
	free(folder->files);
	coffer_folder_list_release(&folder->list);
	coffer_schema_free(source->schema);
	free(folder->path);
	free(folder);
}

static const struct coffer_source_operations operations = {
	.next_table = next_table,
	.next_row = next_row,
	.facts = tell_facts,
	.close = close_folder,
};

static coffer_status
open_folder(struct folder *folder, coffer_error *error)
{
	coffer_status status;

	if (!folder->path)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
	if ((status = coffer_folder_list_read(&folder->list, folder->path, error)))
		return status;
	if (!folder->list.count) {
		coffer_error_set(error, COFFER_INVALID, "an empty folder");
		coffer_error_at(error, "%s", folder->path);
		return COFFER_INVALID;
	}
	if ((status = open_schema(folder, error)) || (status = take_files(folder, error)) ||
	    (status = coffer_source_check_schema(&folder->source, error)))
		return status;
	return coffer_selection_apply(&folder->source, error);
}

coffer_status
coffer_folder_source_open(const char *path, const coffer_transfer_options *options,
			  struct coffer_source **source_out, coffer_error *error)
{
	struct folder *folder = calloc(1, sizeof(*folder));
	coffer_status status;

	*source_out = NULL;
	if (!folder)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a source");
	folder->source.operations = &operations;
	folder->source.options = options;
	folder->file.progress = options->progress;
	folder->file.progress_context = options->progress_context;
	folder->path = strdup(path);
	status = open_folder(folder, error);
	if (status)
		close_folder(&folder->source);
	else
		*source_out = &folder->source;
	return status;
}
