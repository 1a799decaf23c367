/*
 * Writes at the limits of the format, and one past them: entries of one hash, row numbers, codes, the size of a value. What
 * cannot be reached by writing rows is put into the file.
 */
#include "tests/support/writing.h"

#include "disk/disk.h"
#include "format/catalogue.h"
#include "format/checksum.h"
#include "format/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char prisma[] =
	"model Thing {\n  id String @id\n  tag String? /// @coffer.interned\n}\n";

/* The first eight bytes of the secret that XXH3 uses for short texts. */
#define SECRET UINT64_C(0xbe4ba423396cfeb8)
enum { COLLIDING_SIZE = 32 };

/*
 * XXH3 multiplies the first two words of a text of 32 bytes with one another, each mixed with the secret and the seed. With
 * this seed the first is nothing for a text that begins with "tangled ", and the second whatever it likes.
 */
static uint64_t
seed_of_collisions(void)
{
	uint64_t word;

	memcpy(&word, "tangled ", sizeof(word));
	return word - SECRET;
}

static coffer_value
colliding(unsigned number)
{
	static char texts[128][COLLIDING_SIZE + 1];

	(void)snprintf(texts[number], sizeof(texts[number]), "tangled %08uthe same for all",
		       number);
	return (coffer_value){.kind = COFFER_TEXT, .text = {texts[number], COLLIDING_SIZE}};
}

static int
setup(void **state)
{
	const coffer_load_options options = {
		.is_forced = true,
		.has_seed = true,
		.seed = seed_of_collisions(),
	};
	coffer_schema *schema;

	(void)state;
	must(coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1}, "test.prisma",
					&schema, &writing.error));
	must(coffer_store_create(writing.path, schema, &options, &writing.error));
	coffer_schema_free(schema);
	begin();
	return 0;
}

static void
must_have_ended(void)
{
	must_refuse(insert("Thing", PAIRS({"id", text("x")})), COFFER_FULL, "", "failed before");
	assert_int_equal(coffer_txn_commit(writing.txn, NULL), COFFER_FULL);
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
}

static void
keys_of_one_hash(void **state)
{
	coffer_outcome outcome;

	(void)state;
	assert_int_equal(coffer_hash(colliding(1).text.data, COLLIDING_SIZE, seed_of_collisions()),
			 coffer_hash(colliding(2).text.data, COLLIDING_SIZE, seed_of_collisions()));
	for (unsigned i = 0; i < COFFER_EQUAL_HASHES_MAX; i++)
		must(insert("Thing", PAIRS({"id", colliding(i)})));
	commit();
	must_be_whole();
	for (unsigned i = 0; i < COFFER_EQUAL_HASHES_MAX; i++)
		assert_true(is_there("Thing", colliding(i)));
	must_refuse(insert("Thing", PAIRS({"id", colliding(7)})), COFFER_CONFLICT, "Thing",
		    "is taken");
	must(insert_as("Thing", COFFER_CONFLICT_SKIP, &outcome, PAIRS({"id", colliding(63)})));
	assert_int_equal(outcome, COFFER_SKIPPED);
	must_refuse(insert("Thing", PAIRS({"id", colliding(64)})), COFFER_FULL, "",
		    "more than 64 rows of table Thing have one hash in Thing_pkey");
	must_have_ended();
	assert_int_equal(count_rows("Thing"), COFFER_EQUAL_HASHES_MAX);
	assert_false(is_there("Thing", colliding(64)));
	/* One goes, another comes; one moves. */
	must(delete_row("Thing", colliding(0)));
	must(insert("Thing", PAIRS({"id", colliding(64)})));
	must(update("Thing", colliding(1), PAIRS({"id", colliding(65)})));
	commit();
	must_be_whole();
}

static void
texts_of_one_hash(void **state)
{
	char id[16];

	(void)state;
	for (unsigned i = 0; i < COFFER_EQUAL_HASHES_MAX; i++) {
		(void)snprintf(id, sizeof(id), "t%u", i);
		must(insert("Thing", PAIRS({"id", text(id)}, {"tag", colliding(i)})));
	}
	commit();
	must_be_whole();
	assert_memory_equal(show("Thing", text("t63"), "tag"), colliding(63).text.data,
			    COLLIDING_SIZE);
	must_refuse(insert("Thing", PAIRS({"id", text("more")}, {"tag", colliding(64)})),
		    COFFER_FULL, "", "more than 64 texts of the pool have one hash");
	must_have_ended();
	must(insert("Thing", PAIRS({"id", text("more")}, {"tag", colliding(5)})));
}

/* ------------------------------------------------------------------ entries that are put into the file */

static void
close_store(void)
{
	must(coffer_txn_commit(writing.txn, &writing.error));
	coffer_store_close(writing.store);
}

/* A catalogue entry or a pool text with its checksum; an entry of pool/hash has no value. */
static void
put_entry(const char *tree, uint32_t id, struct coffer_bytes key, const void *payload, size_t size)
{
	uint8_t value[64] = {0};
	size_t value_size = payload ? COFFER_CHECKSUM_SIZE + size : 0;
	struct coffer_disk *disk;
	struct coffer_edit *edit;

	if (payload) {
		memcpy(value + COFFER_CHECKSUM_SIZE, payload, size);
		coffer_checksum_seal(id, key.data, key.size, value, value_size);
	}
	must(coffer_disk_open_to_write(writing.path, &disk, &writing.error));
	must(coffer_edit_begin(disk, &edit, &writing.error));
	must(coffer_edit_put(edit, coffer_disk_tree_find(disk, tree), key,
			     (struct coffer_bytes){value, value_size}, &writing.error));
	must(coffer_edit_commit(edit, &writing.error));
	coffer_disk_close(disk);
}

static void
row_numbers_end(void **state)
{
	uint8_t payload[COFFER_ROW_ENTRY_MAX];
	size_t size = coffer_row_entry_encode(COFFER_ROW_NUMBER_MAX - 1, payload);

	(void)state;
	close_store();
	put_entry("catalogue", COFFER_ID_CATALOGUE,
		  (struct coffer_bytes){(const uint8_t *)"row/Thing", 9}, payload, size);
	must_be_whole();
	begin();
	must(insert("Thing", PAIRS({"id", text("last")})));
	assert_true(number_of("Thing", text("last")) == COFFER_ROW_NUMBER_MAX);
	commit();
	must_refuse(insert("Thing", PAIRS({"id", text("one more")})), COFFER_LIMIT, "",
		    "table Thing has no row number left");
	assert_int_equal(coffer_txn_commit(writing.txn, NULL), COFFER_LIMIT);
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
	must(update("Thing", text("last"), PAIRS({"tag", text("still")})));
	must(delete_row("Thing", text("last")));
	commit();
	must_be_whole();
	must_refuse(insert("Thing", PAIRS({"id", text("one more")})), COFFER_LIMIT, "",
		    "table Thing has no row number left");
	coffer_txn_end(writing.txn);
	must(coffer_txn_begin_write(writing.store, &writing.txn, &writing.error));
}

static void
codes_end(void **state)
{
	static const char last_text[] = "a text of old";
	uint8_t key[COFFER_CODE_KEY_SIZE], hashed[COFFER_POOL_HASH_KEY_SIZE];

	(void)state;
	close_store();
	coffer_key_put_code(key, UINT32_MAX - 1);
	coffer_key_put_hash(hashed,
			    coffer_hash(last_text, strlen(last_text), seed_of_collisions()));
	coffer_key_put_code(hashed + COFFER_HASH_SIZE, UINT32_MAX - 1);
	put_entry("pool", COFFER_ID_POOL, (struct coffer_bytes){key, sizeof(key)}, last_text,
		  strlen(last_text));
	put_entry("pool/hash", 0, (struct coffer_bytes){hashed, sizeof(hashed)}, NULL, 0);
	must_be_whole();
	begin();
	must(insert("Thing", PAIRS({"id", text("1")}, {"tag", text("the last text")})));
	must(insert("Thing", PAIRS({"id", text("2")}, {"tag", text(last_text)})));
	commit();
	assert_string_equal(show("Thing", text("1"), "tag"), "the last text");
	must_refuse(insert("Thing", PAIRS({"id", text("3")}, {"tag", text("one more")})),
		    COFFER_FULL, "",
		    "the pool has no code left; 'coffer compact' writes the store anew");
	must_have_ended();
	must(insert("Thing", PAIRS({"id", text("3")}, {"tag", text("the last text")})));
}

static void
values_end(void **state)
{
	/* Nobody looks at the bytes of a value that is too long. */
	const coffer_value too_long = {.kind = COFFER_TEXT,
				       .text = {"", (size_t)COFFER_VALUE_SIZE_MAX + 1}};
	const coffer_set settled[] = {{.column = 0, .is_settled = true, .value = too_long}};

	(void)state;
	must_refuse(insert("Thing", PAIRS({"id", too_long})), COFFER_LIMIT, "Thing.id",
		    "expected at most 1073741823");
	must_refuse(coffer_insert(writing.txn, 0, settled, 1, COFFER_CONFLICT_FAIL, NULL,
				  &writing.error),
		    COFFER_LIMIT, "Thing.id", "expected at most 1073741823");
	must(insert("Thing", PAIRS({"id", text("")}, {"tag", text("")})));
	assert_true(is_there("Thing", text("")));
}

int
main(void)
{
#define LIMIT(test) cmocka_unit_test_setup_teardown(test, setup, end_whole)
	const struct CMUnitTest tests[] = {
		LIMIT(keys_of_one_hash), LIMIT(texts_of_one_hash), LIMIT(row_numbers_end),
		LIMIT(codes_end),        LIMIT(values_end),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
