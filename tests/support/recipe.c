/*
 * Recipes turned into bytes. The good store is made through coffer.h; what is broken is broken with liblmdb alone, so
 * that no check of coffer stands in the way.
 */
#include "tests/support/recipe.h"

#include "format/catalogue.h"
#include "format/checksum.h"
#include "format/feature.h"
#include "format/key.h"
#include "format/record.h"
#include "tests/support/recipe_page.h"
#include "tests/support/small.h"

#include <fcntl.h>
#include <lmdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	BYTES_MAX = 1 << 19,
	VECTOR_MAX = 4096,
	WORDS_MAX = 5,
	TREES_MAX = 64,
};

/* The file being broken. */
struct kitchen {
	const char *place; /* "bad-...:7" of the line */
	const char *path;  /* of the file */
	coffer_schema *schema;
	MDB_env *env; /* NULL: the first command comes, or pages are broken already */
	MDB_txn *txn;
	struct recipe *recipe;
};

struct bytes {
	uint8_t data[BYTES_MAX];
	size_t size;
};

static void
must(const struct kitchen *kitchen, int code)
{
	if (code)
		fail_msg("%s: %s", kitchen->place, mdb_strerror(code));
}

const char *
recipe_status_name(coffer_status status)
{
	switch (status) {
#define NAME(name, number, text) \
	case COFFER_##name: \
		return #name;
		COFFER_STATUS_LIST(NAME)
#undef NAME
	}
	return "?";
}

/* ------------------------------------------------------------------ bytes */

static void
put(struct bytes *out, const void *data, size_t size)
{
	assert_true(size <= sizeof(out->data) - out->size);
	memcpy(out->data + out->size, data, size);
	out->size += size;
}

static void
put_big(struct bytes *out, uint64_t number, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		uint8_t byte = (uint8_t)(number >> (8 * (size - 1 - i)));

		put(out, &byte, 1);
	}
}

static void
put_hex(struct bytes *out, const char *digits)
{
	for (; digits[0] && digits[1]; digits += 2) {
		char pair[3] = {digits[0], digits[1], '\0'};

		put_big(out, strtoul(pair, NULL, 16), 1);
	}
	assert_false(digits[0]);
}

/* A long text: "repeat:600x" is 600 times 'x'. */
static void
put_repeated(struct bytes *out, const char *argument)
{
	char *letter;
	size_t count = strtoul(argument, &letter, 10);

	for (size_t i = 0; i < count; i++)
		put(out, letter, 1);
}

/* A field of the first line of format/vectors/frame.txt that begins so. */
static void
put_vector(struct bytes *out, const char *beginning, int field)
{
	FILE *file = fopen("format/vectors/frame.txt", "re");
	char line[VECTOR_MAX] = "", *at = line;

	assert_non_null(file);
	while (strncmp(line, beginning, strlen(beginning)) != 0)
		assert_non_null(fgets(line, sizeof(line), file));
	(void)fclose(file);
	while (field--)
		at = strstr(at, " | ") + 3;
	at[strcspn(at, " ")] = '\0';
	put_hex(out, at);
}

static void
put_atom(const struct kitchen *kitchen, struct bytes *out, const char *name, const char *argument)
{
	if (!strcmp(name, "hex"))
		put_hex(out, argument);
	else if (!strcmp(name, "text"))
		put(out, argument, strlen(argument));
	else if (!strcmp(name, "repeat"))
		put_repeated(out, argument);
	else if (!strcmp(name, "row"))
		put_big(out, strtoull(argument, NULL, 10), COFFER_ROW_KEY_SIZE);
	else if (!strcmp(name, "code"))
		put_big(out, strtoull(argument, NULL, 10), COFFER_CODE_KEY_SIZE);
	else if (!strcmp(name, "u16"))
		put_big(out, strtoull(argument, NULL, 10), 2);
	else if (!strcmp(name, "time"))
		put_big(out, (uint64_t)strtoll(argument, NULL, 10) ^ UINT64_C(1) << 63, 8);
	else if (!strcmp(name, "dictionary"))
		put_vector(out, "dictionary | ", 2);
	else if (!strcmp(name, "frame"))
		put_vector(out, !strcmp(argument, "json") ? "json | 7 | " : "text | 7 | ", 3);
	else if (!strcmp(name, "hash"))
		put_big(out, coffer_hash(argument, strlen(argument), SMALL_SEED), COFFER_HASH_SIZE);
	else
		fail_msg("%s: no kind of bytes is called %s", kitchen->place, name);
}

/* "row:3,u16:10" and "-" for none. */
static void
put_words(const struct kitchen *kitchen, struct bytes *out, char *words)
{
	char *state = NULL;

	out->size = 0;
	if (!strcmp(words, "-"))
		return;
	for (char *atom = strtok_r(words, ",", &state); atom; atom = strtok_r(NULL, ",", &state)) {
		char *colon = strchr(atom, ':');

		if (!colon)
			fail_msg("%s: %s is not bytes", kitchen->place, atom);
		*colon = '\0';
		put_atom(kitchen, out, atom, colon + 1);
	}
}

/* ------------------------------------------------------------------ trees */

static MDB_dbi
open_tree(const struct kitchen *kitchen, const char *name, unsigned flags)
{
	MDB_dbi tree;

	must(kitchen, mdb_dbi_open(kitchen->txn, name, flags, &tree));
	return tree;
}

static MDB_val
val(struct bytes *bytes)
{
	return (MDB_val){.mv_size = bytes->size, .mv_data = bytes->data};
}

static void
put_entry(const struct kitchen *kitchen, const char *tree, struct bytes *key, struct bytes *value)
{
	MDB_val k = val(key), v = val(value);

	must(kitchen, mdb_put(kitchen->txn, open_tree(kitchen, tree, 0), &k, &v, 0));
}

static void
get_entry(const struct kitchen *kitchen, const char *tree, struct bytes *key, struct bytes *out)
{
	MDB_val k = val(key), v;

	must(kitchen, mdb_get(kitchen->txn, open_tree(kitchen, tree, 0), &k, &v));
	out->size = 0;
	put(out, v.mv_data, v.mv_size);
}

/* Of the tree "rollups/TABLE/ROLLUP". */
static uint32_t
id_of_rollup(const struct kitchen *kitchen, const char *tree)
{
	const coffer_table *table = &kitchen->schema->tables[SMALL_KEY];
	uint16_t rollup = coffer_table_find_rollup(table, strrchr(tree, '/') + 1);

	if (rollup == COFFER_NO_ROLLUP)
		fail_msg("%s: no roll-up has the tree %s", kitchen->place, tree);
	return table->rollups[rollup].id;
}

/* The id in the checksums of a tree. */
static uint32_t
id_of(const struct kitchen *kitchen, const char *tree)
{
	const char *slash = strchr(tree, '/');
	uint32_t table =
		slash ? coffer_schema_find_table(kitchen->schema, slash + 1) : COFFER_NO_TABLE;

	if (!strcmp(tree, "catalogue"))
		return COFFER_ID_CATALOGUE;
	if (!strcmp(tree, "pool"))
		return COFFER_ID_POOL;
	if (!strcmp(tree, "dictionary"))
		return COFFER_ID_DICTIONARY;
	if (!strncmp(tree, "rollups/", strlen("rollups/")))
		return id_of_rollup(kitchen, tree);
	if (table == COFFER_NO_TABLE)
		fail_msg("%s: the tree %s has no checksums", kitchen->place, tree);
	return kitchen->schema->tables[table].id;
}

static void
seal_entry(const struct kitchen *kitchen, const char *tree, struct bytes *key, struct bytes *value)
{
	coffer_checksum_seal(id_of(kitchen, tree), key->data, key->size, value->data, value->size);
	put_entry(kitchen, tree, key, value);
}

/* ------------------------------------------------------------------ commands */

static void
cook_put(struct kitchen *kitchen, char **words)
{
	static struct bytes key, value;

	put_words(kitchen, &key, words[1]);
	put_words(kitchen, &value, words[2]);
	put_entry(kitchen, words[0], &key, &value);
}

static void
cook_seal(struct kitchen *kitchen, char **words)
{
	static struct bytes key, value, payload;

	put_words(kitchen, &key, words[1]);
	put_words(kitchen, &payload, words[2]);
	value.size = 0;
	put_big(&value, 0, COFFER_CHECKSUM_SIZE);
	put(&value, payload.data, payload.size);
	seal_entry(kitchen, words[0], &key, &value);
}

static void
cook_delete(struct kitchen *kitchen, char **words)
{
	static struct bytes key;
	MDB_val k;

	put_words(kitchen, &key, words[1]);
	k = val(&key);
	must(kitchen, mdb_del(kitchen->txn, open_tree(kitchen, words[0], 0), &k, NULL));
}

/* Copy an entry to another key of its tree, its checksum as it was. */
static void
cook_copy(struct kitchen *kitchen, char **words)
{
	static struct bytes key, value;

	put_words(kitchen, &key, words[1]);
	get_entry(kitchen, words[0], &key, &value);
	put_words(kitchen, &key, words[2]);
	put_entry(kitchen, words[0], &key, &value);
}

static void
cook_flip(struct kitchen *kitchen, char **words)
{
	static struct bytes key, value;
	size_t at = strtoul(words[2], NULL, 10);

	put_words(kitchen, &key, words[1]);
	get_entry(kitchen, words[0], &key, &value);
	assert_true(at < value.size);
	value.data[at] ^= 1;
	put_entry(kitchen, words[0], &key, &value);
}

static void
cook_drop(struct kitchen *kitchen, char **words)
{
	must(kitchen, mdb_drop(kitchen->txn, open_tree(kitchen, words[0], 0), 1));
}

static void
cook_tree(struct kitchen *kitchen, char **words)
{
	(void)open_tree(kitchen, words[0], MDB_CREATE);
}

/* element TABLE ROW COLUMN BYTES: put other bytes in the place of one element; the record is sealed again. */
static void
cook_element(struct kitchen *kitchen, char **words)
{
	static struct bytes key, record, element, out;
	char tree[COFFER_TREE_NAME_SIZE];
	uint32_t number = coffer_schema_find_table(kitchen->schema, words[0]);
	const coffer_table *table;
	size_t at, size = 0;
	uint16_t column;

	assert_int_not_equal(number, COFFER_NO_TABLE);
	table = &kitchen->schema->tables[number];
	column = coffer_table_find_column(table, words[2]);
	assert_int_not_equal(column, COFFER_NO_COLUMN);
	coffer_tree_name(tree, "table", table->name, NULL);
	key.size = 0;
	put_big(&key, strtoull(words[1], NULL, 10), COFFER_ROW_KEY_SIZE);
	get_entry(kitchen, tree, &key, &record);
	assert_int_equal(coffer_record_open(record.data + COFFER_CHECKSUM_SIZE,
					    record.size - COFFER_CHECKSUM_SIZE, table->column_count,
					    &at),
			 COFFER_FAULT_NONE);
	at += COFFER_CHECKSUM_SIZE;
	for (size_t p = 0; p <= table->columns[column].position; p++) {
		at += size;
		size = coffer_element_size(record.data + at, record.size - at);
		assert_int_not_equal(size, 0);
	}
	put_words(kitchen, &element, words[3]);
	out.size = 0;
	put(&out, record.data, at);
	put(&out, element.data, element.size);
	put(&out, record.data + at + size, record.size - at - size);
	seal_entry(kitchen, tree, &key, &out);
}

static void
open_kitchen(struct kitchen *kitchen)
{
	must(kitchen, mdb_env_create(&kitchen->env));
	must(kitchen, mdb_env_set_maxdbs(kitchen->env, TREES_MAX));
	must(kitchen, mdb_env_set_mapsize(kitchen->env, (size_t)16 << 20));
	must(kitchen, mdb_env_open(kitchen->env, kitchen->path, MDB_NOSUBDIR | MDB_NOLOCK, 0600));
	must(kitchen, mdb_txn_begin(kitchen->env, NULL, 0, &kitchen->txn));
}

/* Once. A file that ends before its last page would be a cut one. */
static void
close_kitchen(struct kitchen *kitchen)
{
	MDB_envinfo info;
	MDB_stat facts;
	int fd;

	if (!kitchen->env)
		return;
	must(kitchen, mdb_txn_commit(kitchen->txn));
	must(kitchen, mdb_env_info(kitchen->env, &info));
	must(kitchen, mdb_env_stat(kitchen->env, &facts));
	must(kitchen, mdb_env_get_fd(kitchen->env, &fd));
	must(kitchen, posix_fallocate(fd, 0, (off_t)((info.me_last_pgno + 1) * facts.ms_psize)));
	mdb_env_close(kitchen->env);
	kitchen->env = NULL;
}

/* keys COUNT: begin anew with so many rows, so that trees have branches. */
static void
cook_keys(struct kitchen *kitchen, char **words)
{
	mdb_txn_abort(kitchen->txn);
	mdb_env_close(kitchen->env);
	small_store_of(kitchen->path, (unsigned)strtoul(words[0], NULL, 10));
	open_kitchen(kitchen);
}

static void
cook_words(struct kitchen *kitchen, void (*cook)(struct kitchen *kitchen, char **words),
	   const char *const *words)
{
	static char room[WORDS_MAX][64];
	char *given[WORDS_MAX + 1] = {NULL};

	for (size_t i = 0; words[i]; i++) {
		(void)snprintf(room[i], sizeof(room[i]), "%s", words[i]);
		given[i] = room[i];
	}
	cook(kitchen, given);
}

static void
put_feature(const struct kitchen *kitchen)
{
	struct coffer_format_entry entry = {.version = COFFER_FORMAT_VERSION, .seed = SMALL_SEED};
	static struct bytes key, value;

	coffer_features_name(COFFER_FEATURES_NEW | COFFER_FEATURE_ZSTD, &entry);
	key.size = value.size = 0;
	put(&key, "format", 6);
	put_big(&value, 0, COFFER_CHECKSUM_SIZE);
	value.size += coffer_format_entry_encode(&entry, value.data + value.size);
	seal_entry(kitchen, "catalogue", &key, &value);
}

/* frames: the feature zstd, the dictionary of the vectors, two compressed columns and a frame in each. */
static void
cook_frames(struct kitchen *kitchen, char **words)
{
	static const char *const tree[] = {"dictionary", NULL},
				 *const dictionary[] = {"dictionary", "code:7", "dictionary:7", NULL},
				 *const entry[] = {"catalogue", "text:frames/Key",
						   "hex:92920a07920c07", NULL},
				 *const document[] = {"Key", "2", "document", "frame:json", NULL},
				 *const note[] = {"Key", "2", "note", "frame:text", NULL};

	(void)words;
	put_feature(kitchen);
	cook_words(kitchen, cook_tree, tree);
	cook_words(kitchen, cook_seal, dictionary);
	cook_words(kitchen, cook_seal, entry);
	cook_words(kitchen, cook_element, document);
	cook_words(kitchen, cook_element, note);
}

/* rollups: begin anew with a store that has some. */
static void
cook_rollups(struct kitchen *kitchen, char **words)
{
	(void)words;
	mdb_txn_abort(kitchen->txn);
	mdb_env_close(kitchen->env);
	small_store_with_rollups(kitchen->path);
	coffer_schema_free(kitchen->schema);
	kitchen->schema = small_schema_with_rollups();
	open_kitchen(kitchen);
}

/* What is done to pages comes after what is done to entries. */
static void
cook_page(struct kitchen *kitchen, char **words)
{
	close_kitchen(kitchen);
	recipe_page(kitchen->path, kitchen->place, words);
}

static void
cook_meta(struct kitchen *kitchen, char **words)
{
	close_kitchen(kitchen);
	recipe_meta(kitchen->path, kitchen->place, words);
}

static void
cook_status(struct kitchen *kitchen, char **words)
{
	(void)snprintf(kitchen->recipe->status, sizeof(kitchen->recipe->status), "%s", words[0]);
}

/* expect INVARIANT STATUS PLACE [MESSAGE] */
static void
cook_expect(struct kitchen *kitchen, char **words)
{
	struct recipe_finding *finding =
		&kitchen->recipe->findings[kitchen->recipe->finding_count++];

	assert_true(kitchen->recipe->finding_count <= RECIPE_FINDINGS_MAX);
	(void)snprintf(finding->invariant, sizeof(finding->invariant), "%s", words[0]);
	(void)snprintf(finding->status, sizeof(finding->status), "%s", words[1]);
	(void)snprintf(finding->place, sizeof(finding->place), "%s", words[2]);
	for (char *at = finding->place; (at = strchr(at, '~'));)
		*at = ' ';
	(void)snprintf(finding->message, sizeof(finding->message), "%s", words[3] ? words[3] : "");
}

static const struct command {
	const char *name;
	int words_min, words_max;
	void (*cook)(struct kitchen *kitchen, char **words);
} commands[] = {
	{"put", 3, 3, cook_put},       {"seal", 3, 3, cook_seal},
	{"delete", 2, 2, cook_delete}, {"copy", 3, 3, cook_copy},
	{"flip", 3, 3, cook_flip},     {"drop", 1, 1, cook_drop},
	{"tree", 1, 1, cook_tree},     {"element", 4, 4, cook_element},
	{"keys", 1, 1, cook_keys},     {"page", 4, 4, cook_page},
	{"meta", 3, 3, cook_meta},     {"status", 1, 1, cook_status},
	{"expect", 3, 4, cook_expect}, {"frames", 0, 0, cook_frames},
	{"rollups", 0, 0, cook_rollups},
};

/* ------------------------------------------------------------------ lines */

static void
cook_line(struct kitchen *kitchen, char *line)
{
	char *words[WORDS_MAX + 1] = {NULL}, *state = NULL, *name;
	int count = 0;

	line[strcspn(line, "\n")] = '\0';
	name = strtok_r(line, " ", &state);
	if (!name || name[0] == '#')
		return;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, name) != 0)
			continue;
		while (count < commands[i].words_max &&
		       (words[count] = strtok_r(
				NULL, count == 3 && !strcmp(name, "expect") ? "" : " ", &state)))
			count++;
		if (count < commands[i].words_min)
			fail_msg("%s: %s wants %d words", kitchen->place, name,
				 commands[i].words_min);
		commands[i].cook(kitchen, words);
		return;
	}
	fail_msg("%s: no command is called %s", kitchen->place, name);
}

void
recipe_apply(const char *recipe_path, const char *path, struct recipe *recipe_out)
{
	char line[RECIPE_LINE_MAX], place[RECIPE_LINE_MAX];
	struct kitchen kitchen = {.place = place, .path = path, .recipe = recipe_out};
	FILE *file = fopen(recipe_path, "re");
	unsigned number = 0;

	if (!file)
		fail_msg("%s cannot be opened", recipe_path);
	*recipe_out = (struct recipe){.status = "OK"};
	small_store(path);
	kitchen.schema = small_schema();
	(void)snprintf(place, sizeof(place), "%s", recipe_path);
	open_kitchen(&kitchen);
	while (fgets(line, sizeof(line), file)) {
		(void)snprintf(place, sizeof(place), "%.400s:%u", recipe_path, ++number);
		cook_line(&kitchen, line);
	}
	(void)fclose(file);
	close_kitchen(&kitchen);
	coffer_schema_free(kitchen.schema);
}
