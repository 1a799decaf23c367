/*
 * A source into a new store.
 *
 *   facts --> rows, table by table --> finish
 *
 * The source has said all that it has to say before the store builds its last indexes.
 */
#include "transfer/selection.h"

static coffer_status
put_fact(void *context, const char *name, const char *value, coffer_error *error)
{
	return coffer_load_fact(context, name, value, error);
}

static coffer_status
record_facts(struct coffer_source *source, coffer_load *load, coffer_error *error)
{
	coffer_status status = coffer_load_fact(load, "step", "import", error);

	if (!status)
		status = coffer_load_fact(load, "coffer", COFFER_VERSION, error);
	if (!status)
		status = source->operations->facts(source, put_fact, load, error);
	return status ? status : coffer_selection_facts(source, put_fact, load, error);
}

static coffer_status
take_table(struct coffer_source *source, coffer_load *load, uint32_t table,
	   coffer_transfer_summary *summary, coffer_error *error)
{
	coffer_status status = coffer_load_table(load, table, error);
	const coffer_value *values;

	while (!status && !(status = coffer_source_next_row(source, &values, error))) {
		status = coffer_load_row(load, values, error);
		summary->rows++;
	}
	summary->tables++;
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
take_all(struct coffer_source *source, coffer_load *load, coffer_transfer_summary *summary,
	 coffer_error *error)
{
	const coffer_transfer_options *options = source->options;
	coffer_status status = record_facts(source, load, error);
	uint32_t table;

	if (!status && source->has_estimate && options->expect)
		options->expect(options->progress_context, source->estimate);
	while (!status && !(status = coffer_source_next_table(source, &table, error)))
		status = take_table(source, load, table, summary, error);
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

coffer_status
coffer_transfer_import(struct coffer_source *source, const char *path,
		       const coffer_transfer_options *options, coffer_transfer_summary *summary_out,
		       coffer_error *error)
{
	const coffer_load_options load_options = {
		.is_forced = options->is_forced,
		.is_plain = options->is_plain,
		.progress = options->progress,
		.progress_context = options->progress_context,
	};
	coffer_load *load = NULL;
	coffer_status status;

	*summary_out = (coffer_transfer_summary){0};
	status = coffer_load_begin(path, source->schema, &load_options, &load, error);
	if (!status && (status = take_all(source, load, summary_out, error)))
		coffer_load_abort(load);
	else if (!status)
		status = coffer_load_finish(load, error);
	summary_out->bytes = source->bytes;
	summary_out->warnings = source->warnings;
	return status;
}
