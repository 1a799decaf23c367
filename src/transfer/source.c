/*
 * What every source of rows shares: the rows that are not wanted are passed over here, whether or not the
 * source could leave them where they are.
 */
#include "transfer/selection.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

coffer_status
coffer_source_next_table(struct coffer_source *source, uint32_t *table_out, coffer_error *error)
{
	coffer_status status = source->operations->next_table(source, table_out, error);

	if (!status)
		source->table = *table_out;
	source->early = 0;
	return status;
}

coffer_status
coffer_source_next_row(struct coffer_source *source, const coffer_value **values_out,
		       coffer_error *error)
{
	const coffer_table *table = &source->schema->tables[source->table];
	const coffer_selection *selection = &source->options->selection;
	coffer_status status;

	while (!(status = source->operations->next_row(source, values_out, error)) &&
	       !coffer_selection_takes(selection, table, *values_out))
		source->early++;
	return status;
}

coffer_status
coffer_source_check_schema(const struct coffer_source *source, coffer_error *error)
{
	const char *wanted = source->options->schema, *name = source->schema->name;

	if (!wanted || !strcmp(name, wanted))
		return COFFER_OK;
	return coffer_error_set(error, COFFER_INVALID, "the source has schema %s, not %s", name,
				wanted);
}

void
coffer_source_warn(struct coffer_source *source, const char *format, ...)
{
	char message[512];
	va_list arguments;

	source->warnings++;
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	if (source->options->warn)
		source->options->warn(source->options->warn_context, message);
}
