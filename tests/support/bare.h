/*
 * A store as liblmdb alone sees it, for tests that damage one: nothing of coffer looks at what is put there.
 */
#ifndef COFFER_TESTS_BARE_H
#define COFFER_TESTS_BARE_H

#include <lmdb.h>

struct bare {
	const char *path;
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi tree;
};

/* Begin a write to the file at `path`, which outlives it, and open a tree of it; NULL: none. What fails fails the test. */
void
bare_begin(struct bare *bare, const char *path, const char *tree);

/* Commit, and cut off what lies behind the last page; or leave the file as it was. */
void
bare_commit(struct bare *bare);
void
bare_abort(struct bare *bare);

#endif
