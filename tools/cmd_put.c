/*
 * coffer put: rows from standard input into a table.
 *
 *   stream --> line --> given columns --> insert or update --> commit, of all rows or of so many
 *
 * No transaction is open while the stream is waited for, since other writers would wait too: without --batch a
 * stream is kept in a temporary file until it has ended, with --batch what has come so far is committed. While a commit
 * syncs, the pipe takes what comes, so that the faster rows come the more of them are one.
 */
#include "interrupt.h"
#include "json.h"
#include "progress.h"
#include "report.h"
#include "select.h"
#include "transfer/ndjson_read.h"
#include "writing.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_NAME "standard input"

enum { ROWS_PER_TELL = 256, PIPE_SIZE = 1 << 20 };

struct put {
	struct coffer_arguments *arguments;
	struct coffer_progress_line line;
	struct coffer_writing writing;
	const coffer_table *table;
	uint32_t table_number;
	bool is_update, is_kept_going;
	bool is_lost; /* a commit failed: its rows are not there, whatever comes after them */
	coffer_on_conflict on_conflict;
	bool *is_increment; /* one a column */
	uint64_t batch_size; /* 0: all rows are one */
	uint64_t batch_rows, batches;
	struct coffer_input_file file;
	FILE *spool;
	coffer_set *sets;
	coffer_cursor *cursor; /* of the open transaction, for updates */
	uint64_t read, skipped, refused, committed;
	bool is_acknowledged;
	uint64_t met, acknowledged; /* lines: the last one that came, and that was said to be done */
	struct coffer_output acknowledgements;
};

/* ------------------------------------------------------------------ what is asked for */

static int
choose_mode(struct put *put)
{
	const struct coffer_arguments *arguments = put->arguments;
	bool is_upsert = coffer_option_is_given(arguments, COFFER_OPTION_UPSERT);
	bool is_skip = coffer_option_is_given(arguments, COFFER_OPTION_SKIP_EXISTING);
	int code;

	put->is_kept_going = coffer_option_is_given(arguments, COFFER_OPTION_KEEP_GOING);
	put->is_acknowledged = coffer_option_is_given(arguments, COFFER_OPTION_ACK);
	if (put->is_acknowledged && arguments->is_json)
		return coffer_report_usage(arguments, "--ack and --json exclude each other");
	put->is_update = coffer_option_is_given(arguments, COFFER_OPTION_UPDATE);
	if (put->is_update + is_upsert + is_skip > 1)
		return coffer_report_usage(arguments,
					   "--update, --upsert and --skip-existing exclude each other");
	if (coffer_option_is_given(arguments, COFFER_OPTION_INCREMENT) && !put->is_update && !is_upsert)
		return coffer_report_usage(arguments, "--increment needs --update or --upsert");
	put->on_conflict = is_upsert ? COFFER_CONFLICT_UPDATE
			   : is_skip ? COFFER_CONFLICT_SKIP
				     : COFFER_CONFLICT_FAIL;
	code = coffer_option_number(arguments, COFFER_OPTION_BATCH, 0, &put->batch_size);
	if (!code && !put->batch_size && coffer_option_is_given(arguments, COFFER_OPTION_BATCH))
		return coffer_report_usage(arguments,
					   "option '--batch': a number from 1; without it all rows are one");
	return code;
}

static int
choose_increments(struct put *put)
{
	const struct coffer_arguments *arguments = put->arguments;
	size_t position = 0;
	const char *name;

	while ((name = coffer_option_next(arguments, COFFER_OPTION_INCREMENT, &position))) {
		uint16_t column;
		int code = coffer_select_column(arguments, put->table, name, &column);

		if (code)
			return code;
		if (put->table->columns[column].kind != COFFER_INT &&
		    put->table->columns[column].kind != COFFER_FLOAT)
			return coffer_report_usage(arguments, "column %s is no number to increment", name);
		if (coffer_table_is_key_column(put->table, column))
			return coffer_report_usage(arguments, "column %s is of the key, which finds the row and stays",
						   name);
		put->is_increment[column] = true;
	}
	return COFFER_EXIT_DONE;
}

static int
choose(struct put *put)
{
	const struct coffer_arguments *arguments = put->arguments;
	coffer_error error = {0};
	int code = coffer_select_table(arguments, put->writing.schema, arguments->operands[1],
				       &put->table_number);

	if (code)
		return code;
	put->table = &put->writing.schema->tables[put->table_number];
	if ((put->is_update || put->on_conflict == COFFER_CONFLICT_UPDATE) &&
	    put->table->primary == COFFER_NO_INDEX)
		return coffer_report_usage(arguments, "table %s has no primary key to find rows by",
					   put->table->name);
	put->sets = calloc(put->table->column_count + 1, sizeof(*put->sets));
	put->is_increment = calloc(put->table->column_count + 1, sizeof(*put->is_increment));
	if (put->sets && put->is_increment)
		return choose_increments(put);
	(void)coffer_error_set(&error, COFFER_NO_MEMORY, "no memory for a row");
	return coffer_report_error(arguments, &error);
}

/* ------------------------------------------------------------------ transactions */

static bool
refers_to_itself(const struct put *put)
{
	for (size_t i = 0; i < put->table->relation_count; i++)
		if (!put->table->relations[i].is_soft &&
		    put->table->relations[i].target_table == put->table_number)
			return true;
	return false;
}

static coffer_status
begin(struct put *put, coffer_error *error)
{
	coffer_status status;

	if (put->writing.txn)
		return COFFER_OK;
	if ((status = coffer_writing_begin(&put->writing, error)))
		return status;
	/*
	 * Rows of one transaction may refer to each other in any order. What refers to other tables is refused by its
	 * line, and so is all where the others go on: at the end nobody knows which row it was.
	 */
	if (refers_to_itself(put) && !put->is_kept_going)
		coffer_txn_defer(put->writing.txn);
	return put->is_update ? coffer_cursor_open(put->writing.txn, put->table_number, &put->cursor, error)
			      : COFFER_OK;
}

/* Say how far the stream is done: in the store, or left out. */
static coffer_status
acknowledge(struct put *put, coffer_error *error)
{
	char text[24];
	int size = snprintf(text, sizeof(text), "%llu\n", (unsigned long long)put->met);

	if (!put->is_acknowledged || put->met == put->acknowledged)
		return COFFER_OK;
	put->acknowledged = put->met;
	coffer_output_bytes(&put->acknowledgements, text, (size_t)size);
	coffer_output_flush(&put->acknowledgements);
	return coffer_output_check(&put->acknowledgements, error);
}

static coffer_status
commit(struct put *put, coffer_error *error)
{
	coffer_status status;

	coffer_cursor_close(put->cursor);
	put->cursor = NULL;
	if (!put->writing.txn)
		return acknowledge(put, error);
	put->is_lost = true;
	if ((status = coffer_writing_commit(&put->writing, error)))
		return status;
	put->is_lost = false;
	put->committed = put->read;
	put->batches++;
	put->batch_rows = 0;
	return acknowledge(put, error);
}

/* ------------------------------------------------------------------ the stream */

/* Would reading wait? */
static bool
is_waiting(int file)
{
	struct pollfd stream = {.fd = file, .events = POLLIN};

	return !poll(&stream, 1, 0);
}

static coffer_status
read_stream(void *context, void *buffer, size_t size, size_t *size_out, coffer_error *error)
{
	struct put *put = context;
	coffer_status status = COFFER_OK;

	*size_out = 0;
	if (put->batch_size && is_waiting(put->file.file))
		status = commit(put, error);
	return status ? status : coffer_input_read_file(&put->file, buffer, size, size_out, error);
}

static coffer_status
fail_spool(coffer_error *error)
{
	return coffer_error_set(error, errno == ENOSPC ? COFFER_FULL : COFFER_IO,
				"cannot keep the rows in a temporary file: %s", strerror(errno));
}

/* Keep what may be long in coming until it is there. */
static coffer_status
spool(struct put *put, coffer_error *error)
{
	char buffer[1 << 16];
	size_t size = 1;
	coffer_status status = COFFER_OK;

	if (!(put->spool = tmpfile()))
		return fail_spool(error);
	while (!status && size) {
		status = coffer_input_read_file(&put->file, buffer, sizeof(buffer), &size, error);
		if (!status && fwrite(buffer, 1, size, put->spool) != size)
			status = fail_spool(error);
	}
	if (!status && (fflush(put->spool) || fseek(put->spool, 0, SEEK_SET)))
		status = fail_spool(error);
	put->file.file = fileno(put->spool);
	return status;
}

static bool
is_file(int file)
{
	struct stat facts;

	return !fstat(file, &facts) && S_ISREG(facts.st_mode);
}

/* ------------------------------------------------------------------ rows */

/* What was given, as sets; an update's key is what finds the row and is left out. */
static size_t
make_sets(const struct put *put, const struct coffer_given *row)
{
	size_t count = 0;

	for (uint16_t i = 0; i < put->table->column_count; i++)
		if (row->is_given[i] && !(put->is_update && coffer_table_is_key_column(put->table, i)))
			put->sets[count++] = (coffer_set){
				.column = i,
				.is_increment = put->is_increment[i],
				.is_settled = true,
				.value = row->values[i],
			};
	return count;
}

static coffer_status
find_row(struct put *put, const struct coffer_given *row, uint64_t *number_out, coffer_error *error)
{
	const coffer_index *index = &put->table->indexes[put->table->primary];
	coffer_value key[COFFER_KEY_COLUMNS_MAX];
	const coffer_row *found;
	coffer_status status;

	for (size_t i = 0; i < index->key_column_count; i++) {
		uint16_t column = index->key_columns[i];

		key[i] = row->values[column];
		if (key[i].kind != COFFER_NULL)
			continue;
		coffer_error_set(error, COFFER_INVALID, "the key is not given: --update needs it");
		return coffer_error_at(error, "%s.%s", put->table->name, put->table->columns[column].name);
	}
	status = coffer_cursor_get(put->cursor, put->table->primary, key, &found, error);
	if (!status)
		*number_out = coffer_row_number(found);
	return status;
}

static coffer_status
put_row(struct put *put, const struct coffer_given *row, coffer_error *error)
{
	size_t count = make_sets(put, row);
	coffer_outcome outcome;
	uint64_t number = 0;
	coffer_status status;

	if (put->is_update) {
		status = find_row(put, row, &number, error);
		return status ? status
			      : coffer_update(put->writing.txn, put->table_number, number, put->sets,
					      count, error);
	}
	status = coffer_insert(put->writing.txn, put->table_number, put->sets, count, put->on_conflict,
			       &outcome, error);
	put->skipped += !status && outcome == COFFER_SKIPPED;
	return status;
}

/* A row that is not there ends an update: nothing of its transaction is kept. */
static coffer_status
take_row(struct put *put, const struct coffer_input *input, const struct coffer_given *row,
	 coffer_error *error)
{
	coffer_status status = begin(put, error);

	if (!status && (status = put_row(put, row, error))) {
		if (status == COFFER_NOT_FOUND) {
			status = coffer_error_set(error, COFFER_NOT_FOUND, "no row has this key");
			coffer_error_at(error, "%s", put->table->name);
		}
		coffer_error_at(error, INPUT_NAME ":%llu: ", (unsigned long long)input->line);
	}
	if (status)
		return status;
	put->read++;
	put->file.rows = put->read;
	if (put->batch_size && ++put->batch_rows == put->batch_size)
		return commit(put, error);
	if (put->read % ROWS_PER_TELL == 0 &&
	    !coffer_progress_tell(&put->line, put->table->name, put->read, input->bytes))
		return coffer_error_set(error, COFFER_INTERRUPTED, "interrupted");
	return COFFER_OK;
}

/*
 * Leave a line out that is refused for what it says, where the others are to go on. A limit is the line's as long as it is
 * only read, and may be the store's behind that.
 */
static coffer_status
leave_out(struct put *put, coffer_status status, bool is_read, coffer_error *error)
{
	char message[sizeof(error->place) + sizeof(error->message) + 16];
	bool is_of_line = status == COFFER_INVALID || status == COFFER_CONFLICT ||
			  status == COFFER_EXISTS || status == COFFER_NOT_FOUND ||
			  (status == COFFER_LIMIT && !is_read);

	if (!put->is_kept_going || put->is_lost || !is_of_line)
		return status;
	snprintf(message, sizeof(message), "%s: %s: left out", error->place, error->message);
	coffer_progress_clear();
	coffer_report_warning(put->arguments, message);
	put->refused++;
	*error = (coffer_error){0};
	return COFFER_OK;
}

static coffer_status
take_rows(struct put *put, coffer_error *error)
{
	struct coffer_ndjson_reader reader;
	struct coffer_input input;
	const struct coffer_given *row;
	coffer_status status;
	bool is_end = false;

	coffer_input_init(&input, read_stream, put);
	status = coffer_ndjson_reader_init(&reader, &input, INPUT_NAME, put->writing.schema, put->table,
					   error);
	while (!status && !is_end) {
		status = coffer_ndjson_read(&reader, &row, error);
		is_end = status == COFFER_NOT_FOUND;
		if (!is_end)
			put->met = input.line;
		if (is_end)
			status = commit(put, error);
		else if (status)
			status = leave_out(put, status, false, error);
		else if ((status = take_row(put, &input, row, error)))
			status = leave_out(put, status, true, error);
	}
	coffer_ndjson_reader_release(&reader);
	coffer_input_release(&input);
	return status;
}

/* ------------------------------------------------------------------ the end */

static int
print_result(struct put *put, coffer_error *error)
{
	const coffer_effects *effects = &put->writing.effects;
	struct coffer_output output;
	struct coffer_json json;
	int code = put->refused ? COFFER_EXIT_WARNINGS : COFFER_EXIT_DONE;
	char refused[48] = "";
	coffer_status status;
	int failure;

	if (put->is_kept_going)
		snprintf(refused, sizeof(refused), ", %llu left out", (unsigned long long)put->refused);
	coffer_report_note(put->arguments, "%s: %llu inserted, %llu updated, %llu skipped%s",
			   put->table->name, (unsigned long long)effects->inserted,
			   (unsigned long long)effects->updated, (unsigned long long)put->skipped,
			   refused);
	if (!put->arguments->is_json)
		return code;
	status = coffer_output_open(&output, put->arguments, error);
	coffer_json_begin(&json, &output, "coffer/put/1");
	coffer_json_text(&json, "table", put->table->name);
	coffer_json_number(&json, "rows", put->read);
	coffer_json_number(&json, "inserted", effects->inserted);
	coffer_json_number(&json, "updated", effects->updated);
	coffer_json_number(&json, "skipped", put->skipped);
	coffer_json_number(&json, "left_out", put->refused);
	coffer_json_number(&json, "transactions", put->batches);
	coffer_json_end(&json);
	failure = coffer_output_close(&output, put->arguments, status, error);
	return failure ? failure : code;
}

static int
run(struct put *put)
{
	char rows[COFFER_COUNT_SIZE];
	coffer_error error = {0};
	coffer_status status = COFFER_OK;
	int code;

	put->file = (struct coffer_input_file){
		.file = STDIN_FILENO,
		.progress = coffer_progress_tell,
		.progress_context = &put->line,
		.what = put->table->name,
	};
	coffer_progress_begin(&put->line, put->arguments);
	if (put->is_acknowledged &&
	    (status = coffer_output_open(&put->acknowledgements, put->arguments, &error)))
		return coffer_report_error(put->arguments, &error);
	if (put->batch_size)
		(void)fcntl(put->file.file, F_SETPIPE_SZ, PIPE_SIZE);
	if (!put->batch_size && !is_file(put->file.file))
		status = spool(put, &error);
	if (!status)
		status = take_rows(put, &error);
	coffer_progress_clear();
	if (!status && put->is_acknowledged)
		(void)coffer_output_close(&put->acknowledgements, put->arguments, status, &error);
	if (!status)
		return print_result(put, &error);
	code = coffer_report_error(put->arguments, &error);
	if (put->batch_size)
		coffer_report_note(put->arguments, "%s committed before",
				   coffer_count_print(put->committed, "row was", "rows were", rows));
	return code;
}

int
coffer_command_put(struct coffer_arguments *arguments)
{
	struct put put = {.arguments = arguments};
	coffer_error error = {0};
	int code = choose_mode(&put);

	if (code)
		return code;
	if (coffer_writing_open(&put.writing, arguments->operands[0], &error))
		code = coffer_report_error(arguments, &error);
	else if (!(code = choose(&put)))
		code = run(&put);
	coffer_cursor_close(put.cursor);
	coffer_writing_close(&put.writing);
	if (put.spool)
		fclose(put.spool);
	free(put.sets);
	free(put.is_increment);
	return code;
}
