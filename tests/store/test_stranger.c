/*
 * Writing to a stranger's store that nobody verified: its pages are liblmdb's, its checksums are right, and what stands in its
 * entries is whatever it is. Statements may be refused; nothing may be harmed.
 *
 *	STRANGER_SEEDS=5000 test_stranger	so many stores instead of a few
 *	STRANGER_SEED=17 test_stranger		that one alone
 */
#include "tests/support/bare.h"
#include "tests/support/recipe.h"
#include "tests/support/small.h"

#include "format/checksum.h"
#include "format/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	SEEDS = 60,
	VALUE_MAX = 1 << 16,
	ROWS_MAX = 8,
};

static char folder[200], path[216], other[216];
static uint64_t state;

/* xorshift64*: any numbers do, as long as a seed gives the same. */
static size_t
choose(size_t limit)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (size_t)((state * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % limit;
}

static void
must(int code)
{
	if (code)
		fail_msg("%s", mdb_strerror(code));
}

/* ------------------------------------------------------------------ what is changed */

struct bytes {
	uint8_t data[VALUE_MAX];
	size_t size;
};

/* Change, add or lose a few bytes from `from` on. */
static void
change(struct bytes *bytes, size_t from)
{
	static const uint8_t likely[] = {0,    1,    0x7f, 0x80, 0x90, 0xc0, 0xc2,
					 0xc3, 0xc4, 0xc7, 0xcf, 0xd9, 0xff};
	size_t room = bytes->size - from, at = from + (room ? choose(room) : 0);

	switch (room ? choose(6) : 5) {
	case 0:
		bytes->data[at] ^= (uint8_t)(1 << choose(8));
		break;
	case 1:
		bytes->data[at] = likely[choose(sizeof(likely))];
		break;
	case 2:
		bytes->data[at] = (uint8_t)choose(256);
		break;
	case 3:
		bytes->size = at;
		break;
	case 4:
		memmove(bytes->data + at, bytes->data + at + 1, bytes->size - at - 1);
		bytes->size--;
		break;
	default:
		memmove(bytes->data + at + 1, bytes->data + at, bytes->size - at);
		bytes->data[at] = likely[choose(sizeof(likely))];
		bytes->size++;
	}
}

/* Of a tree's checksums; UINT32_MAX: it has none. */
static uint32_t
id_of(const coffer_schema *schema, const char *tree)
{
	for (size_t i = 0; i < schema->table_count; i++) {
		const coffer_table *table = &schema->tables[i];
		char name[COFFER_TREE_NAME_SIZE];

		coffer_tree_name(name, "table", table->name, NULL);
		if (!strcmp(name, tree))
			return table->id;
		coffer_tree_name(name, "long", table->name, NULL);
		if (!strcmp(name, tree))
			return table->id;
		for (size_t r = 0; r < table->rollup_count; r++) {
			coffer_tree_name(name, "rollups", table->name, table->rollups[r].name);
			if (!strcmp(name, tree))
				return table->rollups[r].id;
		}
	}
	if (!strcmp(tree, "catalogue"))
		return COFFER_ID_CATALOGUE;
	if (!strcmp(tree, "pool"))
		return COFFER_ID_POOL;
	return !strcmp(tree, "dictionary") ? COFFER_ID_DICTIONARY : UINT32_MAX;
}

/* The name of a tree, by chance. */
static void
choose_tree(MDB_txn *txn, char out[COFFER_TREE_NAME_SIZE])
{
	MDB_cursor *cursor;
	MDB_val key, value;
	MDB_stat stat;
	MDB_dbi main;
	size_t wanted;

	must(mdb_dbi_open(txn, NULL, 0, &main));
	must(mdb_stat(txn, main, &stat));
	wanted = choose(stat.ms_entries);
	must(mdb_cursor_open(txn, main, &cursor));
	must(mdb_cursor_get(cursor, &key, &value, MDB_FIRST));
	while (wanted--)
		must(mdb_cursor_get(cursor, &key, &value, MDB_NEXT));
	memcpy(out, key.mv_data, key.mv_size);
	out[key.mv_size] = '\0';
	mdb_cursor_close(cursor);
}

/* One of its entries; false when it has none. */
static bool
choose_entry(MDB_txn *txn, MDB_dbi tree, struct bytes *key_out, struct bytes *value_out)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	MDB_stat stat;
	size_t wanted;

	must(mdb_stat(txn, tree, &stat));
	if (!stat.ms_entries)
		return false;
	wanted = choose(stat.ms_entries);
	must(mdb_cursor_open(txn, tree, &cursor));
	must(mdb_cursor_get(cursor, &key, &value, MDB_FIRST));
	while (wanted--)
		must(mdb_cursor_get(cursor, &key, &value, MDB_NEXT));
	memcpy(key_out->data, key.mv_data, key_out->size = key.mv_size);
	memcpy(value_out->data, value.mv_data, value_out->size = value.mv_size);
	mdb_cursor_close(cursor);
	return true;
}

static void
change_entry(MDB_txn *txn, const coffer_schema *schema)
{
	static struct bytes key, value;
	char name[COFFER_TREE_NAME_SIZE];
	uint32_t id;
	MDB_val k, v;
	MDB_dbi tree;

	choose_tree(txn, name);
	must(mdb_dbi_open(txn, name, 0, &tree));
	if (!choose_entry(txn, tree, &key, &value))
		return;
	id = id_of(schema, name);
	k = (MDB_val){key.size, key.data};
	if (!choose(3))
		must(mdb_del(txn, tree, &k, NULL));
	if (!choose(8))
		return;
	if (choose(2) || value.size < COFFER_CHECKSUM_SIZE || id == UINT32_MAX)
		change(&key, 0);
	else
		for (size_t times = 1 + choose(3); times--;)
			change(&value, COFFER_CHECKSUM_SIZE);
	if (id != UINT32_MAX && value.size >= COFFER_CHECKSUM_SIZE)
		coffer_checksum_seal(id, key.data, key.size, value.data, value.size);
	k = (MDB_val){key.size, key.data};
	v = (MDB_val){value.size, value.data};
	if (key.size)
		must(mdb_put(txn, tree, &k, &v, 0));
}

static void
change_store(const coffer_schema *schema)
{
	struct bare bare;

	bare_begin(&bare, path, NULL);
	for (size_t times = 1 + choose(3); times--;)
		change_entry(bare.txn, schema);
	bare_commit(&bare);
}

/* ------------------------------------------------------------------ what is done with it */

struct visit {
	coffer_store *store;
	coffer_txn *txn;
	size_t done, refused;
};

/* A transaction that has failed, or now and then a good one, gives way to the next. */
static void
go_on(struct visit *visit)
{
	if (choose(4))
		coffer_txn_end(visit->txn);
	else if (coffer_txn_commit(visit->txn, NULL))
		visit->refused++;
	if (coffer_txn_begin_write(visit->store, &visit->txn, NULL))
		visit->txn = NULL;
}

static void
count(struct visit *visit, coffer_status status)
{
	visit->done += !status;
	visit->refused += status < 0;
	if (status < 0 || !choose(4))
		go_on(visit);
}

static coffer_value
make_value(const coffer_column *column)
{
	static char packed[64];
	coffer_value value = {.kind = column->kind};

	if (column->is_nullable && !choose(4))
		value.kind = COFFER_NULL;
	else if (value.kind == COFFER_TEXT || value.kind == COFFER_OTHER)
		value.text = choose(2) ? (coffer_text){"team-1", 6} : (coffer_text){"red", 3};
	else if (value.kind == COFFER_JSON)
		value.text = (coffer_text){"{\"a\": 1.0, \"b\": \"something longer than that\"}", 43};
	else if (value.kind == COFFER_TEXT_ARRAY)
		value.text = (coffer_text){packed, coffer_array_pack(NULL, 0, packed)};
	else if (value.kind == COFFER_BYTES)
		value.text = (coffer_text){"\xff", 1};
	else if (value.kind == COFFER_FLOAT)
		value.real = (double)choose(5) / 4;
	else if (value.kind != COFFER_BOOL)
		value.integer = (int64_t)choose(10);
	return value;
}

static void
update_row(struct visit *visit, uint32_t table, uint64_t row)
{
	const coffer_table *of = &coffer_store_schema(visit->store)->tables[table];
	uint16_t column = (uint16_t)choose(of->column_count);
	const coffer_column *is = &of->columns[column];
	coffer_set set = {
		.column = column,
		.value = make_value(is),
		.is_increment = (is->kind == COFFER_INT || is->kind == COFFER_FLOAT) && choose(2),
	};

	count(visit, coffer_update(visit->txn, table, row, &set, 1, NULL));
}

static void
insert_row(struct visit *visit, uint32_t table)
{
	const coffer_table *of = &coffer_store_schema(visit->store)->tables[table];
	coffer_set *sets = calloc(of->column_count + 1, sizeof(*sets));
	coffer_outcome outcome;

	assert_non_null(sets);
	for (uint16_t i = 0; i < of->column_count; i++)
		sets[i] = (coffer_set){.column = i, .value = make_value(&of->columns[i])};
	count(visit, coffer_insert(visit->txn, table, sets, of->column_count,
				   (coffer_on_conflict)choose(3), &outcome, NULL));
	free(sets);
}

static void
read_groups(struct visit *visit, uint32_t table)
{
	const coffer_table *of = &coffer_store_schema(visit->store)->tables[table];
	const coffer_value from = {.kind = COFFER_TIME, .time = (int64_t)choose(7200) * 1000000 - 3600000000},
			   team = {.kind = COFFER_TEXT, .text = {"team-1", 6}};

	for (uint16_t i = 0; i < of->rollup_count; i++) {
		const coffer_rollup_scan scan = {
			.from = choose(2) ? &from : NULL,
			.equal = of->rollups[i].column != COFFER_NO_COLUMN && choose(2) ? &team : NULL,
		};
		coffer_rollup_cursor *cursor;
		const coffer_rollup_group *group;
		coffer_status status = coffer_rollup_open(visit->txn, table, i, &cursor, NULL);

		if (!status)
			status = coffer_rollup_seek(cursor, &scan, NULL);
		while (!status)
			status = coffer_rollup_next(cursor, &group, NULL);
		coffer_rollup_close(cursor);
		visit->refused += status < 0;
	}
}

static void
write_table(struct visit *visit, uint32_t table)
{
	for (uint64_t row = 1; row <= ROWS_MAX && visit->txn; row++)
		switch (choose(8)) {
		case 0:
			count(visit, coffer_delete(visit->txn, table, row, NULL));
			break;
		case 1:
			insert_row(visit, table);
			break;
		case 2:
			read_groups(visit, table);
			break;
		default:
			update_row(visit, table, row);
		}
}

/* The rest of what a whole store goes through. */
static void
write_anew(void)
{
	const coffer_rewrite_options options = {.path = other, .is_forced = true};
	const coffer_recover_options recovery = {.is_forced = true};
	coffer_rewrite_summary summary;
	coffer_recover_summary recovered;
	coffer_verify_summary verified;
	coffer_store *store;
	coffer_error error = {0};

	if (!coffer_store_open(path, &store, NULL) &&
	    !coffer_store_compact(store, &options, &summary, NULL) &&
	    coffer_verify(other, &(coffer_verify_options){.found = NULL}, &verified, &error) < 0 &&
	    error.status != COFFER_CONFLICT)
		fail_msg("compacted, and then %s: %s", error.place, error.message);
	if (!coffer_store_recover(path, other, &recovery, &recovered, NULL) &&
	    coffer_verify(other, &(coffer_verify_options){.found = NULL}, &verified, &error) < 0 &&
	    error.status != COFFER_CONFLICT)
		fail_msg("recovered, and then %s: %s", error.place, error.message);
}

static void
visit_store(void)
{
	struct visit visit = {0};
	const coffer_schema *schema;

	if (coffer_store_open_to_write(path, &visit.store, NULL))
		return;
	schema = coffer_store_schema(visit.store);
	for (size_t turn = 0; turn < 6; turn++)
		for (uint32_t i = 0; i < schema->table_count; i++) {
			if (!visit.txn && coffer_txn_begin_write(visit.store, &visit.txn, NULL))
				visit.txn = NULL;
			if (visit.txn && schema->tables[i].id)
				write_table(&visit, i);
		}
	coffer_txn_end(visit.txn);
	coffer_store_close(visit.store);
}

/* ------------------------------------------------------------------ one store after the other */

static void
make_store(const char *recipe)
{
	static char recipe_path[216];
	struct recipe unused;
	FILE *file;

	(void)snprintf(recipe_path, sizeof(recipe_path), "%s/recipe", folder);
	file = fopen(recipe_path, "we");
	assert_non_null(file);
	(void)fputs(recipe, file);
	assert_false(fclose(file));
	recipe_apply(recipe_path, path, &unused);
	(void)unlink(recipe_path);
}

static void
run_seed(uint64_t seed)
{
	static const char *const recipes[] = {"rollups\n", "frames\n", "\n"};
	size_t kind = seed % 3;
	coffer_schema *schema = kind ? small_schema() : small_schema_with_rollups();

	state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	make_store(recipes[kind]);
	change_store(schema);
	coffer_schema_free(schema);
	visit_store();
	write_anew();
}

static uint64_t
number_of(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : otherwise;
}

/* Row 4 has a long value, and the table 13 columns. */
static void
a_long_value_of_no_column_is_refused(void **unused)
{
	const coffer_set set = {.column = KEY_SMALL, .value = {.kind = COFFER_INT, .integer = 5}};
	coffer_error error = {0};
	coffer_store *store;
	coffer_txn *txn;

	(void)unused;
	make_store("seal long/Key row:4,u16:60000 hex:a161\n");
	assert_int_equal(coffer_store_open_to_write(path, &store, NULL), COFFER_OK);
	assert_int_equal(coffer_txn_begin_write(store, &txn, NULL), COFFER_OK);
	assert_int_equal(coffer_update(txn, SMALL_KEY, 4, &set, 1, &error), COFFER_CORRUPT);
	assert_non_null(strstr(error.message, "row 4 of table Key has a long value of no column"));
	assert_int_equal(coffer_txn_commit(txn, NULL), COFFER_CORRUPT);
	coffer_store_close(store);
}

/* In a process of its own, so that a crash has a number. */
static void
nobody_is_harmed(void **unused)
{
	uint64_t one = number_of("STRANGER_SEED", 0), seeds = number_of("STRANGER_SEEDS", SEEDS);
	int code;

	(void)unused;
	if (one) {
		run_seed(one);
		return;
	}
	for (uint64_t seed = 1; seed <= seeds; seed++) {
		pid_t child = fork();

		if (!child) {
			run_seed(seed);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &code, 0), child);
		if (code)
			fail_msg("seed %llu ends with %d", (unsigned long long)seed, code);
	}
}

static int
set_up(void **unused)
{
	const char *base = getenv("TMPDIR");

	(void)unused;
	(void)snprintf(folder, sizeof(folder), "%s/coffer-stranger.XXXXXX", base ? base : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	(void)snprintf(other, sizeof(other), "%s/other", folder);
	return 0;
}

static int
tear_down(void **unused)
{
	(void)unused;
	(void)unlink(path);
	(void)unlink(other);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_value_of_no_column_is_refused),
		cmocka_unit_test(nobody_is_harmed),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
