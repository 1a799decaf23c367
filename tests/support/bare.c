/*
 * A store as liblmdb alone sees it.
 */
#include "tests/support/bare.h"

#include "tests/support/must.h"

#include <unistd.h>

enum {
	TREES_MAX = 64,
	MAP_SIZE = 64 << 20,
};

void
bare_begin(struct bare *bare, const char *path, const char *tree)
{
	*bare = (struct bare){.path = path};
	assert_int_equal(mdb_env_create(&bare->env), 0);
	assert_int_equal(mdb_env_set_maxdbs(bare->env, TREES_MAX), 0);
	assert_int_equal(mdb_env_set_mapsize(bare->env, MAP_SIZE), 0);
	assert_int_equal(mdb_env_open(bare->env, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0600),
			 0);
	assert_int_equal(mdb_txn_begin(bare->env, NULL, 0, &bare->txn), 0);
	if (tree)
		assert_int_equal(mdb_dbi_open(bare->txn, tree, 0, &bare->tree), 0);
}

void
bare_commit(struct bare *bare)
{
	MDB_envinfo info;
	MDB_stat shape;

	assert_int_equal(mdb_txn_commit(bare->txn), 0);
	assert_int_equal(mdb_env_info(bare->env, &info), 0);
	assert_int_equal(mdb_env_stat(bare->env, &shape), 0);
	mdb_env_close(bare->env);
	assert_int_equal(truncate(bare->path, (off_t)(info.me_last_pgno + 1) * shape.ms_psize), 0);
}

void
bare_abort(struct bare *bare)
{
	mdb_txn_abort(bare->txn);
	mdb_env_close(bare->env);
}
