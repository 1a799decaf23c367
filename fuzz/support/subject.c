/*
 * Rows follow from the choices alone: texts and documents of all sizes, interned names, times, NULLs. A state is kept by
 * reading the file back after a commit; traces are made of each state in a file of its own.
 */
#include "fuzz/support/subject.h"

#include "format/feature.h"
#include "store/load.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TEXT_MAX = 1 << 20,
	CHANGES_MAX = 6, /* rows that a commit changes, at most */
	ID_SIZE = 64,
	DOCUMENT_STEPS = 16,
	DOCUMENT_SIZE = 2048,
};

/* Tables by number. */
enum { GROUP, ITEM };
enum { ITEM_ID, ITEM_GROUP, ITEM_AT, ITEM_NUMBER, ITEM_BODY, ITEM_DATA, ITEM_TAGS, ITEM_COLUMNS };

static const char prisma_two[] =
	"model Group {\n"
	"  id    String @id\n"
	"  spend Float\n"
	"  items Item[]\n"
	"}\n"
	"/// @coffer.rollup hour group_id -> number\n"
	"/// @coffer.rollup day -> number\n"
	"model Item {\n"
	"  id       String @id\n"
	"  group_id String?\n"
	"  at       DateTime /// @coffer.time\n"
	"  number   Int\n"
	"  body     String?\n"
	"  data     Json?\n"
	"  tags     String[]\n"
	"  group    Group? @relation(fields: [group_id], references: [id])\n"
	"  @@index([number])\n"
	"}\n";
static const char prisma_lone[] = "/// @coffer.rollup hour -> number\n"
				  "model Item {\n"
				  "  id       String @id\n"
				  "  group_id String? /// @coffer.interned\n"
				  "  at       DateTime /// @coffer.time\n"
				  "  number   Int\n"
				  "  body     String?\n"
				  "  data     Json?\n"
				  "  tags     String[]\n"
				  "  @@index([number])\n"
				  "  @@index([group_id])\n"
				  "}\n";

struct maker {
	struct subject *subject;
	const struct subject_options *options;
	struct choices *choices;
	uint32_t items; /* number of that table */
	char *body;     /* TEXT_MAX bytes */
	coffer_store *store;
};

static coffer_value
text_of(coffer_kind kind, const char *text, size_t size)
{
	return (coffer_value){.kind = kind, .text = {text, size}};
}

/* ------------------------------------------------------------------ rows */

static coffer_value
make_body(struct maker *maker)
{
	uint64_t long_size = maker->options->long_size;
	size_t size = (size_t)choose(maker->choices,
				     choose(maker->choices, 5) || !long_size ? 60 : long_size);

	if (!choose(maker->choices, 6))
		return (coffer_value){.kind = COFFER_NULL};
	memset(maker->body, 'a' + (int)choose(maker->choices, 26), size);
	return text_of(COFFER_TEXT, maker->body, size);
}

/* A document that is worth a frame. */
static coffer_value
make_large_document(unsigned number)
{
	static char large[DOCUMENT_SIZE];
	size_t size = (size_t)snprintf(large, sizeof(large), "{\"user\": \"%08x\", \"steps\": [",
				       number * 2654435761u);

	for (unsigned i = 0; i < DOCUMENT_STEPS; i++)
		size += (size_t)snprintf(
			large + size, sizeof(large) - size,
			"%s{\"n\": %u, \"status\": \"success\", \"model_group\": \"gpt-4o-mini\"}",
			i ? ", " : "", (number * 7 + i * i) % 1000);
	size += (size_t)snprintf(large + size, sizeof(large) - size, "], \"metadata\": null}");
	return text_of(COFFER_JSON, large, size);
}

static coffer_value
make_document(struct maker *maker, unsigned number)
{
	static const char *const small[] = {"{}", "{\"a\": [1, 2.5, null]}", "[true, \"x\"]"};
	unsigned which = (unsigned)choose(maker->choices, 3);

	if (maker->options->is_loaded && which)
		return make_large_document(number);
	return text_of(COFFER_JSON, small[which], strlen(small[which]));
}

/* Of every form that a store packs, and of one that none does; another one for another number. */
static size_t
make_id(char out[ID_SIZE], unsigned number)
{
	switch (number % 5) {
	case 0:
		return (size_t)snprintf(out, ID_SIZE, "%032x", number);
	case 1:
		return (size_t)snprintf(out, ID_SIZE, "%08x-0000-4000-8000-0123456789ab", number);
	case 2:
		return (size_t)snprintf(out, ID_SIZE, "chatcmpl-%08x-52fa-4ac7-87a8-1f008d0c8e30",
					number);
	case 3:
		return (size_t)snprintf(out, ID_SIZE, "key-%017x", number);
	default:
		return (size_t)snprintf(out, ID_SIZE, "item %u", number);
	}
}

static size_t
make_item(struct maker *maker, unsigned number, coffer_set sets[ITEM_COLUMNS])
{
	static const coffer_text tags[] = {{"a", 1}, {NULL, 0}, {"two words", 9}};
	static char id[ID_SIZE], group[16], packed[64];
	int group_size =
		snprintf(group, sizeof(group), "group-%u", (unsigned)choose(maker->choices, 3));
	coffer_value values[ITEM_COLUMNS] = {
		[ITEM_ID] = text_of(COFFER_TEXT, id, make_id(id, number)),
		[ITEM_GROUP] = text_of(COFFER_TEXT, group, (size_t)group_size),
		[ITEM_AT] = {.kind = COFFER_TIME, .time = (int64_t)number * 700000000},
		[ITEM_NUMBER] = {.kind = COFFER_INT,
				 .integer = (int64_t)choose(maker->choices, 100)},
		[ITEM_BODY] = make_body(maker),
		[ITEM_DATA] = make_document(maker, number),
		[ITEM_TAGS] = text_of(COFFER_TEXT_ARRAY, packed,
				      coffer_array_pack(tags, choose(maker->choices, 4), packed)),
	};

	for (size_t i = 0; i < ITEM_COLUMNS; i++)
		sets[i] = (coffer_set){.column = (uint16_t)i, .value = values[i]};
	if (!choose(maker->choices, 8))
		sets[ITEM_GROUP].value = (coffer_value){.kind = COFFER_NULL};
	return ITEM_COLUMNS;
}

static coffer_status
insert_groups(coffer_txn *txn, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (int i = 0; !status && i < 3; i++) {
		char id[16];
		coffer_outcome outcome;
		coffer_set sets[] = {
			{.column = 0,
			 .value = text_of(COFFER_TEXT, id,
					  (size_t)snprintf(id, sizeof(id), "group-%d", i))},
			{.column = 1, .value = {.kind = COFFER_FLOAT, .real = 0.1 * i}},
		};

		status = coffer_insert(txn, GROUP, sets, 2, COFFER_CONFLICT_FAIL, &outcome, error);
	}
	return status;
}

static coffer_status
insert_item(struct maker *maker, coffer_txn *txn, unsigned number, coffer_error *error)
{
	coffer_set sets[ITEM_COLUMNS];
	size_t count = make_item(maker, number, sets);
	coffer_outcome outcome;

	return coffer_insert(txn, maker->items, sets, count, COFFER_CONFLICT_SKIP, &outcome, error);
}

static coffer_status
fill(struct maker *maker, coffer_error *error)
{
	coffer_txn *txn;
	coffer_status status = coffer_txn_begin_write(maker->store, &txn, error);

	if (status)
		return status;
	if (!maker->options->is_lone)
		status = insert_groups(txn, error);
	for (unsigned i = 0; !status && i < maker->options->rows; i++)
		status = insert_item(maker, txn, i, error);
	if (status)
		coffer_txn_end(txn);
	return status ? status : coffer_txn_commit(txn, error);
}

/* Insert, change or delete a row, as it comes. */
static coffer_status
change_row(struct maker *maker, coffer_txn *txn, coffer_error *error)
{
	unsigned row = (unsigned)choose(maker->choices, 2 * (uint64_t)maker->options->rows + 2) + 1;
	coffer_set sets[ITEM_COLUMNS];
	coffer_status status;

	switch (choose(maker->choices, 3)) {
	case 0:
		return insert_item(maker, txn, 1000 + row, error);
	case 1:
		(void)make_item(maker, row, sets);
		status = coffer_update(txn, maker->items, row, sets + ITEM_GROUP,
				       ITEM_COLUMNS - ITEM_GROUP, error);
		break;
	default:
		status = coffer_delete(txn, maker->items, row, error);
	}
	return status == COFFER_NOT_FOUND ? COFFER_OK : status;
}

static coffer_status
change(struct maker *maker, coffer_error *error)
{
	unsigned changes = 1 + (unsigned)choose(maker->choices, CHANGES_MAX);
	coffer_txn *txn;
	coffer_status status = coffer_txn_begin_write(maker->store, &txn, error);

	if (status)
		return status;
	while (!status && changes--)
		status = change_row(maker, txn, error);
	if (status)
		coffer_txn_end(txn);
	return status ? status : coffer_txn_commit(txn, error);
}

/* ------------------------------------------------------------------ states */

static const char *
read_file(const char *path, struct image *image_out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat facts;
	bool is_whole = fd >= 0 && !fstat(fd, &facts);

	if (is_whole) {
		image_out->size = (size_t)facts.st_size;
		image_out->data = malloc(image_out->size);
		is_whole = image_out->data &&
			   read(fd, image_out->data, image_out->size) == (ssize_t)image_out->size;
	}
	if (fd >= 0)
		(void)close(fd);
	return is_whole ? NULL : "a state cannot be read back";
}

/* The oldest kept one but the first goes when there are too many. */
static const char *
keep_state(struct subject *subject, const char *path, uint32_t page_size)
{
	size_t at = subject->state_count;

	if (at == SUBJECT_STATES_MAX) {
		free(subject->states[1].data);
		memmove(&subject->states[1], &subject->states[2],
			(SUBJECT_STATES_MAX - 2) * sizeof(subject->states[0]));
		at = --subject->state_count;
	}
	subject->states[at] = (struct image){.page_size = page_size};
	subject->state_count++;
	return read_file(path, &subject->states[at]);
}

static const char *
write_file(const char *path, const struct image *image)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool is_whole = fd >= 0 && write(fd, image->data, image->size) == (ssize_t)image->size;

	if (fd >= 0)
		(void)close(fd);
	return is_whole ? NULL : "a state cannot be written";
}

/* Learn each state, then read each with the keys of all. */
static const char *
read_states(struct subject *subject, const char *path, bool is_brief)
{
	struct reading_options options = {.known = &subject->known, .is_brief = is_brief};
	struct reading reading;
	coffer_store *store;
	const char *failure;

	for (size_t i = 0; subject->state_count && i < 2 * subject->state_count; i++) {
		size_t state = i % subject->state_count;
		bool is_learnt;

		if ((failure = write_file(path, &subject->states[state])))
			return failure;
		if (coffer_store_open(path, &store, NULL))
			return "a state cannot be opened";
		is_learnt = i >= subject->state_count || !knowledge_learn(&subject->known, store);
		reading_make(store, &options, &reading);
		coffer_store_close(store);
		if (!is_learnt ||
		    (i >= subject->state_count && (reading.failures || reading.strangers)))
			return "a state cannot be read";
		subject->traces[state] = reading.trace;
	}
	return NULL;
}

static const char *
look_at(struct subject *subject, const char *path, bool is_brief)
{
	const char *failure = read_states(subject, path, is_brief);

	subject->value_size_max = subject->known.value_size_max;
	if (!failure && !entries_list(&subject->states[subject->state_count - 1], subject->schema,
				      &subject->entries))
		failure = "no memory for entries";
	(void)unlink(path);
	return failure;
}

/* ------------------------------------------------------------------ making */

static uint32_t
page_size_of(const coffer_store *store)
{
	coffer_store_facts facts;

	coffer_store_describe(store, &facts);
	return facts.page_size;
}

static const char *
make_states(struct maker *maker, const char *path)
{
	uint32_t page_size = page_size_of(maker->store);
	const char *failure = keep_state(maker->subject, path, page_size);

	if (!failure && !maker->options->is_loaded) {
		if (fill(maker, NULL))
			failure = "the first rows cannot be written";
		else
			failure = keep_state(maker->subject, path, page_size);
	}
	for (unsigned i = 0; !failure && i < maker->options->commits; i++) {
		/* Those that are not kept may have left pages behind. */
		if (knowledge_learn(&maker->subject->known, maker->store))
			failure = "a state cannot be learnt";
		else if (change(maker, NULL))
			failure = "a change cannot be written";
		else
			failure = keep_state(maker->subject, path, page_size);
	}
	return failure;
}

static coffer_status
load_groups(coffer_load *load)
{
	coffer_status status = coffer_load_table(load, GROUP, NULL);

	for (int i = 0; !status && i < 3; i++) {
		char id[16];
		const coffer_value values[] = {
			text_of(COFFER_TEXT, id, (size_t)snprintf(id, sizeof(id), "group-%d", i)),
			{.kind = COFFER_FLOAT, .real = 0.1 * i},
		};

		status = coffer_load_row(load, values, NULL);
	}
	return status;
}

static coffer_status
load_rows(struct maker *maker, coffer_load *load)
{
	coffer_status status = maker->options->is_lone ? COFFER_OK : load_groups(load);

	if (!status)
		status = coffer_load_table(load, maker->items, NULL);
	for (unsigned i = 0; !status && i < maker->options->rows; i++) {
		coffer_set sets[ITEM_COLUMNS];
		coffer_value values[ITEM_COLUMNS];

		for (size_t c = make_item(maker, i, sets); c--;)
			values[c] = sets[c].value;
		status = coffer_load_row(load, values, NULL);
	}
	return status;
}

/* A store that is empty or loaded; coffer_store_create would not ask which features it has. */
static coffer_status
create(struct maker *maker, const char *path)
{
	const coffer_load_options options = {.is_forced = true, .has_seed = true, .seed = 1};
	coffer_schema *schema = maker->subject->schema;
	coffer_load *load;
	coffer_status status;

	for (size_t i = 0; maker->options->is_old && i < schema->table_count; i++)
		schema->tables[i].rollup_count = 0;
	if ((status = coffer_load_begin(path, schema, &options, &load, NULL)))
		return status;
	if (maker->options->is_old)
		load->features = load->reader.features = COFFER_FEATURES_NONE;
	if (maker->options->is_loaded && (status = load_rows(maker, load))) {
		coffer_load_abort(load);
		return status;
	}
	return coffer_load_finish(load, NULL);
}

const char *
subject_make(struct subject *subject, const char *path, const struct subject_options *options,
	     struct choices *choices)
{
	const char *text = options->is_lone ? prisma_lone : prisma_two, *failure;
	struct maker maker = {
		.subject = subject,
		.options = options,
		.choices = choices,
		.items = options->is_lone ? GROUP : ITEM,
		.body = malloc(TEXT_MAX),
	};

	*subject = (struct subject){0};
	if (!maker.body || options->long_size > TEXT_MAX ||
	    coffer_schema_parse_prisma((coffer_text){text, strlen(text)}, "subject",
				       &subject->schema, NULL) ||
	    create(&maker, path) || coffer_store_open_to_write(path, &maker.store, NULL)) {
		free(maker.body);
		return "a store cannot be made";
	}
	failure = make_states(&maker, path);
	coffer_store_close(maker.store);
	free(maker.body);
	return failure ? failure : look_at(subject, path, options->is_brief);
}

const char *
subject_take(struct subject *subject, const char *path)
{
	const char *failure;
	coffer_store *store;
	uint32_t page_size;

	*subject = (struct subject){0};
	if (coffer_store_open(path, &store, NULL))
		return "a store cannot be opened";
	page_size = page_size_of(store);
	failure = coffer_schema_copy(coffer_store_schema(store), &subject->schema, NULL)
			  ? "a schema cannot be copied"
			  : NULL;
	coffer_store_close(store);
	if (!failure)
		failure = keep_state(subject, path, page_size);
	return failure ? failure : look_at(subject, path, false);
}

void
subject_free(struct subject *subject)
{
	for (size_t i = 0; i < subject->state_count; i++)
		free(subject->states[i].data);
	entries_free(&subject->entries);
	knowledge_free(&subject->known);
	coffer_schema_free(subject->schema);
	*subject = (struct subject){0};
}
