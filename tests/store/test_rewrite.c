/*
 * Stores written anew in their place: what compact keeps and what it drops, what prune takes and what it refuses, and that
 * nothing happens to a store that somebody else uses.
 */
#include "format/feature.h"
#include "store/load.h"
#include "tests/support/small.h"
#include "tests/support/whole.h"
#include "tests/support/writing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

static coffer_rewrite_summary summary;
static uint64_t pruned;

static void
close_store(void)
{
	coffer_txn_end(writing.txn);
	coffer_store_close(writing.store);
	writing.txn = NULL;
	writing.store = NULL;
}

static coffer_store *
open_to_read(void)
{
	coffer_store *store;

	must(coffer_store_open(writing.path, &store, &writing.error));
	return store;
}

static coffer_status
compact_to(const char *path)
{
	const coffer_rewrite_options options = {.path = path};

	return coffer_store_compact(open_to_read(), &options, &summary, &writing.error);
}

static void
must_compact(void)
{
	uint8_t before[COFFER_DIGEST_SIZE], after[COFFER_DIGEST_SIZE];

	must_digest(writing.path, before);
	must(compact_to(NULL));
	must_digest(writing.path, after);
	assert_memory_equal(before, after, sizeof(before));
	must_be_whole_at(writing.path);
}

/* Is the text somewhere in the file, whatever its pages are? */
static bool
has_bytes(const char *text)
{
	FILE *file = fopen(writing.path, "rb");
	struct stat facts;
	char *bytes;
	bool has;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &facts), 0);
	bytes = malloc((size_t)facts.st_size);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)facts.st_size, file), facts.st_size);
	has = memmem(bytes, (size_t)facts.st_size, text, strlen(text)) != NULL;
	free(bytes);
	fclose(file);
	return has;
}

/* The value of a fact of the last step, or NULL. */
static const char *
last_fact(const char *name)
{
	static char value[256];
	coffer_store *store = open_to_read();
	size_t count;
	const coffer_step *steps = coffer_store_provenance(store, &count);
	bool is_found = false;

	for (size_t i = 0; count && i < steps[count - 1].fact_count; i++) {
		if (strcmp(steps[count - 1].facts[i].name, name) != 0)
			continue;
		(void)snprintf(value, sizeof(value), "%s", steps[count - 1].facts[i].value);
		is_found = true;
	}
	coffer_store_close(store);
	return is_found ? value : NULL;
}

/* ------------------------------------------------------------------ compact */

static const struct pair another_key[] = {
	{"token", {.kind = COFFER_TEXT, .text = {"a token that goes again", 23}}},
	{"alias", {.kind = COFFER_TEXT, .text = {"again", 5}}},
	{"at", {.kind = COFFER_TIME, .time = 1234567890}},
	{"small", {.kind = COFFER_INT, .integer = 7}},
	{"ratio", {.kind = COFFER_FLOAT, .real = 0.5}},
	{"color", {.kind = COFFER_OTHER, .text = {"red", 3}}},
	{"note", {.kind = COFFER_TEXT, .text = {"a note that goes again", 22}}},
	{NULL, {.kind = COFFER_NULL}},
};

static void
small_opened(void)
{
	small_store(writing.path);
	begin();
}

static void
rows_keep_their_numbers_and_none_is_given_again(void **state)
{
	const coffer_value third = text("00000000000000000000000000000003");

	(void)state;
	small_opened();
	must(insert("Key", another_key));
	must(delete_row("Key", text("00000000000000000000000000000002")));
	must(delete_row("Key", text("a token that goes again")));
	commit();
	close_store();
	must_compact();
	assert_int_equal(summary.rows, SMALL_TEAMS + SMALL_KEYS - 1);
	begin();
	assert_int_equal(number_of("Key", third), 3);
	must(insert("Key", another_key));
	assert_int_equal(number_of("Key", text("a token that goes again")), SMALL_KEYS + 2);
	close_store();
	must_compact(); /* and again, with the number only the entry knows */
	begin();
	must(insert("Key", another_key));
	assert_int_equal(number_of("Key", text("a token that goes again")), SMALL_KEYS + 2);
	close_store();
}

static void
what_was_deleted_is_not_in_the_file(void **state)
{
	(void)state;
	small_opened();
	must(insert("Key", another_key));
	must(insert("Team", PAIRS({"id", text("a team that goes again")}, {"spend", real(1)})));
	commit();
	must(delete_row("Key", text("a token that goes again")));
	must(delete_row("Team", text("a team that goes again")));
	commit();
	close_store();
	assert_true(has_bytes("a note that goes again"));
	assert_true(has_bytes("a team that goes again"));
	must_compact();
	assert_false(has_bytes("a note that goes again"));
	assert_false(has_bytes("a team that goes again"));
	assert_string_equal(last_fact("step"), "compact");
}

static void
sequences_and_seed_stay(void **state)
{
	coffer_store_facts before, after;
	coffer_store *store;

	(void)state;
	small_opened();
	must(insert("Key", another_key));
	commit();
	coffer_store_describe(writing.store, &before);
	close_store();
	must_compact();
	store = open_to_read();
	coffer_store_describe(store, &after);
	assert_int_equal(before.seed, after.seed);
	assert_int_equal(coffer_store_schema(store)->sequences[0].last_value, 1);
	assert_true(coffer_store_schema(store)->sequences[0].is_called);
	coffer_store_close(store);
}

static void
owner_and_mode_stay(void **state)
{
	struct stat facts;

	(void)state;
	small_store(writing.path);
	assert_int_equal(chmod(writing.path, 0640), 0);
	if (!geteuid())
		assert_int_equal(chown(writing.path, 1234, 5678), 0);
	must_compact();
	assert_int_equal(stat(writing.path, &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0640);
	if (!geteuid())
		assert_true(facts.st_uid == 1234 && facts.st_gid == 5678);
}

#define LIST "system.posix_acl_access"

/* user::rw- user:1234:r-- group::--- mask::r-- other::---, as the kernel has it: what the mode shows of it is 640. */
static const uint8_t access_list[] = {
	2, 0, 0, 0,                              /* version */
	1, 0, 6, 0, 0xff, 0xff, 0xff, 0xff,      /* owner */
	2, 0, 4, 0, 0xd2, 4, 0, 0,               /* a user */
	4, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,      /* group */
	0x10, 0, 4, 0, 0xff, 0xff, 0xff, 0xff,   /* mask */
	0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,   /* others */
};

static void
who_is_on_an_access_list_stays_on_it_and_the_group_gets_nothing(void **state)
{
	uint8_t now[sizeof(access_list) + 1];

	(void)state;
	small_store(writing.path);
	if (setxattr(writing.path, LIST, access_list, sizeof(access_list), 0) && errno == ENOTSUP)
		skip();
	must_compact();
	assert_int_equal(getxattr(writing.path, LIST, now, sizeof(now)), sizeof(access_list));
	assert_memory_equal(now, access_list, sizeof(access_list));
}

static void
a_default_list_of_the_folder_gives_nobody_more(void **state)
{
	struct stat facts;
	uint8_t now[1];
	char parent[64];

	(void)state;
	small_store(writing.path);
	assert_int_equal(chmod(writing.path, 0640), 0);
	(void)snprintf(parent, sizeof(parent), "%s", writing.path);
	*strrchr(parent, '/') = '\0';
	if (setxattr(parent, "system.posix_acl_default", access_list, sizeof(access_list), 0) && errno == ENOTSUP)
		skip();
	must_compact();
	assert_int_equal(removexattr(parent, "system.posix_acl_default"), 0);
	assert_int_equal(stat(writing.path, &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0640);
	assert_int_equal(getxattr(writing.path, LIST, now, sizeof(now)), -1);
	assert_int_equal(errno, ENODATA);
}

/* Is told of anything written. */
static bool
note_writing(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	(void)what;
	(void)rows;
	(void)bytes;
	*(bool *)context = true;
	return true;
}

/* As somebody who may write the file, but not give one away. */
static void
compact_as_another(void)
{
	bool is_written = false;
	const coffer_rewrite_options options = {
		.progress = note_writing,
		.progress_context = &is_written,
	};
	coffer_status status;

	if (setgid(4321) || setuid(4321))
		_exit(1);
	status = coffer_store_compact(open_to_read(), &options, &summary, &writing.error);
	_exit(status != COFFER_IO || !strstr(writing.error.message, "the owner and mode") || is_written);
}

static void
who_may_not_keep_the_owner_hears_of_it_before_the_rows_are_written(void **state)
{
	int exit_status;
	pid_t child;

	(void)state;
	if (geteuid())
		skip();
	small_store(writing.path);
	assert_int_equal(chmod(writing.path, 0666) | chmod(writing.folder, 0777), 0);
	child = fork();
	if (!child)
		compact_as_another();
	assert_int_equal(waitpid(child, &exit_status, 0), child);
	assert_int_equal(chmod(writing.folder, 0700), 0);
	assert_int_equal(exit_status, 0);
	must_be_whole_at(writing.path);
}

static void
a_new_place_leaves_the_old_store(void **state)
{
	uint8_t before[COFFER_DIGEST_SIZE], after[COFFER_DIGEST_SIZE];
	struct stat old, now;
	char path[80];

	(void)state;
	small_store(writing.path);
	(void)snprintf(path, sizeof(path), "%s.new", writing.path);
	must_digest(writing.path, before);
	assert_int_equal(stat(writing.path, &old), 0);
	must(compact_to(path));
	assert_int_equal(stat(writing.path, &now), 0);
	assert_true(old.st_ino == now.st_ino && old.st_size == now.st_size);
	must_digest(path, after);
	assert_memory_equal(before, after, sizeof(before));
	must_refuse(compact_to(path), COFFER_EXISTS, path, "exists already");
	assert_int_equal(unlink(path), 0);
}

/* ------------------------------------------------------------------ columns judged anew */

static const char log_prisma[] = "model Log {\n"
				 "  id Int @id\n  at DateTime? /// @coffer.time\n"
				 "  word String\n  prompt Json @default(\"{}\")\n"
				 "  answer String?\n  must String\n  @@index([at])\n}\n";

enum { LOG_ROWS = 2000 };

static void
begin_log(void)
{
	begin_with(log_prisma, NULL);
}

static void
put_log(int64_t id, coffer_value at, const char *word)
{
	char prompt[64], answer[64];
	int size = snprintf(prompt, sizeof(prompt), "{\"prompt\": %" PRId64 "}", id);

	(void)snprintf(answer, sizeof(answer), "answer number %" PRId64, id);
	must(insert("Log", PAIRS({"id", integer(id)}, {"at", at}, {"word", text(word)},
				 {"prompt", ((coffer_value){.kind = COFFER_JSON,
							    .text = {prompt, (size_t)size}})},
				 {"answer", text(answer)}, {"must", text("m")})));
}

static coffer_value
at(int64_t time)
{
	return (coffer_value){.kind = COFFER_TIME, .time = time};
}

static bool
is_interned(const char *column)
{
	coffer_store *store = open_to_read();
	const coffer_table *table = &coffer_store_schema(store)->tables[0];
	bool is = table->columns[coffer_table_find_column(table, column)].is_interned;

	coffer_store_close(store);
	return is;
}

static void
set_word(int id, const char *word, const char *list)
{
	must(update("Log", integer(id),
		    PAIRS({"word", text(word)},
			  {"prompt", ((coffer_value){.kind = COFFER_JSON,
						     .text = {list, strlen(list)}})})));
}

static void
columns_are_judged_anew(void **state)
{
	char word[32], list[32];

	(void)state;
	begin_log();
	for (int i = 1; i <= LOG_ROWS; i++)
		put_log(i, at(i * INT64_C(1000000)), "a word");
	for (int i = 1; i <= LOG_ROWS; i++)
		set_word(i, "the same word", "[\"the same list\"]");
	commit();
	close_store();
	assert_false(is_interned("word"));
	assert_false(is_interned("prompt"));
	must_compact();
	assert_true(is_interned("word"));
	assert_true(is_interned("prompt"));
	assert_false(is_interned("answer"));
	begin();
	for (int i = 1; i <= LOG_ROWS; i++) {
		(void)snprintf(word, sizeof(word), "word %d", i);
		(void)snprintf(list, sizeof(list), "[\"list %d\"]", i);
		set_word(i, word, list);
	}
	commit();
	close_store();
	must_compact();
	assert_false(is_interned("word"));
	assert_false(is_interned("prompt"));
	assert_false(has_bytes("the same list"));
	assert_false(has_bytes("the same word"));
}

static void
forget_known(coffer_schema *schema)
{
	for (size_t i = 0; i < schema->table_count; i++) {
		schema->tables[i].rollup_count = 0;
		schema->tables[i].time_column = COFFER_NO_COLUMN;
	}
}

/* A gateway as it would be made by an older coffer, which knew less of it; with some logs of one day. */
static void
old_gateway(void)
{
	coffer_load_options options = {.is_forced = true};
	coffer_schema *schema;
	char id[16];

	must(coffer_schema_builtin(&schema, &writing.error));
	forget_known(schema);
	must(coffer_store_create(writing.path, schema, &options, &writing.error));
	coffer_schema_free(schema);
	begin();
	for (int i = 0; i < 100; i++) {
		(void)snprintf(id, sizeof(id), "r%d", i);
		must(insert("LiteLLM_SpendLogs",
			    PAIRS({"request_id", text(id)}, {"call_type", text("c")},
				  {"spend", real(0.25)}, {"startTime", at(i * INT64_C(1000000))},
				  {"endTime", at(0)}, {"model", text(i % 2 ? "m" : "n")})));
	}
	commit();
	close_store();
}

static size_t
rollup_count(void)
{
	coffer_store *store = open_to_read();
	const coffer_schema *schema = coffer_store_schema(store);
	uint32_t table = coffer_schema_find_table(schema, "LiteLLM_SpendLogs");
	size_t count = schema->tables[table].rollup_count;

	coffer_store_close(store);
	return count;
}

/* Of its first group the rows, by model. */
static uint64_t
first_group(void)
{
	const coffer_rollup_scan all = {.from = NULL};
	coffer_store *store = open_to_read();
	const coffer_schema *schema = coffer_store_schema(store);
	uint32_t table = coffer_schema_find_table(schema, "LiteLLM_SpendLogs");
	const coffer_rollup_group *group;
	coffer_rollup_cursor *cursor;
	coffer_txn *txn;
	uint64_t rows;

	must(coffer_txn_begin(store, &txn, &writing.error));
	must(coffer_rollup_open(txn, table,
				coffer_table_find_rollup(&schema->tables[table], "day_model"),
				&cursor, &writing.error));
	must(coffer_rollup_seek(cursor, &all, &writing.error));
	must(coffer_rollup_next(cursor, &group, &writing.error));
	rows = group->rows;
	coffer_rollup_close(cursor);
	coffer_txn_end(txn);
	coffer_store_close(store);
	return rows;
}

static void
an_older_store_becomes_a_new_one(void **state)
{
	const coffer_prune_options options = {.before = 50 * INT64_C(1000000)};
	size_t count;

	(void)state;
	old_gateway();
	assert_int_equal(rollup_count(), 0);
	must_compact();
	count = rollup_count();
	assert_true(count > 1);
	assert_int_equal(first_group(), 50);
	must_compact(); /* nothing comes twice */
	assert_int_equal(rollup_count(), count);
	/* Its logs have a time now, that prune goes by; and what prune writes has all of it too. */
	must(coffer_store_prune(open_to_read(), &options, &pruned, &summary, &writing.error));
	assert_int_equal(pruned, 50);
	assert_int_equal(rollup_count(), count);
	assert_int_equal(first_group(), 25);
	must_be_whole_at(writing.path);
	begin();
	must(insert("LiteLLM_SpendLogs",
		    PAIRS({"request_id", text("later")}, {"call_type", text("c")},
			  {"startTime", at(60 * INT64_C(1000000))}, {"endTime", at(0)},
			  {"model", text("n")})));
	commit();
	close_store();
	assert_int_equal(first_group(), 26);
	must_be_whole_at(writing.path);
}

/* Too few rows to say anything, and a mark that the schema demands. */
static void
marks_that_rows_say_nothing_of_stay(void **state)
{
	(void)state;
	begin_with("model Log {\n  id Int @id\n  word String /// @coffer.interned\n}\n", NULL);
	must(insert("Log", PAIRS({"id", integer(1)}, {"word", text("one")})));
	commit();
	close_store();
	must_compact();
	assert_true(is_interned("word"));
}

static uint32_t
features_of(void)
{
	coffer_store *store = open_to_read();
	uint32_t features = store->features;

	coffer_store_close(store);
	return features;
}

static void
an_old_store_comes_to_have_the_features_of_a_new_one(void **state)
{
	static const char prisma[] = "model Id {\n  id String @id\n}\n";
	const coffer_value id = text("chatcmpl-0f0e0d0c-0b0a-0908-0706-050403020100");
	coffer_load_options options = {.is_forced = true};
	coffer_schema *schema;
	coffer_load *load;

	(void)state;
	must(coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1}, "ids.prisma",
					&schema, &writing.error));
	must(coffer_load_begin(writing.path, schema, &options, &load, &writing.error));
	load->features = load->reader.features = COFFER_FEATURES_NONE;
	must(coffer_load_table(load, 0, &writing.error));
	must(coffer_load_row(load, &id, &writing.error));
	must(coffer_load_finish(load, &writing.error));
	coffer_schema_free(schema);
	assert_int_equal(features_of(), COFFER_FEATURES_NONE);
	must_compact();
	assert_int_equal(features_of(), COFFER_FEATURES_NEW);
	begin();
	assert_true(is_there("Id", id));
	close_store();
}

/* ------------------------------------------------------------------ somebody else */

static void
must_refuse_compact(coffer_status wanted, const char *words)
{
	struct stat before, after;

	assert_int_equal(stat(writing.path, &before), 0);
	must_refuse(compact_to(NULL), wanted, "", words);
	assert_int_equal(stat(writing.path, &after), 0);
	assert_true(before.st_ino == after.st_ino);
}

static void
a_store_that_is_open_elsewhere_is_left_alone(void **state)
{
	coffer_store *other;

	(void)state;
	small_store(writing.path);
	other = open_to_read();
	must_refuse_compact(COFFER_BUSY, "this process has the store open elsewhere");
	coffer_store_close(other);
	must_compact();
}

struct meddling {
	bool is_done;
	coffer_store *store;
};

/* Somebody who opens the store while it is written anew, and stays. */
static bool
open_it(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	struct meddling *meddling = context;

	(void)what;
	(void)rows;
	(void)bytes;
	if (!meddling->store)
		meddling->store = open_to_read();
	return true;
}

static void
who_comes_meanwhile_and_stays_is_not_replaced_under(void **state)
{
	struct meddling meddling = {.is_done = false};
	const coffer_rewrite_options options = {.progress = open_it, .progress_context = &meddling};

	(void)state;
	small_store(writing.path);
	must_refuse(coffer_store_compact(open_to_read(), &options, &summary, &writing.error),
		    COFFER_BUSY, "", "this process has the store open");
	coffer_store_close(meddling.store);
	must_be_whole_at(writing.path);
}

static void
a_write_since_the_store_was_opened_is_not_lost(void **state)
{
	const coffer_rewrite_options options = {.is_forced = false};
	coffer_store *store;

	(void)state;
	small_opened();
	must(coffer_store_open_to_write(writing.path, &store, &writing.error));
	must(insert("Key", another_key));
	commit();
	close_store();
	must_refuse(coffer_store_compact(store, &options, &summary, &writing.error), COFFER_BUSY,
		    "", "somebody writes to it");
	begin();
	assert_true(is_there("Key", text("a token that goes again")));
	close_store();
}

static void
a_store_in_memory_has_no_place(void **state)
{
	static char bytes[1 << 20];
	const coffer_rewrite_options options = {.is_forced = false};
	coffer_origin origin = {.memory = bytes};
	FILE *file;
	coffer_store *store;

	(void)state;
	small_store(writing.path);
	file = fopen(writing.path, "rb");
	assert_non_null(file);
	origin.size = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	must(coffer_store_open_origin(&origin, &store, &writing.error));
	must_refuse(coffer_store_compact(store, &options, &summary, &writing.error), COFFER_INVALID,
		    "", "no file of its own");
}

static void
a_full_provenance_is_kept_as_it_is(void **state)
{
	coffer_fact fact = {"step", "one of many"};
	const coffer_step step = {&fact, 1};
	coffer_store *store;
	size_t count;

	(void)state;
	small_opened();
	while (!coffer_txn_add_step(writing.txn, &step, &writing.error))
		;
	must_refuse(COFFER_LIMIT, COFFER_LIMIT, "", "steps of provenance");
	commit();
	close_store();
	must_compact();
	assert_true(summary.is_step_left_out);
	store = open_to_read();
	(void)coffer_store_provenance(store, &count);
	assert_int_equal(count, 4096);
	coffer_store_close(store);
}

/* ------------------------------------------------------------------ prune */

static uint64_t told;

static void
take_table(void *context, const char *name, uint64_t rows)
{
	(void)context;
	assert_string_equal(name, "Log");
	told += rows;
}

static coffer_status
prune(int64_t before, const char *const *columns, bool is_dry_run)
{
	const coffer_prune_options options = {
		.before = before,
		.columns = columns,
		.is_dry_run = is_dry_run,
		.table = take_table,
	};

	told = 0;
	return coffer_store_prune(open_to_read(), &options, &pruned, &summary, &writing.error);
}

static void
must_prune(int64_t before, const char *const *columns, uint64_t expected)
{
	must(prune(before, columns, true));
	assert_int_equal(pruned, expected);
	must(prune(before, columns, false));
	assert_int_equal(pruned, expected);
	assert_int_equal(told, expected);
	must_be_whole_at(writing.path);
}

/* Rows 1 to 6: -infinity, 1 s, 2 s, 3 s, NULL, infinity; two of them in the wrong order. */
static void
begin_times(void)
{
	begin_log();
	put_log(1, at(INT64_MIN), "a");
	put_log(4, at(3000000), "d");
	put_log(2, at(1000000), "b");
	put_log(3, at(2000000), "c");
	put_log(5, null, "e");
	put_log(6, at(INT64_MAX), "f");
	commit();
	close_store();
}

/* Asks to end where rows of the log are written anew, of which none was: the count has told of more than none. */
static bool
goes_on_until_written(void *context, const char *what, uint64_t rows, uint64_t bytes)
{
	(void)context;
	(void)bytes;
	return strcmp(what, "Log") != 0 || rows;
}

static void
a_prune_ends_where_it_is_asked_to(void **state)
{
	const coffer_prune_options options = {
		.before = INT64_MAX,
		.rewrite.progress = goes_on_until_written,
	};

	(void)state;
	begin_log();
	for (int i = 1; i <= 5000; i++)
		put_log(i, at(i), "word");
	commit();
	close_store();
	must_refuse(coffer_store_prune(open_to_read(), &options, &pruned, &summary, &writing.error),
		    COFFER_INTERRUPTED, "", "interrupted");
	must_be_whole_at(writing.path);
}

static void
must_have(const char *ids)
{
	char found[16];
	size_t size = 0;

	begin();
	for (int i = 1; i <= 6; i++)
		if (is_there("Log", integer(i)))
			found[size++] = (char)('0' + i);
	found[size] = '\0';
	close_store();
	assert_string_equal(found, ids);
}

static void
old_rows_go_and_no_others(void **state)
{
	struct stat before, after;

	(void)state;
	begin_times();
	assert_int_equal(stat(writing.path, &before), 0);
	must_prune(INT64_MIN, NULL, 0);
	must(prune(2000000, NULL, true));
	assert_int_equal(stat(writing.path, &after), 0);
	assert_true(before.st_ino == after.st_ino && before.st_size == after.st_size);
	assert_true(has_bytes("answer number 2"));
	must_prune(2000000, NULL, 2);
	must_have("3456");
	assert_false(has_bytes("answer number 1"));
	assert_false(has_bytes("answer number 2"));
	assert_true(has_bytes("answer number 3"));
	assert_string_equal(last_fact("step"), "prune");
	assert_string_equal(last_fact("before"), "2000-01-01 00:00:02+00");
	assert_string_equal(last_fact("removed/Log"), "2");
	must_prune(2000000, NULL, 0);
	must_prune(INT64_MAX, NULL, 2);
	must_have("56");
	begin();
	put_log(7, null, "g");
	assert_int_equal(number_of("Log", integer(7)), 7);
	commit();
	close_store();
}

static void
old_values_go_and_their_rows_stay(void **state)
{
	static const char *const columns[] = {"prompt", "answer", NULL};

	(void)state;
	begin_times();
	must_prune(2000000, columns, 2);
	must_have("123456");
	assert_false(has_bytes("answer number 2"));
	assert_false(has_bytes("\"prompt\": 2"));
	begin();
	assert_string_equal(show("Log", integer(2), "prompt"), "{}");
	assert_string_equal(show("Log", integer(2), "answer"), "NULL");
	assert_string_equal(show("Log", integer(2), "word"), "b");
	assert_string_equal(show("Log", integer(3), "answer"), "answer number 3");
	assert_int_equal(number_of("Log", integer(4)), 2);
	close_store();
	assert_string_equal(last_fact("columns"), "prompt, answer");
	assert_string_equal(last_fact("emptied/Log"), "2");
	must_prune(2000000, columns, 0);
	must_prune(3000000, columns, 1);
}

static void
refuse_column(const char *name, coffer_status wanted, const char *place, const char *words)
{
	const char *const columns[] = {name, NULL};

	must_refuse(prune(2000000, columns, true), wanted, place, words);
}

static void
columns_that_cannot_be_emptied_are_refused(void **state)
{
	(void)state;
	begin_times();
	refuse_column("must", COFFER_INVALID, "Log.must", "NOT NULL and has no default");
	refuse_column("id", COFFER_INVALID, "Log.id", "of the primary key");
	refuse_column("at", COFFER_INVALID, "Log.at", "the time of the rows");
	refuse_column("none", COFFER_NOT_FOUND, "none", "no log has such a column");
}

static void
defaults_that_only_a_server_makes_are_refused(void **state)
{
	(void)state;
	begin_with("model Log {\n  id Int @id\n  at DateTime /// @coffer.time\n"
		   "  count Int @default(autoincrement())\n"
		   "  odd String @default(dbgenerated(\"version()\"))\n}\n",
		   NULL);
	close_store();
	refuse_column("count", COFFER_INVALID, "Log.count", "a number of a sequence");
	refuse_column("odd", COFFER_INVALID, "Log.odd", "only a server");
}

static void
tables_that_are_no_logs_are_refused(void **state)
{
	static const char *const key[] = {"Key", NULL}, *const team[] = {"Team", NULL},
				 *const none[] = {"None", NULL};
	coffer_prune_options options = {.before = 0, .tables = team};

	(void)state;
	small_store(writing.path);
	must_refuse(coffer_store_prune(open_to_read(), &options, &pruned, &summary, &writing.error),
		    COFFER_INVALID, "Team", "it is no log");
	options.tables = none;
	must_refuse(coffer_store_prune(open_to_read(), &options, &pruned, &summary, &writing.error),
		    COFFER_NOT_FOUND, "None", "no such table");
	options.tables = key;
	options.before = INT64_MAX;
	must(coffer_store_prune(open_to_read(), &options, &pruned, &summary, &writing.error));
	assert_int_equal(pruned, SMALL_KEYS);
	begin_with("model Thing {\n  id Int @id\n}\n", NULL);
	close_store();
	options.tables = NULL;
	must_refuse(coffer_store_prune(open_to_read(), &options, &pruned, &summary, &writing.error),
		    COFFER_NOT_FOUND, "", "no table has a column that is marked");
}

static void
a_row_that_others_refer_to_is_not_taken(void **state)
{
	static const char prisma[] =
		"model Log {\n  id Int @id\n  at DateTime /// @coffer.time\n"
		"  next Int?\n  log Log? @relation(\"n\", fields: [next], references: [id])\n"
		"  back Log[] @relation(\"n\")\n  notes Note[]\n}\n"
		"model Note {\n  id Int @id\n  of Int?\n"
		"  log Log? @relation(fields: [of], references: [id], onDelete: Cascade)\n}\n";

	(void)state;
	begin_with(prisma, NULL);
	must(insert("Log", PAIRS({"id", integer(1)}, {"at", at(1000)})));
	must(insert("Log", PAIRS({"id", integer(2)}, {"at", at(2000)}, {"next", integer(1)})));
	must(insert("Log", PAIRS({"id", integer(3)}, {"at", at(3000)})));
	must(insert("Note", PAIRS({"id", integer(1)}, {"of", integer(3)})));
	must(insert("Note", PAIRS({"id", integer(2)})));
	commit();
	close_store();
	must_refuse(prune(2000, NULL, true), COFFER_CONFLICT, "Log[2]", "to a row of Log that would go");
	must_refuse(prune(4000, NULL, false), COFFER_CONFLICT, "Note[1]", "to a row of Log that would go");
	must_prune(3000, NULL, 2);
}

/* ------------------------------------------------------------------ */

static int
clear(void **state)
{
	(void)state;
	close_store();
	writing.error = (coffer_error){0};
	(void)unlink(writing.path);
	return 0;
}

#define ONE(name) cmocka_unit_test_teardown(name, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ONE(rows_keep_their_numbers_and_none_is_given_again),
		ONE(what_was_deleted_is_not_in_the_file),
		ONE(sequences_and_seed_stay),
		ONE(owner_and_mode_stay),
		ONE(who_is_on_an_access_list_stays_on_it_and_the_group_gets_nothing),
		ONE(a_default_list_of_the_folder_gives_nobody_more),
		ONE(who_may_not_keep_the_owner_hears_of_it_before_the_rows_are_written),
		ONE(a_new_place_leaves_the_old_store),
		ONE(columns_are_judged_anew),
		ONE(an_older_store_becomes_a_new_one),
		ONE(marks_that_rows_say_nothing_of_stay),
		ONE(an_old_store_comes_to_have_the_features_of_a_new_one),
		ONE(a_store_that_is_open_elsewhere_is_left_alone),
		ONE(who_comes_meanwhile_and_stays_is_not_replaced_under),
		ONE(a_write_since_the_store_was_opened_is_not_lost),
		ONE(a_store_in_memory_has_no_place),
		ONE(a_full_provenance_is_kept_as_it_is),
		ONE(old_rows_go_and_no_others),
		ONE(a_prune_ends_where_it_is_asked_to),
		ONE(old_values_go_and_their_rows_stay),
		ONE(columns_that_cannot_be_emptied_are_refused),
		ONE(defaults_that_only_a_server_makes_are_refused),
		ONE(tables_that_are_no_logs_are_refused),
		ONE(a_row_that_others_refer_to_is_not_taken),
	};

	return cmocka_run_group_tests_name("stores written anew in their place", tests, make_folder,
					   remove_folder);
}
