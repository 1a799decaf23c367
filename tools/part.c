/*
 * The options that choose a part. Names of tables are looked up where the tables are known: at the source.
 */
#include "part.h"

#include "instant.h"
#include "report.h"
#include "transfer/selection.h"

#include <stdlib.h>
#include <string.h>

/* Every value of a repeated option, NULL behind the last; NULL when it is not given. */
static int
list_values(const struct coffer_arguments *arguments, enum coffer_option_id id,
	    const char ***values_out)
{
	size_t position = 0, count = 0;

	*values_out = NULL;
	if (!coffer_option_is_given(arguments, id))
		return COFFER_EXIT_DONE;
	*values_out = calloc(arguments->given_count + 1, sizeof(**values_out));
	if (!*values_out)
		return coffer_report_usage(arguments, "no memory for the tables");
	while (((*values_out)[count] = coffer_option_next(arguments, id, &position)))
		count++;
	return COFFER_EXIT_DONE;
}

static int
read_since(const struct coffer_arguments *arguments, coffer_selection *selection)
{
	return coffer_option_time(arguments, COFFER_OPTION_SINCE, &selection->has_since,
				  &selection->since);
}

static int
read_preset(const struct coffer_arguments *arguments, coffer_selection *selection)
{
	const char *name = coffer_option_value(arguments, COFFER_OPTION_PRESET);

	if (!name || coffer_preset_parse(name, &selection->preset))
		return COFFER_EXIT_DONE;
	return coffer_report_usage(arguments, "option '--preset': '%s' is none of: keys, logs, all",
				   name);
}

int
coffer_part_read(const struct coffer_arguments *arguments, struct coffer_part *part_out)
{
	int code;

	*part_out = (struct coffer_part){.tables = NULL};
	if ((code = read_preset(arguments, &part_out->selection)) ||
	    (code = read_since(arguments, &part_out->selection)) ||
	    (code = list_values(arguments, COFFER_OPTION_TABLE, &part_out->tables)) ||
	    (code = list_values(arguments, COFFER_OPTION_EXCLUDE_TABLE, &part_out->excluded)))
		return code;
	part_out->selection.tables = part_out->tables;
	part_out->selection.excluded = part_out->excluded;
	return COFFER_EXIT_DONE;
}

void
coffer_part_release(struct coffer_part *part)
{
	free(part->tables);
	free(part->excluded);
	*part = (struct coffer_part){.tables = NULL};
}
