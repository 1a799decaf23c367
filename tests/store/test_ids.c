/*
 * Ids in a store with the feature packed-ids and in one without it: the same texts come back, by key too, before and after
 * a row is written anew, and verify finds every text in the form that its store demands. SPEC.md 4.7.
 */
#include "store/load.h"
#include "tests/support/writing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define UUID "6a0e4af5-ff52-4ac7-87a8-1f008d0c8e30"

static const char prisma[] = "model Log {\n"
			     "  id   String @id\n"
			     "  note String?\n"
			     "}\n";

static const char *const ids[] = {
	UUID,
	"chatcmpl-" UUID,
	"a" UUID,
	UUID UUID,
	UUID "_cache_hit1725148800.5",
	"6A0E4AF5-FF52-4AC7-87A8-1F008D0C8E30",
	"0123456789abcdef",
	"0123456789abcdef0",
	"key-0123456789abcdef",
	"key-0123456789abcdef0",
	"litellm.caching:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
	"chatcmpl-b9CGk7RjELaxk9260CcVlI9Eyp4Mf",
	"",
	"None",
};
enum { IDS = sizeof(ids) / sizeof(*ids), LONGEST = 255 };

/* A store whose features are these; the ids are its rows' keys and, the other way round, their notes. */
static void
make_store(uint32_t features)
{
	coffer_load_options options = {.is_forced = true, .has_seed = true};
	coffer_schema *schema;
	coffer_load *load;

	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "test.prisma",
					&schema, &writing.error));
	must(coffer_load_begin(writing.path, schema, &options, &load, &writing.error));
	load->features = load->reader.features = features;
	must(coffer_load_table(load, 0, &writing.error));
	for (size_t i = 0; i < IDS; i++) {
		const coffer_value values[] = {text(ids[i]), text(ids[IDS - 1 - i])};

		must(coffer_load_row(load, values, &writing.error));
	}
	must(coffer_load_finish(load, &writing.error));
	coffer_schema_free(schema);
	begin();
}

static int
setup_new(void **state)
{
	(void)state;
	make_store(COFFER_FEATURES_NEW);
	return 0;
}

static int
setup_old(void **state)
{
	(void)state;
	make_store(COFFER_FEATURES_NONE);
	return 0;
}

static void
check_ids(void)
{
	for (size_t i = 0; i < IDS; i++) {
		assert_string_equal(show("Log", text(ids[i]), "id"), ids[i]);
		assert_string_equal(show("Log", text(ids[i]), "note"), ids[IDS - 1 - i]);
	}
	assert_false(is_there("Log", text("chatcmpl-6a0e4af5-ff52-4ac7-87a8-1f008d0c8e31")));
	assert_false(is_there("Log", text("key-0123456789abcdee")));
}

/* What the bulk load wrote, and then the same written by statements. */
static void
ids_come_back(void **state)
{
	(void)state;
	check_ids();
	for (size_t i = 0; i < IDS; i++)
		must(update("Log", text(ids[i]), PAIRS({"note", null})));
	commit();
	for (size_t i = 0; i < IDS; i++)
		must(update("Log", text(ids[i]), PAIRS({"note", text(ids[IDS - 1 - i])})));
	commit();
	check_ids();
	for (size_t i = 0; i < IDS; i++) {
		must(delete_row("Log", text(ids[i])));
		must(insert("Log", PAIRS({"id", text(ids[i])}, {"note", text(ids[IDS - 1 - i])})));
	}
	must_refuse(insert("Log", PAIRS({"id", text("chatcmpl-" UUID)})), COFFER_CONFLICT, "Log",
		    "is taken");
	commit();
	check_ids();
}

/* Around the longest text that is packed, every length of the prefix. */
static void
prefixes_of_every_length(void **state)
{
	char prefixed[LONGEST + 2 + sizeof(UUID)], key[16];

	(void)state;
	memset(prefixed, 'x', sizeof(prefixed));
	memcpy(prefixed + LONGEST + 2, UUID, sizeof(UUID));
	for (size_t length = 0; length <= LONGEST + 1; length++) {
		(void)snprintf(key, sizeof(key), "row %zu", length);
		must(insert("Log",
			    PAIRS({"id", text(key)},
				  {"note", text(prefixed + LONGEST + 2 - length)})));
	}
	commit();
	for (size_t length = 0; length <= LONGEST + 1; length++) {
		(void)snprintf(key, sizeof(key), "row %zu", length);
		assert_string_equal(show("Log", text(key), "note"), prefixed + LONGEST + 2 - length);
	}
}

/* The same rows have one digest. A copy is what its store is; a migration and a recovery make a store of today. */
static void
copies_keep_their_form(void **state)
{
	coffer_copy_options copying = {0};
	coffer_migrate_options migrating = {0};
	uint8_t first[COFFER_DIGEST_SIZE], digest[COFFER_DIGEST_SIZE];
	coffer_schema *schema;
	coffer_recover_summary summary;
	char paths[3][80];

	(void)state;
	(void)snprintf(paths[0], sizeof(paths[0]), "%s/copy", writing.folder);
	(void)snprintf(paths[1], sizeof(paths[1]), "%s/migrated", writing.folder);
	(void)snprintf(paths[2], sizeof(paths[2]), "%s/recovered", writing.folder);
	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "test.prisma",
					&schema, &writing.error));
	must(coffer_store_copy(writing.store, paths[0], &copying, &writing.error));
	must(coffer_store_migrate(writing.store, paths[1], schema, &migrating, &writing.error));
	must(coffer_store_recover(writing.path, paths[2], &(coffer_recover_options){0}, &summary,
				  &writing.error));
	must(coffer_store_digest(writing.txn, first, &writing.error));
	for (size_t i = 0; i < 3; i++) {
		coffer_store *store;
		coffer_txn *txn;

		must(coffer_store_open(paths[i], &store, &writing.error));
		assert_int_equal(store->features,
				 i ? COFFER_FEATURES_NEW : writing.store->features);
		must(coffer_txn_begin(store, &txn, &writing.error));
		must(coffer_store_digest(txn, digest, &writing.error));
		assert_memory_equal(digest, first, sizeof(digest));
		coffer_txn_end(txn);
		coffer_store_close(store);
		(void)unlink(paths[i]);
	}
	coffer_schema_free(schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		{"packed ids come back", ids_come_back, setup_new, end_whole, NULL},
		{"plain ids come back", ids_come_back, setup_old, end_whole, NULL},
		{"packed prefixes", prefixes_of_every_length, setup_new, end_whole, NULL},
		{"plain prefixes", prefixes_of_every_length, setup_old, end_whole, NULL},
		{"copies of packed ids", copies_keep_their_form, setup_new, end_whole, NULL},
		{"copies of plain ids", copies_keep_their_form, setup_old, end_whole, NULL},
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
