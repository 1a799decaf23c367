/*
 * Recovery where the store's own schema is lost and another one is given: what it takes for the rows to come back as they were,
 * what is refused, and what is said of the rest.
 */
#include "format/feature.h"
#include "store/load.h"
#include "tests/support/small.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAGE = 4096, CHECKSUM = 8, ALL_ROWS = SMALL_TEAMS + SMALL_KEYS };

static char folder[] = "/tmp/coffer-recover.XXXXXX";
static char whole[64], damaged[64], saved[64];
static uint8_t *bytes;
static size_t size;
static coffer_schema *own;
static coffer_error error;
static char told[8192];

static void
must(coffer_status status)
{
	if (status)
		fail_msg("%s: %s", error.place, error.message);
}

static void
note_lost(void *context, const char *place, const char *message)
{
	size_t used = strlen(told);

	(void)context;
	(void)snprintf(told + used, sizeof(told) - used, "%s: %s\n", place, message);
}

/* ------------------------------------------------------------------ the store */

static int
take(void **state)
{
	struct stat facts;
	coffer_store *store;
	FILE *file;

	(void)state;
	must(coffer_store_open(whole, &store, &error));
	must(coffer_schema_copy(coffer_store_schema(store), &own, &error));
	coffer_store_close(store);
	file = fopen(whole, "rb");
	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &facts), 0);
	bytes = malloc((size_t)facts.st_size);
	assert_non_null(bytes);
	size = fread(bytes, 1, (size_t)facts.st_size, file);
	(void)fclose(file);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	coffer_schema_free(own);
	free(bytes);
	return 0;
}

static int
setup(void **state)
{
	small_store(whole);
	return take(state);
}

/* ------------------------------------------------------------------ damage */

/* Where such bytes stand first. */
static size_t
find(const char *wanted, size_t wanted_size)
{
	for (size_t at = 0; at + wanted_size <= size; at++)
		if (!memcmp(bytes + at, wanted, wanted_size))
			return at;
	fail_msg("the store has no %s", wanted);
	return 0;
}

/* The payload of the entry `schema` begins so: a map whose first key is `name`. */
static size_t
find_schema(void)
{
	static const char begin[] = "\xa4name\xa6public\xa7"
				    "comment";

	return find(begin, sizeof(begin) - 1) - 1;
}

/* The page where the catalogue's entries have their keys. */
static size_t
find_catalogue(void)
{
	return find("sequence/", 9) / PAGE * PAGE;
}

static void
write_damaged(void)
{
	FILE *file = fopen(damaged, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static coffer_status
recover(const coffer_schema *schema, coffer_recover_summary *summary)
{
	const coffer_recover_options options = {
		.is_forced = true, .schema = schema, .lost = note_lost};

	told[0] = '\0';
	error = (coffer_error){0};
	write_damaged();
	return coffer_store_recover(damaged, saved, &options, summary, &error);
}

/* ------------------------------------------------------------------ what comes back */

static void
digest_of(const char *path, uint8_t digest[COFFER_DIGEST_SIZE])
{
	coffer_store *store;
	coffer_txn *txn;

	must(coffer_store_open(path, &store, &error));
	must(coffer_txn_begin(store, &txn, &error));
	must(coffer_store_digest(txn, digest, &error));
	coffer_txn_end(txn);
	coffer_store_close(store);
}

static void
must_be_as_it_was(void)
{
	uint8_t before[COFFER_DIGEST_SIZE], after[COFFER_DIGEST_SIZE];
	coffer_verify_summary summary;

	must(coffer_verify(saved, NULL, &summary, &error));
	assert_int_equal(summary.findings, 0);
	digest_of(whole, before);
	digest_of(saved, after);
	assert_memory_equal(before, after, sizeof(before));
}

static void
must_be_lost_without(const char *entry)
{
	coffer_recover_summary summary;

	assert_int_equal(recover(NULL, &summary), COFFER_CORRUPT);
	assert_true(summary.is_description_lost);
	assert_non_null(strstr(error.message, entry));
}

static void
a_damaged_entry_proves_the_schema(void **state)
{
	coffer_recover_summary summary;

	(void)state;
	bytes[find_schema() + 40] ^= 1;
	must_be_lost_without("schema");
	must(recover(own, &summary));
	assert_true(summary.is_schema_given && summary.is_schema_proven);
	assert_int_equal(summary.rows, ALL_ROWS);
	assert_non_null(strstr(told, "catalogue[schema]: it is lost"));
	must_be_as_it_was();
}

static void
a_document_is_the_schema_too(void **state)
{
	coffer_recover_summary summary;
	coffer_buffer json = {0};
	coffer_schema *schema;

	(void)state;
	must(coffer_schema_write_json(own, &json, &error));
	must(coffer_schema_parse_layout((coffer_text){json.data, json.size}, "own.json", &schema,
					&error));
	coffer_buffer_release(&json);
	bytes[find_schema() + 40] ^= 1;
	must(recover(schema, &summary));
	coffer_schema_free(schema);
	assert_true(summary.is_schema_proven);
	must_be_as_it_was();
}

static void
its_own_is_preferred(void **state)
{
	coffer_recover_summary summary;
	coffer_schema *empty;

	(void)state;
	must(coffer_schema_new(&empty, &error));
	must(coffer_schema_settle(empty, &error));
	must(recover(empty, &summary));
	coffer_schema_free(empty);
	assert_false(summary.is_schema_given || summary.is_description_lost);
	assert_string_equal(told, "");
	must_be_as_it_was();
}

static void
without_a_checksum_nothing_is_proven(void **state)
{
	coffer_recover_summary summary;

	(void)state;
	bytes[find_schema() - CHECKSUM] ^= 1;
	must_be_lost_without("schema");
	must(recover(own, &summary));
	assert_true(summary.is_schema_given);
	assert_false(summary.is_schema_proven);
	must_be_as_it_was();
}

static void
the_whole_catalogue_may_be_lost(void **state)
{
	coffer_recover_summary summary;

	(void)state;
	memset(bytes + find_catalogue(), 0, PAGE);
	must_be_lost_without("schema");
	own->sequences[0].last_value = 77;
	must(recover(own, &summary));
	assert_true(summary.is_schema_given);
	assert_false(summary.is_schema_proven);
	assert_non_null(strstr(told, "catalogue[format]: it is lost"));
	assert_non_null(strstr(told, "goes on as the given schema says"));
	must_be_as_it_was();
}

static void
the_format_alone_may_be_lost(void **state)
{
	coffer_recover_summary summary;

	(void)state;
	bytes[find("\x84\xa7version", 9)] ^= 1;
	must_be_lost_without("format");
	must(recover(own, &summary));
	assert_false(summary.is_schema_given);
	must_be_as_it_was();
}

/* Rows that only a store without features may have, since one with them would pack their ids. */
static void
make_old_store(void)
{
	static const char prisma[] = "model Log {\n  id String @id\n}\n";
	static const char id[] = "chatcmpl-6a0e4af5-ff52-4ac7-87a8-1f008d0c8e30";
	const coffer_load_options options = {.is_forced = true};
	const coffer_value value = {.kind = COFFER_TEXT, .text = {id, sizeof(id) - 1}};
	coffer_schema *schema;
	coffer_load *load;

	must(coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1}, "old", &schema,
					&error));
	must(coffer_load_begin(whole, schema, &options, &load, &error));
	load->features = load->reader.features = COFFER_FEATURES_NONE;
	must(coffer_load_table(load, 0, &error));
	must(coffer_load_row(load, &value, &error));
	must(coffer_load_finish(load, &error));
	coffer_schema_free(schema);
}

static void
features_that_are_lost_are_found_out(void **state)
{
	coffer_recover_summary summary;

	(void)teardown(state);
	make_old_store();
	(void)take(state);
	bytes[find("\x84\xa7version", 9)] ^= 1;
	must(recover(own, &summary));
	assert_int_equal(summary.rows, 1);
	must_be_as_it_was();
}

static size_t
count_saved_rollups(void)
{
	coffer_store *store;
	size_t count;

	must(coffer_store_open(saved, &store, &error));
	count = coffer_store_schema(store)->tables[SMALL_KEY].rollup_count;
	coffer_store_close(store);
	return count;
}

static void
rollups_that_are_given_are_made_anew(void **state)
{
	coffer_recover_summary summary;
	coffer_buffer json = {0};
	coffer_schema *schema;

	(void)teardown(state);
	small_store_with_rollups(whole);
	(void)take(state);
	memset(bytes + find_catalogue(), 0, PAGE);
	must(recover(own, &summary));
	must_be_as_it_was();
	assert_int_equal(count_saved_rollups(), 2);
	must(coffer_schema_write_json(own, &json, &error));
	must(coffer_schema_parse_layout((coffer_text){json.data, json.size}, "own.json", &schema,
					&error));
	coffer_buffer_release(&json);
	must(recover(schema, &summary));
	coffer_schema_free(schema);
	must_be_as_it_was();
	assert_int_equal(count_saved_rollups(), 2);
}

/* The store is known to have none. */
static void
rollups_are_not_given_to_who_had_none(void **state)
{
	coffer_schema *schema = small_schema_with_rollups();
	coffer_recover_summary summary;

	(void)state;
	bytes[find_schema() + 40] ^= 1;
	must(recover(schema, &summary));
	coffer_schema_free(schema);
	must_be_as_it_was();
	assert_int_equal(count_saved_rollups(), 0);
}

/* ------------------------------------------------------------------ other schemas */

/* The small one with one piece of its text exchanged for another of the same length. */
static coffer_schema *
changed(const char *from, const char *to)
{
	char *text = strdup(small_prisma), *at = strstr(text, from);
	coffer_schema *schema;

	assert_non_null(at);
	assert_int_equal(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
	must(coffer_schema_parse_prisma((coffer_text){text, strlen(text)}, "changed", &schema,
					&error));
	free(text);
	return schema;
}

static void
must_not_fit(const char *from, const char *to, const char *message)
{
	coffer_schema *schema = changed(from, to);
	coffer_recover_summary summary;

	assert_int_equal(recover(schema, &summary), COFFER_INVALID);
	coffer_schema_free(schema);
	assert_non_null(strstr(error.message, "another store's"));
	if (!strstr(error.message, message))
		fail_msg("%s, expected %s", error.message, message);
	assert_int_equal(access(saved, F_OK), -1);
}

static void
the_names_of_trees_show_another_stores(void **state)
{
	(void)state;
	bytes[find_schema() - CHECKSUM] ^= 1;
	(void)unlink(saved);
	must_not_fit("@@index([is_on])", "@@index([small])", "no tree index/Key/Key_small_idx");
	must_not_fit("String   @unique", "String          ", "there are");
}

/* Not a row of it has the form that this schema says. */
static void
rows_of_another_form_are_lost(void **state)
{
	coffer_schema *schema = changed("data     Bytes?", "data     Json? ");
	coffer_recover_summary summary;

	(void)state;
	bytes[find_schema() - CHECKSUM] ^= 1;
	must(recover(schema, &summary));
	coffer_schema_free(schema);
	assert_false(summary.is_schema_proven);
	assert_true(summary.rows < ALL_ROWS);
	assert_int_equal(summary.rows + summary.rows_lost, ALL_ROWS);
}

/* Cut before the names of trees, by a schema of which no row is: what stands at the new store's place stays. */
static void
without_a_row_nothing_is_replaced(void **state)
{
	static const char prisma[] = "model Thing {\n  id String @id\n  other Int\n  more Int\n}\n";
	coffer_recover_summary summary;
	coffer_schema *schema;
	struct stat before, after;

	(void)state;
	must(coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1}, "thing", &schema,
					&error));
	must(recover(NULL, &summary));
	assert_int_equal(stat(saved, &before), 0);
	size = 2 * (size_t)PAGE;
	assert_int_equal(recover(schema, &summary), COFFER_CORRUPT);
	coffer_schema_free(schema);
	assert_non_null(strstr(error.message, "no row could be recovered"));
	assert_int_equal(summary.rows, 0);
	assert_int_equal(stat(saved, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
}

static void
what_no_store_can_have_is_refused(void **state)
{
	coffer_recover_summary summary;

	(void)state;
	bytes[find_schema() - CHECKSUM] ^= 1;
	own->tables[1].id = own->tables[0].id;
	assert_int_equal(recover(own, &summary), COFFER_INVALID);
	assert_non_null(strstr(error.place, "the schema that is given"));
	own->tables[1].id++;
	own->tables[1].columns[0].position = own->tables[1].columns[1].position;
	assert_int_equal(recover(own, &summary), COFFER_INVALID);
}

/* ------------------------------------------------------------------ the group */

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(whole, sizeof(whole), "%s/whole", folder);
	(void)snprintf(damaged, sizeof(damaged), "%s/damaged", folder);
	(void)snprintf(saved, sizeof(saved), "%s/saved", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)unlink(whole);
	(void)unlink(damaged);
	(void)unlink(saved);
	return rmdir(folder);
}

int
main(void)
{
#define GIVEN(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		GIVEN(a_damaged_entry_proves_the_schema),
		GIVEN(a_document_is_the_schema_too),
		GIVEN(its_own_is_preferred),
		GIVEN(without_a_checksum_nothing_is_proven),
		GIVEN(the_whole_catalogue_may_be_lost),
		GIVEN(the_format_alone_may_be_lost),
		GIVEN(features_that_are_lost_are_found_out),
		GIVEN(rollups_that_are_given_are_made_anew),
		GIVEN(rollups_are_not_given_to_who_had_none),
		GIVEN(the_names_of_trees_show_another_stores),
		GIVEN(rows_of_another_form_are_lost),
		GIVEN(without_a_row_nothing_is_replaced),
		GIVEN(what_no_store_can_have_is_refused),
	};

	return cmocka_run_group_tests_name("schema", tests, make_folder, remove_folder);
}
