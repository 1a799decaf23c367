/*
 * Two sides to compare. The left one is a store, so that rows can be looked up in it.
 */
#include "comparing.h"

#include "report.h"
#include "transfer/selection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS_TOLD = 10 }; /* of each table, where nobody says how many */

int
coffer_comparing_init(struct coffer_comparing *comparing, struct coffer_arguments *arguments)
{
	struct coffer_differences *differences = &comparing->differences;
	int code = coffer_part_read(arguments, &comparing->part);

	differences->output = &comparing->output;
	differences->is_json = arguments->is_json;
	differences->is_ndjson = coffer_option_is_given(arguments, COFFER_OPTION_NDJSON);
	if (!code && differences->is_json && differences->is_ndjson)
		code = coffer_report_usage(arguments, "--json and --ndjson: one of them");
	if (!code)
		code = coffer_option_number(arguments, COFFER_OPTION_LIMIT,
					    differences->is_ndjson ? UINT64_MAX : ROWS_TOLD,
					    &differences->limit);
	if (code)
		return code;
	coffer_progress_begin(&comparing->line, arguments);
	comparing->options = coffer_moving_options(arguments, &comparing->line);
	comparing->options.warn =
		NULL; /* what an import does not carry is nothing to a comparison */
	comparing->options.selection = comparing->part.selection;
	return COFFER_EXIT_DONE;
}

void
coffer_comparing_release(struct coffer_comparing *comparing)
{
	coffer_source_close(comparing->right);
	coffer_reading_close(&comparing->left);
	coffer_differences_release(&comparing->differences);
	coffer_part_release(&comparing->part);
}

/* ------------------------------------------------------------------ the sides */

static coffer_status
import(struct coffer_comparing *comparing, const char *name, const char *path, coffer_error *error)
{
	coffer_transfer_summary summary;
	struct coffer_source *source;
	coffer_status status = coffer_moving_open(name, &comparing->options, &source, error);

	if (!status)
		status = coffer_transfer_import(source, path, &comparing->options, &summary, error);
	coffer_source_close(source);
	return status;
}

/* Import it into a store in a folder of its own, which is gone as soon as the store is open. */
static coffer_status
open_temporary(struct coffer_comparing *comparing, const char *name, coffer_error *error)
{
	const char *parent = getenv("TMPDIR");
	char *folder = NULL, *path = NULL, *lock = NULL;
	coffer_status status = COFFER_NO_MEMORY;

	parent = parent && *parent ? parent : "/tmp";
	if (asprintf(&folder, "%s/coffer-diff.XXXXXX", parent) < 0)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
	if (!mkdtemp(folder))
		status = coffer_error_set(error, COFFER_IO, "cannot make a folder in %s: %s",
					  parent, strerror(errno));
	else if (asprintf(&path, "%s/store", folder) < 0 || asprintf(&lock, "%s-lock", path) < 0)
		coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a path");
	else if (!(status = import(comparing, name, path, error)))
		status = coffer_reading_open(&comparing->left, path, error);
	if (lock) {
		(void)unlink(path);
		(void)unlink(lock);
	}
	(void)rmdir(folder);
	free(lock);
	free(path);
	free(folder);
	return status;
}

coffer_status
coffer_comparing_open_left(struct coffer_comparing *comparing, const char *name,
			   coffer_error *error)
{
	if (coffer_moving_is_store(name))
		return coffer_reading_open(&comparing->left, name, error);
	return open_temporary(comparing, name, error);
}

/* The right side is checked when it is opened, by its own schema. */
static coffer_status
check_left(const struct coffer_comparing *comparing, coffer_error *error)
{
	const coffer_schema *schema = comparing->left.schema;
	bool *is_taken = calloc(schema->table_count + 1, sizeof(*is_taken));
	coffer_status status;

	if (!is_taken)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a selection");
	status = coffer_selection_resolve(&comparing->options.selection, schema, is_taken, error);
	free(is_taken);
	return status;
}

coffer_status
coffer_comparing_open_right(struct coffer_comparing *comparing, const char *name,
			    const struct coffer_arguments *arguments, coffer_error *error)
{
	coffer_status status;

	/* A dump may have several schemas; the one that is compared is the other side's. */
	if (coffer_moving_is_dump(name))
		comparing->options.schema = comparing->left.schema->name;
	status = coffer_moving_open(name, &comparing->options, &comparing->right, error);
	if (!status && comparing->right->has_estimate)
		comparing->line.rows_expected = comparing->right->estimate;
	if (!status)
		status = check_left(comparing, error);
	if (status)
		return status;
	comparing->is_output_open = true;
	status = coffer_output_open(&comparing->output, arguments, error);
	/* Lines that go to the terminal as they are found would tear the one that says how far it is. */
	if (comparing->differences.is_ndjson && comparing->output.is_terminal)
		comparing->line.is_drawn = false;
	return status;
}

/* ------------------------------------------------------------------ the comparison */

coffer_status
coffer_comparing_run(struct coffer_comparing *comparing, struct coffer_compare_summary *summary,
		     coffer_error *error)
{
	struct coffer_differences *differences = &comparing->differences;
	struct coffer_compare_options options = coffer_differences_options(differences);
	coffer_status status;

	coffer_differences_begin(differences, comparing->left.schema, comparing->right->schema);
	options.selection = comparing->options.selection;
	options.progress = comparing->options.progress;
	options.progress_context = comparing->options.progress_context;
	differences->has_since = options.selection.has_since;
	differences->since = options.selection.since;
	differences->tables_outside = comparing->right->tables_outside;
	status = coffer_compare(comparing->left.store, comparing->left.txn, comparing->right,
				&options, summary, error);
	coffer_progress_clear();
	return status;
}

int
coffer_comparing_end(struct coffer_comparing *comparing, const struct coffer_arguments *arguments,
		     coffer_status status, bool is_different, coffer_error *error)
{
	int code;

	coffer_progress_clear();
	if (!comparing->is_output_open)
		return coffer_report_error(arguments, error);
	/* A failure of the output ends the comparison; it is the output's to tell. */
	if (comparing->output.failure)
		status = COFFER_OK;
	code = coffer_output_close(&comparing->output, arguments, status, error);
	return code ? code : is_different ? COFFER_EXIT_DIFFERENT : COFFER_EXIT_DONE;
}
