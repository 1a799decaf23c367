/*
 * Rows and schema into a folder: a file for each table, though it may have no row, then the schema.
 */
#include "transfer/folder_place.h"

#include "transfer/append.h"
#include "transfer/csv_write.h"
#include "transfer/ndjson_write.h"

/* One table's rows. */
struct rows {
	struct coffer_source *source;
	struct coffer_folder_place *place;
	const coffer_table *table;
	coffer_row_format format;
	struct coffer_ndjson_writer ndjson;
	coffer_buffer scratch;
};

static coffer_status
write_row(struct rows *rows, const coffer_value *values, coffer_error *error)
{
	coffer_buffer *out = &rows->place->buffer;
	coffer_status status;

	if (rows->format == COFFER_FORMAT_CSV)
		return coffer_csv_write(rows->table, values, out, &rows->scratch, error);
	status = coffer_ndjson_write(&rows->ndjson, values, out, error);
	coffer_append_char(out, '\n');
	return status;
}

static coffer_status
write_rows(struct rows *rows, coffer_transfer_summary *summary, coffer_error *error)
{
	const coffer_value *values;
	coffer_status status = COFFER_OK;

	if (rows->format == COFFER_FORMAT_CSV)
		coffer_csv_write_header(rows->table, &rows->place->buffer);
	while (!status && !(status = coffer_source_next_row(rows->source, &values, error))) {
		size_t before = rows->place->buffer.size;

		status = write_row(rows, values, error);
		summary->rows++;
		summary->bytes += rows->place->buffer.size - before;
		if (!status)
			status = coffer_folder_place_drain(rows->place, error);
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
write_table(struct rows *rows, coffer_transfer_summary *summary, coffer_error *error)
{
	char *name = coffer_folder_file_name(rows->source->schema, rows->table->name, rows->format);
	coffer_status status;

	if (!name)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a file's name");
	if ((status = coffer_folder_place_file(rows->place, name, error)))
		return status;
	status = coffer_ndjson_writer_init(&rows->ndjson, rows->table, NULL, 0, error);
	if (!status)
		status = write_rows(rows, summary, error);
	coffer_ndjson_writer_release(&rows->ndjson);
	summary->tables++;
	return status;
}

static coffer_status
write_tables(struct rows *rows, coffer_transfer_summary *summary, coffer_error *error)
{
	coffer_status status;
	uint32_t table;

	while (!(status = coffer_source_next_table(rows->source, &table, error))) {
		rows->table = &rows->source->schema->tables[table];
		if ((status = write_table(rows, summary, error)))
			break;
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

/* Behind the rows: a source may tell the states of sequences last. */
static coffer_status
write_schema(struct coffer_source *source, struct coffer_folder_place *place, coffer_error *error)
{
	coffer_status status;

	if ((status = coffer_folder_place_file(place, COFFER_FOLDER_DOCUMENT, error)) ||
	    (status = coffer_schema_write_json(source->schema, &place->buffer, error)) ||
	    (status = coffer_folder_place_file(place, COFFER_FOLDER_PRISMA, error)))
		return status;
	return coffer_schema_write_prisma(source->schema, &place->buffer, error);
}

static coffer_status
write_all(struct coffer_source *source, struct coffer_folder_place *place, coffer_row_format format,
	  const coffer_transfer_options *options, coffer_transfer_summary *summary,
	  coffer_error *error)
{
	struct rows rows = {.source = source, .place = place, .format = format};
	coffer_status status;

	if (source->has_estimate && options->expect)
		options->expect(options->progress_context, source->estimate);
	status = write_tables(&rows, summary, error);
	coffer_buffer_release(&rows.scratch);
	return status ? status : write_schema(source, place, error);
}

coffer_status
coffer_folder_write(struct coffer_source *source, const char *path, coffer_row_format format,
		    const coffer_transfer_options *options, coffer_transfer_summary *summary_out,
		    coffer_error *error)
{
	struct coffer_folder_place place;
	coffer_status status;

	*summary_out = (coffer_transfer_summary){0};
	status = coffer_folder_place_begin(&place, path, options->is_forced, error);
	if (!status)
		status = write_all(source, &place, format, options, summary_out, error);
	if (status)
		coffer_folder_place_abort(&place);
	else
		status = coffer_folder_place_finish(&place, error);
	summary_out->warnings = source->warnings;
	return status;
}
