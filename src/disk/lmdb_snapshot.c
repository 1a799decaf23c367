/*
 * The reading interface over a liblmdb transaction: that of an edit or a build, which sees its own changes.
 */
#include "disk/lmdb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	CACHE_LINE = 64,
	PAGE_SIZE_USUAL = 4096,
	AHEAD_MAX = 1024,
};

struct lmdb_place {
	struct coffer_place place;
	MDB_cursor *cursor;
};

static struct coffer_lmdb_snapshot *
lmdb_snapshot(struct coffer_snapshot *snapshot)
{
	return (struct coffer_lmdb_snapshot *)snapshot;
}

static coffer_status
status_of(int code)
{
	switch (code) {
	case MDB_MAP_FULL:
	case MDB_TXN_FULL:
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return COFFER_FULL;
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_INVALID:
	case MDB_INCOMPATIBLE:
		return COFFER_CORRUPT;
	case MDB_READERS_FULL:
	case MDB_MAP_RESIZED:
	case EAGAIN:
		return COFFER_BUSY;
	case ENOMEM:
		return COFFER_NO_MEMORY;
	case MDB_BAD_VALSIZE:
		return COFFER_LIMIT;
	default:
		return COFFER_IO;
	}
}

coffer_status
coffer_lmdb_fail(int code, const char *doing, coffer_error *error)
{
	return coffer_error_set(error, status_of(code), "cannot %s: %s", doing, mdb_strerror(code));
}

void
coffer_lmdb_values(MDB_val out[2], struct coffer_bytes key, struct coffer_bytes value)
{
	memcpy(&out[0].mv_data, &key.data, sizeof(out[0].mv_data));
	memcpy(&out[1].mv_data, &value.data, sizeof(out[1].mv_data));
	out[0].mv_size = key.size;
	out[1].mv_size = value.size;
}

static coffer_status
get(struct coffer_snapshot *snapshot, uint32_t tree, struct coffer_bytes key,
    struct coffer_bytes *value_out, coffer_error *error)
{
	struct coffer_lmdb_snapshot *lmdb = lmdb_snapshot(snapshot);
	MDB_val name = {.mv_size = key.size}, value;
	int code;

	/* liblmdb does not write through a key; its type has no const. */
	memcpy(&name.mv_data, &key.data, sizeof(name.mv_data));
	code = mdb_get(lmdb->txn, lmdb->handles[tree], &name, &value);
	if (code == MDB_NOTFOUND)
		return COFFER_NOT_FOUND;
	if (code)
		return coffer_lmdb_fail(code, "read", error);
	*value_out = (struct coffer_bytes){value.mv_data, value.mv_size};
	return COFFER_OK;
}

static coffer_status
size_of(struct coffer_snapshot *snapshot, uint32_t tree, struct coffer_tree_size *size_out,
	coffer_error *error)
{
	struct coffer_lmdb_snapshot *lmdb = lmdb_snapshot(snapshot);
	MDB_stat facts;
	int code = mdb_stat(lmdb->txn, lmdb->handles[tree], &facts);

	if (code)
		return coffer_lmdb_fail(code, "read a tree's size", error);
	size_out->entries = facts.ms_entries;
	size_out->bytes = (uint64_t)facts.ms_psize *
			  (facts.ms_branch_pages + facts.ms_leaf_pages + facts.ms_overflow_pages);
	return COFFER_OK;
}

static coffer_status
place_open(struct coffer_snapshot *snapshot, uint32_t tree, struct coffer_place **place_out,
	   coffer_error *error)
{
	struct coffer_lmdb_snapshot *lmdb = lmdb_snapshot(snapshot);
	struct lmdb_place *place = malloc(sizeof(*place));
	int code;

	*place_out = NULL;
	if (!place)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a cursor");
	place->place.operations = &coffer_lmdb_operations;
	code = mdb_cursor_open(lmdb->txn, lmdb->handles[tree], &place->cursor);
	if (code) {
		free(place);
		return coffer_lmdb_fail(code, "open a cursor", error);
	}
	*place_out = &place->place;
	return COFFER_OK;
}

/*
 * Rows that were loaded together lie on pages that follow each other: while a scan looks at this value, what lies a page
 * further on can come from memory, which takes longer than all else that a scan does with a row. A value that was searched
 * for is fetched itself. A hint only: there need not be anything at these addresses.
 */
static void
fetch_ahead(const MDB_val *value, enum coffer_move move)
{
	uintptr_t at = (uintptr_t)value->mv_data;
	uintptr_t size = value->mv_size < AHEAD_MAX ? value->mv_size : AHEAD_MAX;

	if (move == COFFER_MOVE_NEXT)
		at += PAGE_SIZE_USUAL;
	else if (move == COFFER_MOVE_PREVIOUS)
		at -= PAGE_SIZE_USUAL;
	__builtin_prefetch((const void *)(at & ~(uintptr_t)(PAGE_SIZE_USUAL - 1)));
	for (uintptr_t line = at & ~(uintptr_t)(CACHE_LINE - 1); line < at + size;
	     line += CACHE_LINE)
		__builtin_prefetch((const void *)line);
}

static coffer_status
place_move(struct coffer_place *place, enum coffer_move move, struct coffer_bytes *key,
	   struct coffer_bytes *value_out, coffer_error *error)
{
	static const MDB_cursor_op operations[] = {
		[COFFER_MOVE_FIRST] = MDB_FIRST,    [COFFER_MOVE_LAST] = MDB_LAST,
		[COFFER_MOVE_NEXT] = MDB_NEXT,      [COFFER_MOVE_PREVIOUS] = MDB_PREV,
		[COFFER_MOVE_SEEK] = MDB_SET_RANGE,
	};
	struct lmdb_place *lmdb = (struct lmdb_place *)place;
	MDB_val name = {.mv_size = key->size}, value = {0};
	int code;

	memcpy(&name.mv_data, &key->data, sizeof(name.mv_data));
	code = mdb_cursor_get(lmdb->cursor, &name, &value, operations[move]);
	if (code == MDB_NOTFOUND)
		return COFFER_NOT_FOUND;
	if (code)
		return coffer_lmdb_fail(code, "read", error);
	if (value.mv_size > CACHE_LINE)
		fetch_ahead(&value, move);
	*key = (struct coffer_bytes){name.mv_data, name.mv_size};
	*value_out = (struct coffer_bytes){value.mv_data, value.mv_size};
	return COFFER_OK;
}

static void
place_close(struct coffer_place *place)
{
	struct lmdb_place *lmdb = (struct lmdb_place *)place;

	mdb_cursor_close(lmdb->cursor);
	free(lmdb);
}

/* It ends with its edit or build. */
static void
end(struct coffer_snapshot *snapshot)
{
	(void)snapshot;
}

const struct coffer_snapshot_operations coffer_lmdb_operations = {
	.get = get,
	.size = size_of,
	.place_open = place_open,
	.place_move = place_move,
	.place_close = place_close,
	.end = end,
};
