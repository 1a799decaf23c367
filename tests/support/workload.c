/*
 * Random transactions by liblmdb. What a seed makes is the same each time.
 */
#include "tests/support/workload.h"

#include <lmdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	KEY_MAX = 511,
	VALUE_MAX = 60000,
	KEYS = 3000, /* different ones, about, of a tree */
};

struct work {
	uint64_t random;
	MDB_env *env;
	MDB_txn *txn;
	MDB_txn *reader;
};

static void
must(int code)
{
	if (code)
		fail_msg("liblmdb: %s", mdb_strerror(code));
}

uint64_t
workload_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state * UINT64_C(0x2545F4914F6CDD1D) >> 16;
}

static unsigned
below(uint64_t *state, unsigned limit)
{
	return (unsigned)(workload_random(state) % limit);
}

const char *
workload_tree(unsigned tree)
{
	static const char *const names[WORKLOAD_TREES] = {"numbers", "texts", "long keys", "tiny",
							  "sparse"};

	return names[tree];
}

/* Numbers as rows have them; texts that share beginnings; keys up to the limit; keys of a byte or two. */
unsigned
workload_key(uint64_t *state, unsigned tree, uint8_t *out)
{
	unsigned number = below(state, KEYS), size = 6;

	memset(out, 'k', KEY_MAX);
	switch (tree) {
	case 1:
		return (unsigned)snprintf((char *)out, KEY_MAX, "%s/%u",
					  number % 3 ? "a common prefix" : "x", number);
	case 2:
		size = 1 + number % KEY_MAX;
		out[0] = (uint8_t)(number % 251);
		break;
	case 3:
		size = 1 + number % 3;
		break;
	default:
		break;
	}
	for (unsigned i = 0; i < size && i < 6; i++)
		out[size - 1 - i] = (uint8_t)((uint64_t)number >> (8 * i));
	return size;
}

static unsigned
value_size(uint64_t *state)
{
	switch (below(state, 20)) {
	case 0:
		return below(state, VALUE_MAX);
	case 1:
		return 1900 + below(state, 300); /* around the limit of a leaf's */
	case 2:
	case 3:
		return 0;
	default:
		return below(state, 300);
	}
}

static MDB_dbi
open_tree(struct work *work, unsigned tree)
{
	MDB_dbi dbi;

	must(mdb_dbi_open(work->txn, workload_tree(tree), MDB_CREATE, &dbi));
	return dbi;
}

static void
put(struct work *work, unsigned tree)
{
	static uint8_t key[KEY_MAX], value[VALUE_MAX];
	MDB_val entry[2] = {{.mv_data = key}, {.mv_data = value}};

	entry[0].mv_size = workload_key(&work->random, tree, key);
	entry[1].mv_size = value_size(&work->random);
	memset(value, (int)(entry[1].mv_size % 251), entry[1].mv_size);
	must(mdb_put(work->txn, open_tree(work, tree), &entry[0], &entry[1], 0));
}

/* An entry that is there, if there is one: deleted, or given another value. */
static void
change(struct work *work, unsigned tree, bool is_delete)
{
	static uint8_t key[KEY_MAX], value[VALUE_MAX];
	MDB_val entry[2] = {{.mv_data = key}, {.mv_data = value}};
	MDB_cursor *cursor;
	MDB_dbi dbi = open_tree(work, tree);
	int code;

	must(mdb_cursor_open(work->txn, dbi, &cursor));
	entry[0].mv_size = workload_key(&work->random, tree, key);
	code = mdb_cursor_get(cursor, &entry[0], &entry[1], MDB_SET_RANGE);
	if (!code && is_delete) {
		code = mdb_cursor_del(cursor, 0);
	} else if (!code) {
		/* liblmdb moves what the key that it gave points to. */
		memcpy(key, entry[0].mv_data, entry[0].mv_size);
		entry[0].mv_data = key;
		entry[1] = (MDB_val){value_size(&work->random), value};
		memset(value, 'c', entry[1].mv_size);
		code = mdb_cursor_put(cursor, &entry[0], &entry[1], MDB_CURRENT);
	}
	mdb_cursor_close(cursor);
	if (code != MDB_NOTFOUND)
		must(code);
}

/* Many entries in order, as a load writes them. */
static void
append(struct work *work, unsigned tree)
{
	uint8_t key[8] = {0xff, 0xff};
	MDB_val entry[2] = {{sizeof(key), key}, {below(&work->random, 100), key}};
	unsigned count = below(&work->random, 3000), first = below(&work->random, 100000);

	if (entry[1].mv_size > sizeof(key))
		entry[1].mv_size = sizeof(key);
	for (unsigned i = first; i < first + count; i++) {
		int code;

		for (int byte = 0; byte < 4; byte++)
			key[4 + byte] = (uint8_t)(i >> (24 - 8 * byte));
		code = mdb_put(work->txn, open_tree(work, tree), &entry[0], &entry[1], MDB_APPEND);
		if (code == MDB_KEYEXIST)
			return;
		must(code);
	}
}

/* All entries in a range go. */
static void
delete_range(struct work *work, unsigned tree)
{
	static uint8_t key[KEY_MAX];
	MDB_val entry[2] = {{.mv_data = key}, {.mv_data = NULL}};
	MDB_cursor *cursor;
	unsigned count = below(&work->random, 2000);
	int code;

	must(mdb_cursor_open(work->txn, open_tree(work, tree), &cursor));
	entry[0].mv_size = workload_key(&work->random, tree, key);
	code = mdb_cursor_get(cursor, &entry[0], &entry[1], MDB_SET_RANGE);
	for (unsigned i = 0; !code && i < count; i++) {
		must(mdb_cursor_del(cursor, 0));
		code = mdb_cursor_get(cursor, &entry[0], &entry[1], MDB_GET_CURRENT);
	}
	mdb_cursor_close(cursor);
}

static void
do_something(struct work *work)
{
	unsigned tree = below(&work->random, WORKLOAD_TREES), times = 1 + below(&work->random, 60);
	unsigned kind = below(&work->random, 40);

	if (tree == WORKLOAD_TREES - 1 && kind)
		return;
	if (kind == 0)
		must(mdb_drop(work->txn, open_tree(work, tree), (int)below(&work->random, 2)));
	else if (kind == 1)
		append(work, tree);
	else if (kind == 2)
		delete_range(work, tree);
	else
		for (unsigned i = 0; i < times; i++) {
			if (kind < 26)
				put(work, tree);
			else
				change(work, tree, kind < 34);
		}
}

/* A reader comes and goes, so that pages are freed which may not be used again for a while. */
static void
change_reader(struct work *work)
{
	if (work->reader)
		mdb_txn_abort(work->reader);
	work->reader = NULL;
	if (below(&work->random, 2))
		must(mdb_txn_begin(work->env, NULL, MDB_RDONLY, &work->reader));
}

static void
transact(struct work *work)
{
	unsigned count = 1 + below(&work->random, 40);

	must(mdb_txn_begin(work->env, NULL, 0, &work->txn));
	for (unsigned i = 0; i < count; i++)
		do_something(work);
	if (below(&work->random, 8))
		must(mdb_txn_commit(work->txn));
	else
		mdb_txn_abort(work->txn);
	if (!below(&work->random, 5))
		change_reader(work);
}

static void
extend(MDB_env *env, const char *path)
{
	MDB_envinfo info;
	MDB_stat facts;

	must(mdb_env_info(env, &info));
	must(mdb_env_stat(env, &facts));
	must(truncate(path, (off_t)((info.me_last_pgno + 1) * facts.ms_psize)));
}

void
workload_make(const char *path, uint64_t seed, bool is_extended)
{
	struct work work = {.random = seed * 2 + 1};
	unsigned transactions = 1 + below(&work.random, 30);
	char lock[4096];

	(void)unlink(path);
	must(mdb_env_create(&work.env));
	must(mdb_env_set_maxdbs(work.env, WORKLOAD_TREES));
	must(mdb_env_set_mapsize(work.env, (size_t)1 << 30));
	must(mdb_env_open(work.env, path, MDB_NOSUBDIR | MDB_NOSYNC | MDB_NOTLS, 0600));
	for (unsigned i = 0; i < transactions; i++)
		transact(&work);
	if (work.reader)
		mdb_txn_abort(work.reader);
	if (is_extended)
		extend(work.env, path);
	mdb_env_close(work.env);
	(void)snprintf(lock, sizeof(lock), "%s-lock", path);
	(void)unlink(lock);
}
