/*
 * Property: the careful reader gives of any bytes a well-formed answer or COFFER_CORRUPT with a place, in steps that the file's
 * size bounds; of a file that is whole exactly what was put in. The structural checks of verify find nothing in what is whole,
 * and where they find nothing no read fails.
 *
 * Input: a byte that says what follows. Bit 0: the file itself; else choices by which a file is made and damaged, as
 * often as bits 1 to 3 say. Bit 4: the file is read, not in memory. Bit 5: pages of 512 or 4096 bytes.
 */
#include "pages/pages.h"
#include "fuzz/demand.h"
#include "fuzz/support/damage.h"
#include "verify/verify.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	TREES_MAX = 4,
	ENTRIES_MAX = 120,
	KEYS_MAX = 511,
	SEEKS = 40,
	VALUE_MAX = 3000,
};

struct tree {
	struct image_entry entries[ENTRIES_MAX];
	uint8_t keys[ENTRIES_MAX][KEYS_MAX];
};

static struct tree trees[TREES_MAX];
static struct image_tree model[TREES_MAX];
static size_t model_count; /* 0: nothing is known of the content */
static bool is_sound;      /* the structural checks have found nothing */
static uint8_t value_bytes[VALUE_MAX];
static volatile uint8_t sink;

/* ------------------------------------------------------------------ making */

static void
make_tree(struct tree *tree, size_t count, size_t key_max, struct choices *choices)
{
	for (size_t i = 0; i < count; i++) {
		size_t size = 4 + choose(choices, 4) * choose(choices, key_max / 3 - 4);

		memset(tree->keys[i], (int)(i * 7 % 256), size);
		tree->keys[i][0] = 'k';
		tree->keys[i][1] = (uint8_t)(i >> 8);
		tree->keys[i][2] = (uint8_t)i;
		tree->entries[i] = (struct image_entry){
			.key = tree->keys[i],
			.key_size = size > key_max ? key_max : size,
			.value = value_bytes,
			.value_size = choose(choices, 8) ? choose(choices, 60)
							 : choose(choices, VALUE_MAX),
		};
	}
}

static bool
make_image(struct image *image, bool is_small, struct choices *choices)
{
	static const char *const names[TREES_MAX] = {"a", "b/c", "catalogue", "pool"};
	struct image_options options = {
		.page_size = is_small ? 512 : 4096,
		.free_pages = (unsigned)choose(choices, 4) * (unsigned)choose(choices, 100),
		.shuffle = choose(choices, 256),
	};

	model_count = 1 + choose(choices, TREES_MAX);
	for (size_t i = 0; i < sizeof(value_bytes); i++)
		value_bytes[i] = (uint8_t)(i * 31);
	for (size_t i = 0; i < model_count; i++) {
		model[i] = (struct image_tree){
			.name = names[i],
			.entries = trees[i].entries,
			.count = choose(choices, ENTRIES_MAX),
		};
		make_tree(&trees[i], model[i].count, image_key_max(options.page_size), choices);
	}
	return image_make(image, model, model_count, &options);
}

/* ------------------------------------------------------------------ reading */

/* The block is in one piece: where both ends may be read, all of it may. */
static void
touch(struct coffer_bytes bytes)
{
	if (bytes.size)
		sink = (uint8_t)(bytes.data[0] + bytes.data[bytes.size - 1]);
}

/* False when the walk is over. What failed has a place. */
static bool
goes_on(coffer_status status, const coffer_error *error)
{
	demand(status == COFFER_OK || status == COFFER_NOT_FOUND || status == COFFER_CORRUPT);
	demand(status != COFFER_CORRUPT || (error->status == COFFER_CORRUPT && *error->message));
	demand(status != COFFER_CORRUPT || (!model_count && !is_sound));
	return !status;
}

static int
compare(struct coffer_bytes left, struct coffer_bytes right)
{
	size_t size = left.size < right.size ? left.size : right.size;
	int order = size ? memcmp(left.data, right.data, size) : 0;

	return order ? order : (left.size > right.size) - (left.size < right.size);
}

static void
demand_entry(uint32_t tree, uint64_t number, struct coffer_bytes key, struct coffer_bytes value)
{
	const struct image_entry *entry = &model[tree].entries[number];

	demand(number < model[tree].count && key.size == entry->key_size &&
	       !memcmp(key.data, entry->key, key.size));
	demand(value.size == entry->value_size && !memcmp(value.data, entry->value, value.size));
}

static void
walk(struct coffer_snapshot *snapshot, uint32_t tree, bool is_forward, size_t size)
{
	enum coffer_move move = is_forward ? COFFER_MOVE_NEXT : COFFER_MOVE_PREVIOUS;
	uint8_t before[KEYS_MAX];
	struct coffer_bytes key, value, last = {NULL, 0};
	struct coffer_place *place;
	coffer_error error = {0};
	uint64_t seen = 0;

	if (!goes_on(coffer_place_open(snapshot, tree, &place, &error), &error))
		return;
	for (; goes_on(coffer_place_move(place, move, &key, &value, &error), &error); seen++) {
		demand(key.size && key.size <= KEYS_MAX && seen <= size / 10);
		demand(!seen || (compare(key, last) > 0) == is_forward);
		touch(key);
		touch(value);
		if (model_count)
			demand_entry(tree, is_forward ? seen : model[tree].count - 1 - seen, key,
				     value);
		memcpy(before, key.data, key.size);
		last = (struct coffer_bytes){before, key.size};
	}
	demand(!model_count || seen == model[tree].count);
	coffer_place_close(place);
}

/* Wander about; a search never comes to a key below the one that was searched for. */
static void
seek(struct coffer_snapshot *snapshot, uint32_t tree, struct choices *choices)
{
	struct coffer_place *place;
	coffer_error error = {0};

	if (!goes_on(coffer_place_open(snapshot, tree, &place, &error), &error))
		return;
	for (int i = 0; i < SEEKS; i++) {
		uint8_t bytes[] = {'k', (uint8_t)choose(choices, 3), (uint8_t)choose(choices, 256),
				   (uint8_t)choose(choices, 256)};
		struct coffer_bytes wanted = {bytes, 1 + choose(choices, sizeof(bytes))};
		struct coffer_bytes key = wanted, value;
		enum coffer_move move = (enum coffer_move)choose(choices, 5);

		error = (coffer_error){0};
		if (goes_on(coffer_place_move(place, move, &key, &value, &error), &error)) {
			demand(move != COFFER_MOVE_SEEK || compare(key, wanted) >= 0);
			touch(key);
			touch(value);
		}
		if (goes_on(coffer_snapshot_get(snapshot, tree, wanted, &value, &error), &error))
			touch(value);
	}
	coffer_place_close(place);
}

static void
read_all(struct coffer_pages *pages, size_t size, struct choices *choices)
{
	const struct coffer_pages_names *names = coffer_pages_names(pages);
	struct coffer_snapshot *snapshot;
	struct coffer_tree_size of_tree;
	coffer_error error = {0};

	if (!goes_on(coffer_pages_snapshot(pages, &snapshot, &error), &error))
		return;
	for (uint32_t tree = 0; tree < names->count; tree++) {
		error = (coffer_error){0};
		if (goes_on(coffer_snapshot_size(snapshot, tree, &of_tree, &error), &error))
			demand(of_tree.bytes <= size);
		seek(snapshot, tree, choices);
		walk(snapshot, tree, true, size);
		walk(snapshot, tree, false, size);
	}
	coffer_snapshot_end(snapshot);
}

/* True when verify's structural half finds nothing. */
static bool
check_structure(const coffer_origin *origin)
{
	coffer_verify_options options = {.findings_max = 100};
	coffer_verify_summary summary = {0};
	struct coffer_verifier verifier = {.options = &options, .summary = &summary};
	coffer_error error = {0};

	if (coffer_disk_open_origin(origin, &verifier.disk, &error))
		return false;
	if (!coffer_disk_snapshot(verifier.disk, &verifier.snapshot, &error)) {
		coffer_verify_structure(&verifier);
		free(verifier.damaged);
		coffer_snapshot_end(verifier.snapshot);
	}
	coffer_disk_close(verifier.disk);
	return !error.status && !verifier.status && !summary.findings;
}

static void
read_source(const struct coffer_page_source *source, struct choices *choices)
{
	struct coffer_pages *pages;
	coffer_error error = {0};
	coffer_status status = coffer_pages_open(source, 100, &pages, &error);

	if (status) {
		demand(status == COFFER_CORRUPT || status == COFFER_NOT_A_COFFER);
		demand(!model_count && error.status == status && *error.message);
		return;
	}
	read_all(pages, (size_t)source->size, choices);
	coffer_pages_close(pages);
}

/* The bytes in a block of exactly their size, so that a sanitizer sees one too far. */
static void
read_bytes(const uint8_t *data, size_t size, bool is_read, struct choices *choices)
{
	uint8_t *block = malloc(size ? size : 1);
	struct coffer_page_source source;
	int fd = -1;

	demand(block != NULL);
	memcpy(block, data, size);
	is_sound = check_structure(&(coffer_origin){.memory = block, .size = size});
	demand(is_sound || !model_count);
	if (is_read) {
		fd = memfd_create("image", MFD_CLOEXEC);
		demand(fd >= 0 && write(fd, block, size) == (ssize_t)size);
		demand(coffer_page_source_read(fd, 0, &source, NULL) == COFFER_OK);
	} else {
		coffer_page_source_memory(block, size, &source);
	}
	read_source(&source, choices);
	coffer_page_source_close(&source);
	if (fd >= 0)
		(void)close(fd);
	free(block);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct choices choices;
	struct image image;
	unsigned how, times;

	if (!size || size > 1 << 20)
		return 0;
	how = data[0];
	choices = choices_of(data + 1, size - 1);
	model_count = 0;
	if (how & 1) {
		read_bytes(data + 1, size - 1, how >> 4 & 1, &choices);
		return 0;
	}
	demand(make_image(&image, how >> 5 & 1, &choices));
	times = how >> 1 & 7;
	for (unsigned i = 0; i < times; i++)
		damage(&image, (unsigned)choose(&choices, DAMAGE_KINDS), &choices);
	if (times)
		model_count = 0;
	read_bytes(image.data, image.size, how >> 4 & 1, &choices);
	image_free(&image);
	return 0;
}
