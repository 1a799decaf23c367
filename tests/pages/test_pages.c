/*
 * pages/ against liblmdb: over random files both give the same, whatever is asked and wherever the bytes come from.
 */
#include "fuzz/support/image.h"
#include "pages/pages.h"
#include "tests/support/must.h"
#include "tests/support/workload.h"

#include <fcntl.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FILES = 40,
	MOVES = 3000,
	GETS = 2000,
	SKIP_MAX = 40,
	KEY_MAX = 511,
};

static char folder[] = "/tmp/coffer-pages.XXXXXX";
static char path[64];
static size_t skipped; /* entries, so far */

/* One file seen by both. */
struct both {
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;
	MDB_cursor *cursor;
	struct coffer_page_source source;
	int fd;
	void *memory;
	struct coffer_pages *pages;
	struct coffer_snapshot *snapshot;
	struct coffer_place *place;
	uint32_t tree;
};

static void
must_lmdb(int code)
{
	if (code)
		fail_msg("liblmdb: %s", mdb_strerror(code));
}

/* 0: mapped, 1: in memory, 2: read. */
static void
open_source(struct both *both, unsigned kind)
{
	coffer_error error = {0};
	struct stat facts;

	both->fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(both->fd >= 0);
	assert_int_equal(fstat(both->fd, &facts), 0);
	both->memory = NULL;
	if (kind == 0) {
		must(coffer_page_source_map(both->fd, &both->source, &error), &error);
	} else if (kind == 1) {
		/* At an odd address, so that nothing relies on a page's. */
		both->memory = malloc((size_t)facts.st_size + 1);
		assert_int_equal(
			pread(both->fd, (char *)both->memory + 1, (size_t)facts.st_size, 0),
			facts.st_size);
		coffer_page_source_memory((char *)both->memory + 1, (size_t)facts.st_size,
					  &both->source);
	} else {
		must(coffer_page_source_read(both->fd, 1, &both->source, &error), &error);
	}
}

static void
open_both(struct both *both, unsigned kind)
{
	coffer_error error = {0};

	must_lmdb(mdb_env_create(&both->env));
	must_lmdb(mdb_env_set_maxdbs(both->env, WORKLOAD_TREES));
	must_lmdb(mdb_env_set_mapsize(both->env, (size_t)1 << 30));
	must_lmdb(mdb_env_open(both->env, path, MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK, 0600));
	must_lmdb(mdb_txn_begin(both->env, NULL, MDB_RDONLY, &both->txn));
	open_source(both, kind);
	must(coffer_pages_open(&both->source, 1000, &both->pages, &error), &error);
	must(coffer_pages_snapshot(both->pages, &both->snapshot, &error), &error);
}

static void
close_both(struct both *both)
{
	mdb_txn_abort(both->txn);
	mdb_env_close(both->env);
	coffer_snapshot_end(both->snapshot);
	coffer_pages_close(both->pages);
	coffer_page_source_close(&both->source);
	(void)close(both->fd);
	free(both->memory);
}

static void
same(struct coffer_bytes ours, MDB_val theirs)
{
	assert_int_equal(ours.size, theirs.mv_size);
	if (ours.size)
		assert_memory_equal(ours.data, theirs.mv_data, ours.size);
}

/* One move of both; true when there was an entry. */
static bool
move(struct both *both, enum coffer_move what, struct coffer_bytes key)
{
	static const MDB_cursor_op operations[] = {
		[COFFER_MOVE_FIRST] = MDB_FIRST,    [COFFER_MOVE_LAST] = MDB_LAST,
		[COFFER_MOVE_NEXT] = MDB_NEXT,      [COFFER_MOVE_PREVIOUS] = MDB_PREV,
		[COFFER_MOVE_SEEK] = MDB_SET_RANGE,
	};
	struct coffer_bytes value = {NULL, 0};
	MDB_val entry[2] = {{.mv_size = key.size}, {.mv_size = 0}};
	coffer_error error = {0};
	coffer_status status;
	int code;

	memcpy(&entry[0].mv_data, &key.data, sizeof(key.data));
	code = mdb_cursor_get(both->cursor, &entry[0], &entry[1], operations[what]);
	status = coffer_place_move(both->place, what, &key, &value, &error);
	if (status < 0)
		must(status, &error);
	assert_int_equal(status == COFFER_NOT_FOUND, code == MDB_NOTFOUND);
	if (code == MDB_NOTFOUND)
		return false;
	must_lmdb(code);
	same(key, entry[0]);
	same(value, entry[1]);
	return true;
}

static void
scan(struct both *both, uint64_t entries)
{
	struct coffer_bytes none = {NULL, 0};
	uint64_t seen = 0;

	while (move(both, seen ? COFFER_MOVE_NEXT : COFFER_MOVE_FIRST, none))
		seen++;
	assert_int_equal(seen, entries);
	for (seen = 0; move(both, seen ? COFFER_MOVE_PREVIOUS : COFFER_MOVE_LAST, none);)
		seen++;
	assert_int_equal(seen, entries);
}

/*
 * Step over entries with one of both, and see that they are those that the other comes to one by one: of keys of one size, within the
 * bound, and no more than were asked for. Returns how many.
 */
static size_t
step_over(struct both *both, uint64_t *random, unsigned tree)
{
	bool is_after = workload_random(random) % 2;
	size_t max = workload_random(random) % (SKIP_MAX + 1), count;
	uint8_t bytes[KEY_MAX];
	struct coffer_bytes bound = {bytes, workload_key(random, tree, bytes)};
	MDB_val limit = {bound.size, bytes}, entry[2];
	const uint8_t *keys[SKIP_MAX];
	size_t size;

	must_lmdb(mdb_cursor_get(both->cursor, &entry[0], &entry[1], MDB_GET_CURRENT));
	size = entry[0].mv_size;
	if (workload_random(random) % 3 == 0)
		bound = (struct coffer_bytes){NULL, 0};
	count = coffer_place_skip(both->place, is_after ? COFFER_MOVE_NEXT : COFFER_MOVE_PREVIOUS, size,
				  bound, max, keys);
	assert_in_range(count, 0, max);
	for (size_t i = 0; i < count; i++) {
		must_lmdb(mdb_cursor_get(both->cursor, &entry[0], &entry[1],
					 is_after ? MDB_NEXT : MDB_PREV));
		same((struct coffer_bytes){keys[i], size}, entry[0]);
		if (bound.data)
			assert_int_equal(mdb_cmp(both->txn, both->dbi, &entry[0], &limit) < 0, is_after);
	}
	return count;
}

/* The place is nowhere after a seek that found nothing: liblmdb forgets where it was then, in ways of its own. */
static void
wander(struct both *both, uint64_t *random, unsigned tree)
{
	uint8_t bytes[KEY_MAX];
	bool is_there = false;

	for (unsigned i = 0; i < MOVES; i++) {
		enum coffer_move what = (enum coffer_move)(workload_random(random) % 5);
		struct coffer_bytes key = {bytes, 0};

		if (!is_there && (what == COFFER_MOVE_NEXT || what == COFFER_MOVE_PREVIOUS))
			what = COFFER_MOVE_SEEK;
		if (what == COFFER_MOVE_SEEK)
			key.size = workload_key(random, tree, bytes);
		is_there = move(both, what, key);
		if (is_there && i % 4 == 0)
			skipped += step_over(both, random, tree);
	}
}

static void
look_up(struct both *both, uint64_t *random, unsigned tree)
{
	uint8_t bytes[KEY_MAX];

	for (unsigned i = 0; i < GETS; i++) {
		struct coffer_bytes key = {bytes, workload_key(random, tree, bytes)}, value;
		MDB_val entry[2] = {{key.size, bytes}, {0, NULL}};
		coffer_error error = {0};
		coffer_status status;
		int code;

		if (i % 2) /* mostly not there */
			bytes[key.size - 1] ^= 0x55;
		code = mdb_get(both->txn, both->dbi, &entry[0], &entry[1]);
		status = coffer_snapshot_get(both->snapshot, both->tree, key, &value, &error);
		if (status < 0)
			must(status, &error);
		assert_int_equal(status == COFFER_NOT_FOUND, code == MDB_NOTFOUND);
		if (!code)
			same(value, entry[1]);
	}
}

static void
compare_tree(struct both *both, const char *name, uint64_t seed)
{
	uint64_t random = seed * 2 + 1;
	struct coffer_tree_size size;
	coffer_error error = {0};
	unsigned tree = 0;
	MDB_stat facts;

	while (strcmp(workload_tree(tree), name))
		tree++;
	must_lmdb(mdb_dbi_open(both->txn, name, 0, &both->dbi));
	must_lmdb(mdb_cursor_open(both->txn, both->dbi, &both->cursor));
	must_lmdb(mdb_stat(both->txn, both->dbi, &facts));
	must(coffer_place_open(both->snapshot, both->tree, &both->place, &error), &error);
	must(coffer_snapshot_size(both->snapshot, both->tree, &size, &error), &error);
	assert_int_equal(size.entries, facts.ms_entries);
	assert_int_equal(size.bytes,
			 (facts.ms_branch_pages + facts.ms_leaf_pages + facts.ms_overflow_pages) *
				 facts.ms_psize);
	scan(both, size.entries);
	wander(both, &random, tree);
	look_up(both, &random, tree);
	mdb_cursor_close(both->cursor);
	coffer_place_close(both->place);
}

/* The file at `path`. */
static void
compare_files(uint64_t seed, unsigned kind)
{
	const struct coffer_pages_names *names;
	struct both both;
	MDB_cursor *cursor;
	MDB_val key, value;
	MDB_dbi main_tree;

	open_both(&both, kind);
	names = coffer_pages_names(both.pages);
	must_lmdb(mdb_dbi_open(both.txn, NULL, 0, &main_tree));
	must_lmdb(mdb_cursor_open(both.txn, main_tree, &cursor));
	for (size_t i = 0; i < names->count; i++) {
		must_lmdb(mdb_cursor_get(cursor, &key, &value, MDB_NEXT));
		assert_int_equal(strlen(names->names[i]), key.mv_size);
		assert_memory_equal(names->names[i], key.mv_data, key.mv_size);
		both.tree = (uint32_t)i;
		compare_tree(&both, names->names[i], seed);
	}
	assert_int_equal(mdb_cursor_get(cursor, &key, &value, MDB_NEXT), MDB_NOTFOUND);
	mdb_cursor_close(cursor);
	close_both(&both);
}

static void
reads_what_liblmdb_reads(void **state)
{
	const char *files = getenv("COFFER_TEST_FILES"); /* more than usual, for a long run */
	unsigned count = files ? (unsigned)strtoul(files, NULL, 10) : FILES;

	(void)state;
	for (unsigned seed = 0; seed < count; seed++) {
		workload_make(path, seed, seed % 2);
		compare_files(seed, seed % 3);
	}
	assert_in_range(skipped, 1, SIZE_MAX);
}

/* ------------------------------------------------------------------ other sizes of pages */

enum { IMAGE_ENTRIES = 700 };

static struct image_entry image_entries[IMAGE_ENTRIES];
static uint8_t image_keys[IMAGE_ENTRIES][KEY_MAX], image_value[KEY_MAX];

static int
compare_entries(const void *left, const void *right)
{
	const struct image_entry *a = left, *b = right;
	size_t size = a->key_size < b->key_size ? a->key_size : b->key_size;
	int order = memcmp(a->key, b->key, size);

	return order ? order : (a->key_size > b->key_size) - (a->key_size < b->key_size);
}

/* Keys of a workload's tree, each once and as long as a page takes; how many there are. */
static size_t
fill_entries(unsigned tree, size_t key_max, uint64_t *random)
{
	size_t count = 1;

	for (size_t i = 0; i < IMAGE_ENTRIES; i++) {
		size_t size = workload_key(random, tree, image_keys[i]);

		image_entries[i] = (struct image_entry){
			.key = image_keys[i],
			.key_size = size > key_max ? key_max : size,
			.value = image_value,
			.value_size = workload_random(random) % KEY_MAX,
		};
	}
	qsort(image_entries, IMAGE_ENTRIES, sizeof(image_entries[0]), compare_entries);
	for (size_t i = 1; i < IMAGE_ENTRIES; i++)
		if (compare_entries(&image_entries[i], &image_entries[count - 1]))
			image_entries[count++] = image_entries[i];
	return count;
}

static void
write_image(const struct image *image)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(image->data, 1, image->size, file), image->size);
	assert_int_equal(fclose(file), 0);
}

/* liblmdb reads pages of other sizes than those that it makes here. */
static void
reads_pages_of_any_size_as_liblmdb_does(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (uint32_t page_size = 512; page_size <= 32768; page_size *= 2) {
		for (unsigned tree = 0; tree < WORKLOAD_TREES; tree++) {
			size_t count = fill_entries(tree, image_key_max(page_size), &random);
			struct image_tree only = {workload_tree(tree), image_entries, count};
			struct image_options options = {.page_size = page_size, .shuffle = tree};
			struct image image;

			assert_true(image_make(&image, &only, 1, &options));
			write_image(&image);
			compare_files(page_size, tree % 3);
			image_free(&image);
		}
	}
}

/* Six entries in three leaves; the branch's first child becomes its second. */
static void
make_doubled(struct image *image)
{
	static const uint8_t keys[6][2] = {"0", "1", "2", "3", "4", "5"}, value[180] = {0};
	struct image_entry entries[6];
	const struct image_tree tree = {"a", entries, 6};
	const struct image_options options = {.page_size = 512};
	uint8_t *page;

	for (size_t i = 0; i < 6; i++)
		entries[i] = (struct image_entry){keys[i], value, 1, sizeof(value)};
	assert_true(image_make(image, &tree, 1, &options));
	page = image->data;
	while (page[10] != 1)
		page += image->page_size;
	assert_int_equal(page[12], 16 + 3 * 2);
	memcpy(page + (page[16] | page[17] << 8), page + (page[18] | page[19] << 8), 6);
}

/* A leaf that is sound in one place is not in another, to which a search comes later. */
static void
goes_on_from_no_leaf_out_of_its_bounds(void **state)
{
	const uint8_t three = '3', one = '1';
	struct coffer_bytes key = {&three, 1}, value;
	struct coffer_snapshot *snapshot;
	struct coffer_page_source source;
	struct coffer_pages *pages;
	struct coffer_place *place;
	struct image image;
	coffer_error error = {0};
	coffer_status status;

	(void)state;
	make_doubled(&image);
	coffer_page_source_memory(image.data, image.size, &source);
	must(coffer_pages_open(&source, 10, &pages, &error), &error);
	must(coffer_pages_snapshot(pages, &snapshot, &error), &error);
	must(coffer_place_open(snapshot, 0, &place, &error), &error);
	must(coffer_place_move(place, COFFER_MOVE_SEEK, &key, &value, &error), &error);
	assert_int_equal(key.data[0], '3');
	coffer_place_close(place);
	must(coffer_place_open(snapshot, 0, &place, &error), &error);
	key = (struct coffer_bytes){&one, 1};
	status = coffer_place_move(place, COFFER_MOVE_SEEK, &key, &value, &error);
	for (int i = 0; !status && i < 2; i++)
		status = coffer_place_move(place, COFFER_MOVE_NEXT, &key, &value, &error);
	assert_int_equal(status, COFFER_CORRUPT);
	coffer_place_close(place);
	coffer_snapshot_end(snapshot);
	coffer_pages_close(pages);
	coffer_page_source_close(&source);
	image_free(&image);
}

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/file", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_liblmdb_reads),
		cmocka_unit_test(goes_on_from_no_leaf_out_of_its_bounds),
		cmocka_unit_test(reads_pages_of_any_size_as_liblmdb_does),
	};

	return cmocka_run_group_tests_name("pages", tests, make_folder, remove_folder);
}
