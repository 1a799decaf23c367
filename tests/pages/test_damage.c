/*
 * pages/ over damaged files: any byte and any length, keys of branches, pages that lead back to themselves, a file that is cut
 * while it is read.
 */
#include "fuzz/support/damage.h"
#include "pages/pages.h"

#include <fcntl.h>
#include <lmdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	ENTRIES = 400,
	FEW = 60, /* entries of a file whose every byte is damaged */
	KEY_SIZE = 12,
	VALUE_MAX = 1200,
	TREES_MAX = 10,
	KEY_MAX = 511,
};

static uint8_t keys[ENTRIES][KEY_SIZE], value_bytes[VALUE_MAX];
static struct image_entry entries[ENTRIES];

/* ------------------------------------------------------------------ files */

static void
make_entries(void)
{
	for (unsigned i = 0; i < ENTRIES; i++) {
		memset(keys[i], 'k', KEY_SIZE);
		keys[i][8] = (uint8_t)(i >> 8);
		keys[i][9] = (uint8_t)i;
		entries[i] = (struct image_entry){
			.key = keys[i],
			.key_size = KEY_SIZE,
			.value = value_bytes,
			.value_size = i % 50 == 7 ? VALUE_MAX : i % 30,
		};
	}
}

static void
make(struct image *image, uint32_t page_size, size_t count, uint64_t shuffle)
{
	const struct image_tree trees[] = {{"empty", NULL, 0}, {"full", entries, count}};
	struct image_options options = {
		.page_size = page_size, .free_pages = 3, .shuffle = shuffle};

	make_entries();
	assert_true(image_make(image, trees, 2, &options));
}

/* A file of liblmdb's with one tree, in memory. */
static void
make_by_liblmdb(struct image *image)
{
	char path[] = "/tmp/coffer-damage.XXXXXX";
	int fd = mkstemp(path);
	struct stat facts;
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi dbi;

	make_entries();
	assert_int_equal(mdb_env_create(&env), 0);
	assert_int_equal(mdb_env_set_maxdbs(env, 1), 0);
	assert_int_equal(mdb_env_open(env, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0600), 0);
	assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
	assert_int_equal(mdb_dbi_open(txn, "table/T", MDB_CREATE, &dbi), 0);
	for (unsigned i = 0; i < FEW; i++) {
		MDB_val key = {KEY_SIZE, keys[i * 7 % FEW]};
		MDB_val value = {i % 40 == 7 ? 3 * VALUE_MAX : i % 60, NULL};

		value.mv_data = calloc(1, value.mv_size + 1);
		assert_int_equal(mdb_put(txn, dbi, &key, &value, 0), 0);
		free(value.mv_data);
	}
	assert_int_equal(mdb_txn_commit(txn), 0);
	mdb_env_close(env);
	assert_int_equal(fstat(fd, &facts), 0);
	*image = (struct image){malloc((size_t)facts.st_size), (size_t)facts.st_size, 0};
	assert_int_equal(pread(fd, image->data, image->size, 0), facts.st_size);
	memcpy(&image->page_size, image->data + 40, sizeof(image->page_size));
	(void)close(fd);
	(void)unlink(path);
}

/* ------------------------------------------------------------------ reading */

static int
compare(struct coffer_bytes left, struct coffer_bytes right)
{
	size_t size = left.size < right.size ? left.size : right.size;
	int order = size ? memcmp(left.data, right.data, size) : 0;

	return order ? order : (left.size > right.size) - (left.size < right.size);
}

/* Entries in one direction, in order; fails the test at anything but an end or damage with a place. */
static uint64_t
walk(struct coffer_snapshot *snapshot, uint32_t tree, enum coffer_move move, coffer_status *end_out)
{
	struct coffer_bytes key = {NULL, 0}, value, before = {NULL, 0};
	uint8_t kept[KEY_MAX];
	struct coffer_place *place;
	coffer_error error = {0};
	uint64_t seen = 0;

	*end_out = coffer_place_open(snapshot, tree, &place, &error);
	if (*end_out)
		return 0;
	while (!(*end_out = coffer_place_move(place, move, &key, &value, &error))) {
		assert_true(key.size && key.size <= KEY_MAX);
		assert_true(!seen || (compare(key, before) > 0) == (move == COFFER_MOVE_NEXT));
		memcpy(kept, key.data, key.size);
		before = (struct coffer_bytes){kept, key.size};
		seen++;
	}
	if (*end_out != COFFER_NOT_FOUND) {
		assert_int_equal(*end_out, COFFER_CORRUPT);
		assert_int_equal(error.status, COFFER_CORRUPT);
		assert_true(error.message[0] && error.place[0]);
	}
	coffer_place_close(place);
	return seen;
}

static struct coffer_pages *
open_pages(const struct coffer_page_source *source)
{
	struct coffer_pages *pages;
	coffer_error error = {0};
	coffer_status status = coffer_pages_open(source, TREES_MAX, &pages, &error);

	if (status) {
		assert_true(status == COFFER_CORRUPT || status == COFFER_NOT_A_COFFER);
		assert_true(error.message[0]);
	}
	return pages;
}

/* Read all; true when all of it could be. */
static bool
read_all(const struct coffer_page_source *source)
{
	struct coffer_pages *pages = open_pages(source);
	struct coffer_snapshot *snapshot;
	coffer_error error = {0};
	bool is_whole = pages != NULL;

	if (!pages)
		return false;
	if (coffer_pages_snapshot(pages, &snapshot, &error)) {
		coffer_pages_close(pages);
		return false;
	}
	for (uint32_t tree = 0; tree < coffer_pages_names(pages)->count; tree++) {
		coffer_status forward, backward;
		uint64_t there = walk(snapshot, tree, COFFER_MOVE_NEXT, &forward);
		uint64_t back = walk(snapshot, tree, COFFER_MOVE_PREVIOUS, &backward);

		assert_int_equal(forward, backward);
		if (forward == COFFER_NOT_FOUND)
			assert_int_equal(there, back);
		else
			is_whole = false;
	}
	coffer_snapshot_end(snapshot);
	coffer_pages_close(pages);
	return is_whole;
}

static bool
read_image(const struct image *image)
{
	struct coffer_page_source source;

	coffer_page_source_memory(image->data, image->size, &source);
	return read_all(&source);
}

/* ------------------------------------------------------------------ tests */

static void
xor_each_byte(struct image *image)
{
	static const uint8_t masks[] = {0x01, 0x80, 0xff};
	uint64_t refused = 0;

	assert_true(read_image(image));
	for (size_t at = 0; at < image->size; at++) {
		for (size_t i = 0; i < sizeof(masks); i++) {
			image->data[at] ^= masks[i];
			refused += !read_image(image);
			image->data[at] ^= masks[i];
		}
	}
	assert_true(refused > 1000);
	assert_true(read_image(image));
	free(image->data);
}

static void
any_byte_may_be_wrong(void **state)
{
	struct image image;

	(void)state;
	make_by_liblmdb(&image);
	xor_each_byte(&image);
	make(&image, 512, FEW, 0);
	xor_each_byte(&image);
}

/* In a block of exactly that size, so that a sanitizer sees a byte too far. Only free pages may be missing. */
static void
cut_anywhere(struct image *image, size_t used)
{
	for (size_t size = 0; size < image->size; size++) {
		struct image cut = {malloc(size + 1), size, image->page_size};

		memcpy(cut.data, image->data, size);
		assert_int_equal(read_image(&cut), size >= used);
		free(cut.data);
	}
	free(image->data);
}

static void
a_file_may_end_anywhere(void **state)
{
	struct image image;

	(void)state;
	make_by_liblmdb(&image);
	cut_anywhere(&image, image.size);
	/* The list of the free pages stands behind them, so that none of them is at the end. */
	make(&image, 512, 40, 0);
	cut_anywhere(&image, image.size);
}

static void
layouts_of_all_page_sizes_are_read(void **state)
{
	(void)state;
	for (uint32_t page_size = 512; page_size <= 32768; page_size *= 2) {
		for (uint64_t shuffle = 0; shuffle < 4; shuffle++) {
			struct image image;

			make(&image, page_size, ENTRIES, shuffle);
			assert_true(read_image(&image));
			image_free(&image);
		}
	}
}

/* Every key that is there is found, or the damage is, whichever byte of a branch's key is wrong. Every third one from
 * `first` on is looked for. */
static void
look_up(const struct image *image, unsigned first)
{
	struct coffer_page_source source;
	struct coffer_snapshot *snapshot;
	struct coffer_pages *pages;
	coffer_error error = {0};

	coffer_page_source_memory(image->data, image->size, &source);
	if (!(pages = open_pages(&source)))
		return;
	for (unsigned i = first % 3; i < ENTRIES; i += 3) {
		struct coffer_bytes value;
		coffer_status status;

		/* A snapshot each, so that no page was entered before. */
		assert_int_equal(coffer_pages_snapshot(pages, &snapshot, &error), COFFER_OK);
		error = (coffer_error){0};
		status = coffer_snapshot_get(snapshot, 1, (struct coffer_bytes){keys[i], KEY_SIZE},
					     &value, &error);
		assert_true(status == COFFER_OK || status == COFFER_CORRUPT);
		coffer_snapshot_end(snapshot);
	}
	coffer_pages_close(pages);
}

static uint16_t
get_u16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static void
a_damaged_separator_hides_no_entry(void **state)
{
	unsigned branches = 0;
	struct image image;

	(void)state;
	make(&image, 512, ENTRIES, 0);
	look_up(&image, 0);
	for (uint8_t *page = image.data; page < image.data + image.size; page += image.page_size) {
		unsigned count = (get_u16(page + 12) - 16u) / 2;

		if (get_u16(page + 10) != 1)
			continue;
		branches++;
		for (unsigned node = 1; node < count; node++) {
			uint8_t *key = page + get_u16(page + 16 + 2 * node) + 8;

			for (unsigned at = 7; at < KEY_SIZE; at++) {
				for (unsigned bit = 0; bit < 8; bit++) {
					key[at] ^= (uint8_t)(1u << bit);
					look_up(&image, node + at + bit);
					key[at] ^= (uint8_t)(1u << bit);
				}
			}
		}
	}
	assert_true(branches > 1);
	image_free(&image);
}

/* What the older meta says counts as much as what the newer one says: a file is refused wherever it comes from. */
static void
too_many_trees_in_either_meta_are_refused(void **state)
{
	struct image image;

	(void)state;
	for (unsigned number = 0; number < 2; number++) {
		make(&image, 512, FEW, 0);
		image.data[number * image.page_size + 120 + 2] = 1;
		assert_false(read_image(&image));
		image_free(&image);
	}
}

/* All children of a branch become its first one: as many walks as there are paths, if it were not seen. */
static void
pages_that_are_linked_twice_end_a_walk(void **state)
{
	struct image image;

	(void)state;
	make(&image, 512, ENTRIES, 0);
	for (uint8_t *page = image.data; page < image.data + image.size; page += image.page_size) {
		if (get_u16(page + 10) != 1)
			continue;
		for (unsigned node = 1; node < (get_u16(page + 12) - 16u) / 2; node++)
			memcpy(page + get_u16(page + 16 + 2 * node), page + get_u16(page + 16), 6);
	}
	assert_false(read_image(&image));
	image_free(&image);
}

static void
every_kind_of_damage_is_survived(void **state)
{
	(void)state;
	for (unsigned seed = 0; seed < 40 * DAMAGE_KINDS; seed++) {
		struct choices choices = choices_of((const uint8_t *)&seed, sizeof(seed));
		struct image image;

		make(&image, seed % 3 ? 512 : 4096, ENTRIES, seed % 5);
		damage(&image, seed % DAMAGE_KINDS, &choices);
		(void)read_image(&image);
		image_free(&image);
	}
}

/* ------------------------------------------------------------------ a file that is read */

static int
file_of(const struct image *image)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, image->data, image->size), image->size);
	return fd;
}

static void
a_file_that_is_cut_while_it_is_read_is_damaged(void **state)
{
	struct coffer_page_source source;
	struct coffer_snapshot *snapshot;
	struct coffer_pages *pages;
	struct image image;
	coffer_status end;
	int fd;

	(void)state;
	make(&image, 4096, ENTRIES, 0);
	fd = file_of(&image);
	assert_int_equal(coffer_page_source_read(fd, 0, &source, NULL), COFFER_OK);
	pages = open_pages(&source);
	assert_non_null(pages);
	assert_int_equal(coffer_pages_snapshot(pages, &snapshot, NULL), COFFER_OK);
	assert_int_equal(ftruncate(fd, 2 * 4096), 0);
	(void)walk(snapshot, 1, COFFER_MOVE_NEXT, &end);
	assert_int_equal(end, COFFER_CORRUPT);
	coffer_snapshot_end(snapshot);
	coffer_pages_close(pages);
	coffer_page_source_close(&source);
	(void)close(fd);
	image_free(&image);
}

/* Kibibytes of this process in memory. */
static unsigned long
resident(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	char line[128] = "", *at = line;

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	(void)fclose(file);
	(void)strtoul(at, &at, 10);
	return strtoul(at, NULL, 10) * (unsigned long)sysconf(_SC_PAGESIZE) / 1024;
}

/* 32 MiB of values through a cache of one. */
static void
a_scan_of_a_file_that_is_read_takes_bounded_memory(void **state)
{
	enum { COUNT = 8192, SIZE = 4000, ALLOWED_KIB = 8192 };
	static uint8_t big_keys[COUNT][4], big_value[SIZE];
	static struct image_entry big_entries[COUNT];
	const struct image_tree trees[] = {{"big", big_entries, COUNT}};
	const struct image_options options = {.page_size = 4096};
	struct coffer_page_source source;
	struct coffer_snapshot *snapshot;
	struct coffer_pages *pages;
	struct image image;
	unsigned long before;
	coffer_status end;
	int fd;

	(void)state;
	for (unsigned i = 0; i < COUNT; i++) {
		big_keys[i][2] = (uint8_t)(i >> 8);
		big_keys[i][3] = (uint8_t)i;
		big_entries[i] = (struct image_entry){big_keys[i], big_value, 4, SIZE};
	}
	assert_true(image_make(&image, trees, 1, &options));
	fd = file_of(&image);
	image_free(&image);
	assert_int_equal(coffer_page_source_read(fd, 1 << 20, &source, NULL), COFFER_OK);
	pages = open_pages(&source);
	assert_int_equal(coffer_pages_snapshot(pages, &snapshot, NULL), COFFER_OK);
	before = resident();
	assert_int_equal(walk(snapshot, 0, COFFER_MOVE_NEXT, &end), COUNT);
	assert_int_equal(end, COFFER_NOT_FOUND);
	assert_true(resident() < before + ALLOWED_KIB);
	coffer_snapshot_end(snapshot);
	coffer_pages_close(pages);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_byte_may_be_wrong),
		cmocka_unit_test(a_file_may_end_anywhere),
		cmocka_unit_test(layouts_of_all_page_sizes_are_read),
		cmocka_unit_test(a_damaged_separator_hides_no_entry),
		cmocka_unit_test(too_many_trees_in_either_meta_are_refused),
		cmocka_unit_test(pages_that_are_linked_twice_end_a_walk),
		cmocka_unit_test(every_kind_of_damage_is_survived),
		cmocka_unit_test(a_file_that_is_cut_while_it_is_read_is_damaged),
		cmocka_unit_test(a_scan_of_a_file_that_is_read_takes_bounded_memory),
	};

	return cmocka_run_group_tests_name("damaged pages", tests, NULL, NULL);
}
