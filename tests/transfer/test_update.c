/*
 * A store brought up to date from another: afterwards they are equal but for log rows that only the store has, and the store
 * is whole; in place and by way of a copy, whatever was changed, keys traded between rows included.
 */
#include "transfer/compare.h"
#include "transfer/update.h"

#include "tests/support/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char prisma[] = "model Team {\n"
			     "  id    Int     @id\n"
			     "  alias String? @unique\n"
			     "  spend Float\n"
			     "  data  String?\n"
			     "}\n"
			     "\n"
			     "model Note {\n"
			     "  number Int?\n"
			     "  text   String?\n"
			     "}\n"
			     "\n"
			     "model Log {\n"
			     "  id   Int      @id @default(autoincrement())\n"
			     "  at   DateTime /// @coffer.time\n"
			     "  text String?\n"
			     "\n"
			     "  @@index([at])\n"
			     "}\n";

enum { TEAM, NOTE, LOG, TABLES };
enum { ROWS_MAX = 60, ROUNDS = 40 };

/* What a store holds. */
struct content {
	struct {
		int id, alias, spend; /* alias 0: NULL */
	} teams[ROWS_MAX];
	int notes[ROWS_MAX];
	struct {
		int id, at, text;
	} logs[ROWS_MAX];
	int team_count, note_count, log_count;
	int sequence;
};

static char folder[64], here[96], there[96];
static uint32_t random_state = 1;

static int
draw(int below)
{
	random_state = random_state * 1664525U + 1013904223U;
	return (int)((random_state >> 8) % (uint32_t)below);
}

/* ------------------------------------------------------------------ stores */

static coffer_value
integer(int number)
{
	return (coffer_value){.kind = COFFER_INT, .integer = number};
}

/* "alias-7"; texts live until the fourth call from then on. */
static coffer_value
text(const char *prefix, int number)
{
	static char texts[4][32];
	static int next;
	char *out = texts[next++ % 4];

	snprintf(out, sizeof(texts[0]), "%s-%d", prefix, number);
	return (coffer_value){.kind = COFFER_TEXT, .text = {out, strlen(out)}};
}

static void
load_rows(coffer_load *load, const struct content *content)
{
	coffer_error error = {0};

	must(coffer_load_table(load, TEAM, &error), &error);
	for (int i = 0; i < content->team_count; i++) {
		coffer_value values[] = {
			integer(content->teams[i].id),
			content->teams[i].alias ? text("alias", content->teams[i].alias)
						: (coffer_value){.kind = COFFER_NULL},
			{.kind = COFFER_FLOAT, .real = content->teams[i].spend},
			text("data", content->teams[i].spend),
		};

		must(coffer_load_row(load, values, &error), &error);
	}
	must(coffer_load_table(load, NOTE, &error), &error);
	for (int i = 0; i < content->note_count; i++) {
		coffer_value values[] = {integer(content->notes[i]), text("note", 1)};

		must(coffer_load_row(load, values, &error), &error);
	}
	must(coffer_load_table(load, LOG, &error), &error);
	for (int i = 0; i < content->log_count; i++) {
		coffer_value values[] = {
			integer(content->logs[i].id),
			{.kind = COFFER_TIME, .time = content->logs[i].at * INT64_C(1000000)},
			text("log", content->logs[i].text),
		};

		must(coffer_load_row(load, values, &error), &error);
	}
}

static coffer_schema *
parse(const char *source)
{
	coffer_error error = {0};
	coffer_schema *schema;

	must(coffer_schema_parse_prisma((coffer_text){source, strlen(source)}, "schema", &schema,
					&error),
	     &error);
	return schema;
}

static void
make_store(const char *path, const char *source, const struct content *content)
{
	const coffer_load_options options = {.is_forced = true};
	coffer_schema *schema = parse(source);
	coffer_error error = {0};
	coffer_load *load;

	assert_int_equal(schema->sequence_count, 1);
	schema->sequences[0].last_value = content->sequence;
	schema->sequences[0].is_called = true;
	must(coffer_load_begin(path, schema, &options, &load, &error), &error);
	load_rows(load, content);
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
}

/* ------------------------------------------------------------------ updates */

static struct coffer_updated_table told[TABLES];
static int opened;

static coffer_status
open_there(void *context, const coffer_transfer_options *options, struct coffer_source **source_out,
	   coffer_error *error)
{
	(void)context;
	opened++;
	return coffer_store_source_open(there, options, source_out, error);
}

static void
take_table(void *context, const struct coffer_updated_table *table)
{
	int *count = context;

	told[(*count)++] = *table;
}

static coffer_status
update(int window_seconds, uint64_t size_max, struct coffer_update_summary *summary,
       coffer_error *error)
{
	int count = 0;
	const struct coffer_update_options options = {
		.open = open_there,
		.window = window_seconds * INT64_C(1000000),
		.size_max = size_max,
		.table = take_table,
		.table_context = &count,
	};
	coffer_status status;

	opened = 0;
	memset(told, 0, sizeof(told));
	status = coffer_transfer_update(here, &options, summary, error);
	assert_int_equal(count, status ? 0 : TABLES);
	return status;
}

static void
take_compared(void *context, const struct coffer_compared_table *table)
{
	struct coffer_compared_table *tables = context;

	tables[table->left->name[0] == 'T'   ? TEAM
	       : table->left->name[0] == 'N' ? NOTE
					     : LOG] = *table;
}

static void
compare(struct coffer_compared_table tables[TABLES])
{
	const coffer_transfer_options transfer = {.is_forced = false};
	const struct coffer_compare_options options = {.end = take_compared, .context = tables};
	struct coffer_compare_summary summary;
	struct coffer_source *source;
	coffer_error error = {0};
	coffer_store *store;
	coffer_txn *txn;

	must(coffer_store_source_open(there, &transfer, &source, &error), &error);
	must(coffer_store_open(here, &store, &error), &error);
	must(coffer_txn_begin(store, &txn, &error), &error);
	must(coffer_compare(store, txn, source, &options, &summary, &error), &error);
	assert_int_equal(coffer_store_schema(store)->sequences[0].last_value,
			 source->schema->sequences[0].last_value);
	coffer_txn_end(txn);
	coffer_store_close(store);
	coffer_source_close(source);
}

static void
tell(void *context, const coffer_finding *finding)
{
	(void)context;
	print_message("%s %s: %s\n", finding->invariant, finding->place, finding->message);
}

static void
verify(void)
{
	const coffer_verify_options options = {.found = tell};
	coffer_verify_summary summary;
	coffer_error error = {0};

	must(coffer_verify(here, &options, &summary, &error), &error);
	assert_int_equal(summary.findings, 0);
}

/* ------------------------------------------------------------------ random changes */

static void
draw_content(struct content *content)
{
	int aliases[ROWS_MAX];

	content->team_count = draw(ROWS_MAX);
	content->note_count = draw(ROWS_MAX);
	content->log_count = draw(ROWS_MAX);
	content->sequence = 1 + draw(1000);
	for (int i = 0; i < ROWS_MAX; i++)
		aliases[i] = i + 1;
	for (int i = 0; i < content->team_count; i++) {
		int other = i + draw(ROWS_MAX - i), swap = aliases[other];

		aliases[other] = aliases[i];
		aliases[i] = swap;
		content->teams[i].id = i * 2 + draw(2);
		content->teams[i].alias = draw(5) ? swap : 0;
		content->teams[i].spend = draw(3);
	}
	for (int i = 0; i < content->note_count; i++)
		content->notes[i] = draw(10);
	for (int i = 0; i < content->log_count; i++) {
		content->logs[i].id = i * 2 + draw(2);
		content->logs[i].at = draw(100);
		content->logs[i].text = draw(2);
	}
}

/* With a window beyond all times a log has in the end all rows of both sides, the source's where they have one key. */
static bool
check_update(uint64_t size_max)
{
	struct coffer_compared_table tables[TABLES];
	struct coffer_update_summary summary;
	struct content ours, theirs;
	coffer_error error = {0};
	bool is_copied;

	draw_content(&ours);
	draw_content(&theirs);
	make_store(here, prisma, &ours);
	make_store(there, prisma, &theirs);
	must(update(1000, size_max, &summary, &error), &error);
	assert_int_equal(opened, summary.is_copied ? 2 : 1);
	verify();
	compare(tables);
	for (int i = 0; i < TABLES; i++) {
		assert_int_equal(tables[i].changed, 0);
		assert_int_equal(tables[i].only_right, 0);
		assert_int_equal(tables[i].only_left > 0 && i != LOG, 0);
		assert_int_equal(told[i].added + told[i].changed + told[i].same, tables[i].same);
	}
	assert_int_equal(told[TEAM].gone,
			 ours.team_count - (int)(told[TEAM].same + told[TEAM].changed));
	assert_int_equal(told[LOG].gone, 0);
	is_copied = summary.is_copied;
	must(update(1000, size_max, &summary, &error), &error);
	assert_int_equal(summary.added + summary.changed + summary.gone, 0);
	assert_false(summary.is_copied);
	return is_copied;
}

#define COPY ".here.coffer.update"

static void
must_be_no_copy(void)
{
	struct stat facts;

	assert_int_equal(lstat(COPY, &facts), -1);
	assert_int_equal(access(COPY "-lock", F_OK), -1);
}

static void
changes_are_made_in_place(void **state)
{
	(void)state;
	for (int round = 0; round < ROUNDS; round++)
		assert_false(check_update(0));
}

static void
large_changes_are_made_in_a_copy(void **state)
{
	FILE *another = fopen("here.update", "w");
	int copied = 0;

	(void)state;
	assert_non_null(another);
	assert_int_equal(fclose(another), 0);
	assert_int_equal(symlink("here.update", COPY), 0); /* as somebody may have left it */
	for (int round = 0; round < ROUNDS; round++)
		copied += check_update(1 + (uint64_t)draw(4000));
	assert_in_range(copied, ROUNDS / 2, ROUNDS);
	must_be_no_copy();
	assert_int_equal(unlink("here.update"), 0);
}

/* ------------------------------------------------------------------ one thing at a time */

static const struct content few = {
	.teams = {{1, 1, 1}, {2, 2, 2}},
	.team_count = 2,
	.logs = {{1, 1000, 1}, {2, 2000, 1}, {3, 3000, 1}},
	.log_count = 3,
	.sequence = 3,
};

static void
logs_come_from_the_last_time_less_the_window(void **state)
{
	struct coffer_update_summary summary;
	struct content newer = few;
	coffer_error error = {0};

	(void)state;
	make_store(here, prisma, &few);
	newer.logs[0].id = 10;   /* older than the window: not looked at */
	newer.logs[1].at = 2401; /* late, in the window */
	newer.logs[1].id = 11;
	newer.logs[3].id = 12;
	newer.logs[3].at = 5000;
	newer.log_count = 4;
	make_store(there, prisma, &newer);
	must(update(600, 0, &summary, &error), &error);
	assert_true(told[LOG].is_log && told[LOG].has_since);
	assert_int_equal(told[LOG].since, 2400 * INT64_C(1000000));
	assert_int_equal(told[LOG].early, 1);
	assert_int_equal(told[TEAM].early, 0);
	assert_int_equal(told[LOG].added, 2);
	assert_int_equal(told[LOG].same, 1);
	assert_int_equal(told[LOG].changed + told[LOG].gone, 0);
	assert_false(told[TEAM].is_log || told[TEAM].has_since);
	assert_int_equal(told[TEAM].same, 2);
}

static void
an_empty_log_takes_all(void **state)
{
	struct coffer_update_summary summary;
	struct content none = few;
	coffer_error error = {0};

	(void)state;
	none.log_count = 0;
	make_store(here, prisma, &none);
	make_store(there, prisma, &few);
	must(update(0, 0, &summary, &error), &error);
	assert_false(told[LOG].has_since);
	assert_int_equal(told[LOG].added, 3);
	verify();
}

static void
each_update_is_a_step(void **state)
{
	struct coffer_update_summary summary;
	const coffer_step *steps;
	coffer_error error = {0};
	coffer_store *store;
	size_t count;

	(void)state;
	make_store(here, prisma, &few);
	make_store(there, prisma, &few);
	must(update(0, 0, &summary, &error), &error);
	must(update(0, 0, &summary, &error), &error);
	must(coffer_store_open(here, &store, &error), &error);
	steps = coffer_store_provenance(store, &count);
	assert_int_equal(count, 3);
	assert_string_equal(steps[1].facts[0].name, "step");
	assert_string_equal(steps[2].facts[0].value, "update");
	coffer_store_close(store);
}

static void
another_schema_is_refused_by_name(void **state)
{
	static const char other[] = "model Team {\n  id Int @id @default(autoincrement())\n}\n";
	const coffer_load_options options = {.is_forced = true};
	struct coffer_update_summary summary;
	coffer_schema *schema = parse(other);
	coffer_error error = {0};
	struct stat before, after;

	(void)state;
	make_store(here, prisma, &few);
	must(coffer_store_create(there, schema, &options, &error), &error);
	coffer_schema_free(schema);
	assert_int_equal(stat(here, &before), 0);
	assert_int_equal(update(0, 0, &summary, &error), COFFER_INVALID);
	assert_non_null(strstr(error.message, "the source's schema is another than the store's: "));
	assert_non_null(strstr(error.message, "migrate"));
	assert_int_equal(stat(here, &after), 0);
	assert_int_equal(before.st_size, after.st_size);
	verify();
}

static const char tied[] = "model Team {\n"
			   "  id    Int     @id\n"
			   "  alias String? @unique\n"
			   "  spend Float\n"
			   "  data  String?\n"
			   "  logs  Log[]\n"
			   "}\n"
			   "\n"
			   "model Note {\n"
			   "  number Int?\n"
			   "  text   String?\n"
			   "  log    Log?   @relation(fields: [number], references: [id])\n"
			   "}\n"
			   "\n"
			   "model Log {\n"
			   "  id    Int      @id @default(autoincrement())\n"
			   "  at    DateTime /// @coffer.time\n"
			   "  text  String?\n"
			   "  team  Team     @relation(fields: [id], references: [id], onDelete: Cascade)\n"
			   "  notes Note[]\n"
			   "\n"
			   "  @@index([at])\n"
			   "}\n";

static void
must_lead_nowhere(int window_seconds, uint64_t size_max, const char *place, const char *message)
{
	struct coffer_update_summary summary;
	coffer_error error = {0};

	assert_int_equal(update(window_seconds, size_max, &summary, &error), COFFER_CONFLICT);
	assert_string_equal(error.place, place);
	if (!strstr(error.message, message))
		fail_msg("%s", error.message);
	verify();
}

/* With its team the source's log went; the store's stays. */
static void
a_log_does_not_outlive_what_it_refers_to(void **state)
{
	static const struct content before = {
		.teams = {{1, 1, 1}, {2, 2, 2}},
		.team_count = 2,
		.logs = {{1, 1, 1}, {2, 1000, 2}},
		.log_count = 2,
		.sequence = 1,
	};
	struct coffer_update_summary summary;
	struct content after = {
		.teams = {{2, 2, 3}},
		.team_count = 1,
		.logs = {{2, 1000, 2}, {3, 2000, 3}},
		.log_count = 1,
		.sequence = 1,
	};
	coffer_error error = {0};

	(void)state;
	make_store(here, tied, &before);
	make_store(there, tied, &after);
	must_lead_nowhere(10, 0, "Log[1]", "id = '1' refers to no row of Team");
	must_lead_nowhere(10, 1, "Log[1]", "id = '1' refers to no row of Team");
	must_be_no_copy();
	after.teams[1].id = 1;
	after.team_count = 2;
	make_store(there, tied, &after);
	must(update(10, 0, &summary, &error), &error);
	assert_int_equal(summary.changed, 2);
	verify();
}

/* A row that leads to one of the log that came late, beyond the window. */
static void
nothing_leads_to_a_row_that_was_passed_over(void **state)
{
	static const struct content before = {
		.teams = {{1, 1, 1}, {2, 2, 2}},
		.team_count = 2,
		.logs = {{1, 1000, 1}},
		.log_count = 1,
		.sequence = 1,
	};
	struct coffer_update_summary summary;
	struct content after = before;
	coffer_error error = {0};

	(void)state;
	after.logs[1].id = 2;
	after.logs[1].at = 1;
	after.log_count = 2;
	after.notes[0] = 1;
	after.notes[1] = 2;
	after.note_count = 2;
	make_store(here, tied, &before);
	make_store(there, tied, &after);
	must_lead_nowhere(10, 0, "Note[2]", "number = '2' refers to no row of Log");
	must(update(10000, 0, &summary, &error), &error);
	assert_int_equal(summary.added, 3);
	verify();
}

/* Have the store open in another process until `release` is written to; returns the process. */
static pid_t
open_elsewhere(int *release)
{
	int opened_pipe[2], release_pipe[2];
	char byte = 'x';
	pid_t child;

	assert_int_equal(pipe(opened_pipe), 0);
	assert_int_equal(pipe(release_pipe), 0);
	child = fork();
	if (!child) {
		coffer_store *store;
		int failed = coffer_store_open(here, &store, NULL);

		failed |= write(opened_pipe[1], &byte, 1) != 1;
		close(release_pipe[1]);
		failed |= read(release_pipe[0], &byte, 1) != 1;
		coffer_store_close(store);
		_exit(failed);
	}
	assert_int_equal(read(opened_pipe[0], &byte, 1), 1);
	close(opened_pipe[0]);
	close(opened_pipe[1]);
	close(release_pipe[0]);
	*release = release_pipe[1];
	return child;
}

/* Readers are in the way of a copy that takes the store's place, and of nothing else. */
static void
a_copy_does_not_replace_what_is_open(void **state)
{
	struct coffer_update_summary summary;
	struct content newer = few;
	coffer_error error = {0};
	int release, status;
	pid_t child;

	(void)state;
	make_store(here, prisma, &few);
	newer.teams[0].spend = newer.teams[1].spend = 9;
	make_store(there, prisma, &newer);
	child = open_elsewhere(&release);
	assert_int_equal(update(0, 1, &summary, &error), COFFER_BUSY);
	must_be_no_copy();
	error = (coffer_error){0};
	must(update(0, 0, &summary, &error), &error);
	assert_int_equal(told[TEAM].changed, 2);
	assert_int_equal(write(release, "x", 1), 1);
	close(release);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	verify();
}

/* What others wrote since the copy was made is not lost. */
static void
a_copy_replaces_only_what_it_was_made_of(void **state)
{
	coffer_copy_options options = {.is_forced = true};
	coffer_store_facts facts;
	struct content newer = few;
	coffer_error error = {0};
	coffer_store *store;

	(void)state;
	make_store(here, prisma, &few);
	must(coffer_store_open(here, &store, &error), &error);
	coffer_store_describe(store, &facts);
	coffer_store_close(store);
	newer.teams[0].spend = 9;
	make_store(there, prisma, &newer);
	must(coffer_store_open(there, &store, &error), &error);
	options.transaction = facts.transaction + 1;
	assert_int_equal(coffer_store_copy(store, here, &options, &error), COFFER_BUSY);
	assert_non_null(strstr(error.message, "written to it meanwhile"));
	error = (coffer_error){0};
	options.transaction = facts.transaction;
	must(coffer_store_copy(store, here, &options, &error), &error);
	coffer_store_close(store);
}

/* Somebody puts another store of as many transactions there, when the copy is nearly done. */
static bool
exchange(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	(void)context;
	(void)rows;
	(void)bytes;
	if (!strcmp(what, "sync"))
		assert_int_equal(rename("another", here), 0);
	return true;
}

static void
a_copy_does_not_replace_another_file(void **state)
{
	coffer_copy_options options = {.is_forced = true, .progress = exchange};
	coffer_store_facts facts;
	coffer_error error = {0};
	coffer_store *store;

	(void)state;
	make_store(here, prisma, &few);
	make_store("another", prisma, &few);
	make_store(there, prisma, &few);
	must(coffer_store_open(here, &store, &error), &error);
	coffer_store_describe(store, &facts);
	coffer_store_close(store);
	must(coffer_store_open(there, &store, &error), &error);
	options.transaction = facts.transaction;
	assert_int_equal(coffer_store_copy(store, here, &options, &error), COFFER_BUSY);
	assert_non_null(strstr(error.message, "replaced it meanwhile"));
	coffer_store_close(store);
}

static int
make_folder(void **state)
{
	const char *parent = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/update.XXXXXX", parent ? parent : "/tmp");
	snprintf(here, sizeof(here), "here");
	snprintf(there, sizeof(there), "there");
	return mkdtemp(folder) ? chdir(folder) : -1;
}

static int
remove_folder(void **state)
{
	static const char *const names[] = {"here", "here-lock", "there", "there-lock"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unlink(names[i]);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_are_made_in_place),
		cmocka_unit_test(large_changes_are_made_in_a_copy),
		cmocka_unit_test(logs_come_from_the_last_time_less_the_window),
		cmocka_unit_test(an_empty_log_takes_all),
		cmocka_unit_test(each_update_is_a_step),
		cmocka_unit_test(another_schema_is_refused_by_name),
		cmocka_unit_test(a_log_does_not_outlive_what_it_refers_to),
		cmocka_unit_test(nothing_leads_to_a_row_that_was_passed_over),
		cmocka_unit_test(a_copy_does_not_replace_what_is_open),
		cmocka_unit_test(a_copy_replaces_only_what_it_was_made_of),
		cmocka_unit_test(a_copy_does_not_replace_another_file),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
