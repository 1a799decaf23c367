/*
 * Every line of format/vectors/: what it says is written, and what is written reads back. The lines were made by
 * another implementation (Python's msgpack, xxhash and zstandard), so they are a second opinion and not a snapshot.
 */
#include "tests/format/vector.h"

#include "base/utf8.h"
#include "format/catalogue.h"
#include "format/checksum.h"
#include "format/frame.h"
#include "format/key.h"
#include "format/msgpack.h"

#include <inttypes.h>
#include <zstd.h>

static uint64_t
number_of(const char *text, int base)
{
	return strtoull(text, NULL, base);
}

/* ------------------------------------------------------------------ SPEC.md 1.2, 3 */

static void
check_text(const struct vector *vector)
{
	struct vector_bytes bytes = vector_hex(vector->fields[0]);
	bool is_well = !strcmp(vector->fields[1], "well");

	if (coffer_utf8_is_valid((const char *)bytes.data, bytes.size) != is_well)
		VECTOR_FAIL(vector, "not %s", vector->fields[1]);
}

static void
check_checksum(const struct vector *vector)
{
	uint32_t id = (uint32_t)number_of(vector->fields[0], 10);
	struct vector_bytes key = vector_hex(vector->fields[1]),
			    payload = vector_hex(vector->fields[2]);
	struct vector_bytes value = {.size = 8 + payload.size};

	memcpy(value.data + 8, payload.data, payload.size);
	coffer_checksum_seal(id, key.data, key.size, value.data, value.size);
	vector_expect(vector, value.data, value.size, vector->fields[3]);
	assert_int_equal(coffer_checksum_check(id, key.data, key.size, value.data, value.size),
			 COFFER_FAULT_NONE);
	value.data[value.size - 1] ^= 1;
	assert_int_equal(coffer_checksum_check(id, key.data, key.size, value.data, value.size),
			 COFFER_FAULT_CHECKSUM);
	assert_int_equal(coffer_checksum_check(id, key.data, key.size, value.data, 7),
			 COFFER_FAULT_CUT);
}

static void
check_tree(const struct vector *vector)
{
	char name[COFFER_TREE_NAME_SIZE];
	size_t size = coffer_tree_name(name, vector->fields[0], vector->fields[1],
				       *vector->fields[2] ? vector->fields[2] : NULL);

	assert_string_equal(name, vector->fields[3]);
	assert_int_equal(size, strlen(name));
}

static void
check_number(const struct vector *vector)
{
	char *rest;
	uint64_t number = strtoull(vector->fields[1], &rest, 10);
	uint8_t out[8];

	if (!strcmp(vector->fields[0], "row")) {
		coffer_key_put_row(out, number);
		vector_expect(vector, out, 6, vector->fields[2]);
		assert_int_equal(coffer_key_get_row(out), number);
	} else if (!strcmp(vector->fields[0], "long")) {
		coffer_key_put_long(out, number, (uint16_t)number_of(rest, 10));
		vector_expect(vector, out, 8, vector->fields[2]);
	} else if (!strcmp(vector->fields[0], "code")) {
		coffer_key_put_code(out, (uint32_t)number);
		vector_expect(vector, out, 4, vector->fields[2]);
		assert_int_equal(coffer_key_get_code(out), number);
	} else {
		coffer_key_put_hash(out, number);
		vector_expect(vector, out, 8, vector->fields[2]);
		assert_true(coffer_key_get_hash(out) == number);
	}
}

/* ------------------------------------------------------------------ SPEC.md 4 */

/* What an element means, held against a value in words. */
static void
expect_element(const struct vector *vector, const struct vector_value *wanted, coffer_kind kind,
	       const struct coffer_element *element)
{
	char expanded[2 * VECTOR_BYTES_MAX];
	coffer_value value = element->value;

	if (wanted->is_long || wanted->code) {
		assert_int_equal(element->form,
				 wanted->is_long ? COFFER_ELEMENT_LONG : COFFER_ELEMENT_CODE);
		assert_int_equal(element->code, wanted->code);
		return;
	}
	if (element->form >= COFFER_ELEMENT_HEX) {
		coffer_text_expand(element->form, value.text, expanded);
		value.text = (coffer_text){
			expanded, coffer_text_expanded_size(element->form, element->value.text)};
	}
	assert_int_equal(value.kind, wanted->value.kind);
	if (kind == COFFER_FLOAT && value.kind != COFFER_NULL)
		assert_memory_equal(&value.real, &wanted->value.real, sizeof(double));
	else if (!coffer_key_is_equal(&value, &wanted->value))
		VECTOR_FAIL(vector, "another value");
}

/* Write one value of a column at `out`, and read it back. */
static size_t
write_element(const struct vector *vector, struct coffer_form form,
	      const struct vector_value *wanted, uint8_t *out)
{
	struct coffer_element element;
	size_t size = 1;

	if (wanted->is_long)
		*out = 0xc3;
	else
		size = coffer_element_write(form, &wanted->value, wanted->code, out);
	assert_true(wanted->is_long || size <= coffer_element_size_max(&wanted->value));
	assert_int_equal(coffer_element_size(out, size), size);
	for (size_t cut = 0; cut < size; cut++)
		assert_int_equal(coffer_element_size(out, cut), 0);
	assert_int_equal(coffer_element_decode(form, out, size, &element), COFFER_FAULT_NONE);
	assert_int_equal(coffer_element_check_text(form, &element), COFFER_FAULT_NONE);
	expect_element(vector, wanted, form.kind, &element);
	return size;
}

static void
check_element(const struct vector *vector)
{
	static struct vector_value wanted;
	const char *column = vector->fields[0], *words = vector->fields[1];
	bool is_nullable;
	struct coffer_form form = vector_column(&column, &is_nullable);
	uint8_t out[VECTOR_BYTES_MAX];

	vector_value(&words, form.kind, &wanted);
	vector_expect(vector, out, write_element(vector, form, &wanted, out), vector->fields[2]);
}

static void
check_fault(const struct vector *vector, enum coffer_fault fault, const char *name)
{
	static const char *const names[] = {
#define NAME(fault, text) #fault,
		COFFER_FAULT_LIST(NAME)
#undef NAME
	};

	if (strcmp(names[fault], name))
		VECTOR_FAIL(vector, "%s, expected %s", names[fault], name);
}

static void
check_refused(const struct vector *vector)
{
	struct vector_bytes bytes = vector_hex(vector->fields[1]);
	const char *column = vector->fields[0];
	bool is_nullable;
	struct coffer_form form = vector_column(&column, &is_nullable);
	struct coffer_element element;

	check_fault(vector, coffer_element_decode(form, bytes.data, bytes.size, &element),
		    vector->fields[2]);
}

static void
check_record(const struct vector *vector)
{
	static struct vector_value wanted;
	const char *columns = vector->fields[0], *values = vector->fields[1];
	uint8_t elements[VECTOR_BYTES_MAX], payload[VECTOR_BYTES_MAX];
	size_t size = 0, count = 0, header, read;
	bool is_nullable;

	for (; *columns; count++) {
		struct coffer_form form = vector_column(&columns, &is_nullable);

		vector_value(&values, form.kind, &wanted);
		size += write_element(vector, form, &wanted, elements + size);
		columns += strspn(columns, "; ");
		values += strspn(values, "; ");
	}
	header = coffer_record_header_write(count, payload);
	memcpy(payload + header, elements, size);
	vector_expect(vector, payload, header + size, vector->fields[2]);
	assert_int_equal(coffer_record_open(payload, header + size, count, &read),
			 COFFER_FAULT_NONE);
	assert_int_equal(read, header);
	assert_int_equal(coffer_record_open(payload, header + size, count + 1, &read),
			 COFFER_FAULT_COUNT);
}

static void
check_long(const struct vector *vector)
{
	struct coffer_part parts[32];
	size_t count = 0, used = 0, size;
	const char *at = vector->fields[0];
	char moved[128] = "";

	while (*at) {
		char *end;

		parts[count] = (struct coffer_part){.size = (uint32_t)strtoul(at, &end, 10)};
		parts[count++].is_movable = *end == 'm';
		at = end + (*end == 'm');
		at += *at == ' ';
	}
	size = coffer_record_settle(parts, count);
	for (size_t i = 0; i < count; i++)
		if (parts[i].is_long)
			used += (size_t)snprintf(moved + used, sizeof(moved) - used, "%s%zu",
						 used ? " " : "", i);
	assert_string_equal(moved, vector->fields[1]);
	assert_int_equal(size, number_of(vector->fields[2], 10));
}

/* One named column of a plain form. */
struct plain {
	char name[8];
	struct vector_value value;
};

static int
compare_plain(const void *left, const void *right)
{
	return strcmp(((const struct plain *)left)->name, ((const struct plain *)right)->name);
}

static void
check_plain(const struct vector *vector)
{
	static struct plain columns[8];
	const char *at = vector->fields[0];
	uint8_t out[VECTOR_BYTES_MAX];
	size_t count = 0, size;
	bool is_nullable;

	for (; *at; count++) {
		struct coffer_form form;
		size_t length = strcspn(at, " ");

		snprintf(columns[count].name, sizeof(columns->name), "%.*s", (int)length, at);
		at += length + 1;
		form = vector_column(&at, &is_nullable);
		at += 2;
		vector_value(&at, form.kind, &columns[count].value);
		at += strspn(at, "; ");
	}
	qsort(columns, count, sizeof(*columns), compare_plain);
	size = coffer_record_header_write(count, out);
	for (size_t i = 0; i < count; i++) {
		coffer_value *value = &columns[i].value.value;

		/* Its text lies in its own room, which sorting moved. */
		if (value->kind >= COFFER_TEXT)
			value->text.data = (const char *)columns[i].value.room.data;
		size += coffer_element_write_plain(value, out + size);
	}
	vector_expect(vector, out, size, vector->fields[1]);
}

/* ------------------------------------------------------------------ SPEC.md 5, 8 */

/* Read a key's column again; a byte less is refused, as a float is, whose key has lost bits. */
static void
check_key_back(struct coffer_form form, bool is_nullable, const uint8_t *bytes, size_t size,
	       const struct vector_value *wanted)
{
	enum coffer_fault expected = form.kind == COFFER_FLOAT ? COFFER_FAULT_FORM : COFFER_FAULT_NONE;
	coffer_value value;
	uint32_t code;

	assert_int_equal(coffer_key_column_read(form, is_nullable, bytes, size - 1, &value, &code),
			 COFFER_FAULT_FORM);
	assert_int_equal(coffer_key_column_read(form, is_nullable, bytes, size, &value, &code), expected);
	if (expected)
		return;
	assert_int_equal(value.kind, wanted->value.kind);
	if (form.is_interned)
		assert_int_equal(code, value.kind ? wanted->code : 0);
	else if (value.kind == COFFER_BOOL)
		assert_int_equal(value.boolean, wanted->value.boolean);
	else if (value.kind)
		assert_int_equal(value.integer, wanted->value.integer);
}

static void
check_key(const struct vector *vector)
{
	static struct vector_value wanted;
	const char *column = vector->fields[0], *words = vector->fields[1];
	bool is_nullable;
	struct coffer_form form = vector_column(&column, &is_nullable);
	uint8_t out[COFFER_KEY_COLUMN_SIZE_MAX];
	size_t size;

	vector_value(&words, form.kind, &wanted);
	size = coffer_key_column_write(form, is_nullable, &wanted.value, wanted.code, out);
	assert_int_equal(size, coffer_key_column_size(form, is_nullable));
	vector_expect(vector, out, size, vector->fields[2]);
	check_key_back(form, is_nullable, out, size, &wanted);
}

static void
check_hash(const struct vector *vector)
{
	static struct vector_value value;
	uint64_t hash = number_of(vector->fields[0], 16);
	const char *at = vector->fields[1];
	bool is_nullable;

	while (*at) {
		struct coffer_form form = vector_column(&at, &is_nullable);

		vector_value(&at, form.kind ? form.kind : COFFER_TEXT, &value);
		hash = coffer_key_hash(hash, &value.value);
		at += strspn(at, "; ");
	}
	if (hash != number_of(vector->fields[2], 16))
		VECTOR_FAIL(vector, "%016" PRIx64 ", expected %s", hash, vector->fields[2]);
}

static void
check_pool(const struct vector *vector)
{
	static struct vector_value text;
	const char *words = vector->fields[2];
	uint32_t code = (uint32_t)number_of(vector->fields[1], 10);
	uint8_t key[COFFER_POOL_HASH_KEY_SIZE], value[VECTOR_BYTES_MAX];

	vector_value(&words, COFFER_TEXT, &text);
	coffer_key_put_code(key, code);
	vector_expect(vector, key, COFFER_CODE_KEY_SIZE, vector->fields[3]);
	memcpy(value + COFFER_CHECKSUM_SIZE, text.room.data, text.room.size);
	coffer_checksum_seal(COFFER_ID_POOL, key, COFFER_CODE_KEY_SIZE, value,
			     COFFER_CHECKSUM_SIZE + text.room.size);
	vector_expect(vector, value, COFFER_CHECKSUM_SIZE + text.room.size, vector->fields[4]);
	coffer_key_put_hash(
		key, coffer_hash(text.room.data, text.room.size, number_of(vector->fields[0], 16)));
	coffer_key_put_code(key + COFFER_HASH_SIZE, code);
	vector_expect(vector, key, sizeof(key), vector->fields[5]);
}

/* ------------------------------------------------------------------ SPEC.md 6 */

static size_t
read_features(const char **at, coffer_text *features)
{
	size_t count = 0;

	for (; **at != ' ' && **at != '-'; *at += **at == ',') {
		features[count] = (coffer_text){*at, strcspn(*at, ", ")};
		*at += features[count++].size;
	}
	*at += **at == '-';
	*at += **at == ' ';
	return count;
}

static size_t
encode_format(const char *fields, uint8_t *out)
{
	struct coffer_format_entry entry = {.version = 1}, back;
	const char *at = fields + 2;
	size_t size;

	entry.read_feature_count = read_features(&at, entry.read_features);
	entry.write_feature_count = read_features(&at, entry.write_features);
	entry.seed = number_of(at, 10);
	size = coffer_format_entry_encode(&entry, out);
	assert_true(size <= COFFER_FORMAT_ENTRY_MAX);
	assert_int_equal(coffer_format_entry_decode(out, size, &back), COFFER_FAULT_NONE);
	assert_true(back.seed == entry.seed && back.version == 1);
	assert_int_equal(back.read_feature_count, entry.read_feature_count);
	assert_int_equal(back.write_feature_count, entry.write_feature_count);
	return size;
}

/* "15 1; 21 0" */
static size_t
encode_frames(const char *at, uint8_t *out)
{
	struct coffer_frames_column columns[8] = {{0, 0}};
	static struct coffer_frames_column back[COFFER_COLUMNS_MAX];
	size_t count = 0, read, size;
	char *end;

	for (; *at; at += strspn(at, "; ")) {
		columns[count].column = (uint16_t)strtoul(at, &end, 10);
		columns[count++].dictionary = (uint8_t)strtoul(end, &end, 10);
		at = end;
	}
	size = coffer_frames_entry_encode(columns, count, out);
	assert_int_equal(coffer_frames_entry_decode(out, size, back, &read), COFFER_FAULT_NONE);
	assert_int_equal(read, count);
	for (size_t i = 0; i < count; i++)
		assert_true(back[i].column == columns[i].column &&
			    back[i].dictionary == columns[i].dictionary);
	return size;
}

static void
check_catalogue(const struct vector *vector)
{
	uint8_t out[COFFER_FORMAT_ENTRY_MAX];
	int64_t last;
	uint64_t row;
	bool is_called;
	size_t size;

	if (!strcmp(vector->fields[0], "format")) {
		size = encode_format(vector->fields[1], out);
	} else if (!strcmp(vector->fields[0], "frames")) {
		size = encode_frames(vector->fields[1], out);
	} else if (!strcmp(vector->fields[0], "row")) {
		size = coffer_row_entry_encode(number_of(vector->fields[1], 10), out);
		assert_int_equal(coffer_row_entry_decode(out, size, &row), COFFER_FAULT_NONE);
		assert_true(row == number_of(vector->fields[1], 10));
	} else {
		size = coffer_sequence_entry_encode(strtoll(vector->fields[1], NULL, 10),
						    strstr(vector->fields[1], "true") != NULL, out);
		assert_int_equal(coffer_sequence_entry_decode(out, size, &last, &is_called),
				 COFFER_FAULT_NONE);
		assert_true(last == strtoll(vector->fields[1], NULL, 10));
	}
	vector_expect(vector, out, size, vector->fields[2]);
}

static void
check_catalogue_refused(const struct vector *vector)
{
	struct vector_bytes bytes = vector_hex(vector->fields[1]);
	static struct coffer_frames_column columns[COFFER_COLUMNS_MAX];
	struct coffer_format_entry entry;
	enum coffer_fault fault;
	int64_t last;
	uint64_t row;
	bool is_called;
	size_t count;

	if (!strcmp(vector->fields[0], "format"))
		fault = coffer_format_entry_decode(bytes.data, bytes.size, &entry);
	else if (!strcmp(vector->fields[0], "row"))
		fault = coffer_row_entry_decode(bytes.data, bytes.size, &row);
	else if (!strcmp(vector->fields[0], "frames"))
		fault = coffer_frames_entry_decode(bytes.data, bytes.size, columns, &count);
	else
		fault = coffer_sequence_entry_decode(bytes.data, bytes.size, &last, &is_called);
	check_fault(vector, fault, vector->fields[2]);
}

/* ------------------------------------------------------------------ SPEC.md 4.11 */

/* The dictionary of the line that had one last. */
static struct vector_bytes dictionary;
static unsigned long dictionary_key;

/* Expanded by libzstd alone, with the magic number in front. */
static void
expand(const struct vector *vector, coffer_text stored, unsigned long key, const coffer_text *text)
{
	uint8_t whole[VECTOR_BYTES_MAX + 4] = {0x28, 0xb5, 0x2f, 0xfd}, out[VECTOR_BYTES_MAX];
	ZSTD_DCtx *context = ZSTD_createDCtx();
	size_t size;

	assert_true(!key || key == dictionary_key);
	memcpy(whole + 4, stored.data, stored.size);
	size = ZSTD_decompress_usingDict(context, out, sizeof(out), whole, stored.size + 4,
					 key ? dictionary.data : NULL, key ? dictionary.size : 0);
	ZSTD_freeDCtx(context);
	if (size != text->size || memcmp(out, text->data, size) != 0)
		VECTOR_FAIL(vector, "it expands to another text");
}

static void
check_frame(const struct vector *vector)
{
	struct vector_bytes bytes = vector_hex(vector->fields[3]);
	const char *column = vector->fields[0], *words = vector->fields[2];
	unsigned long key = number_of(vector->fields[1], 10);
	static struct vector_bytes room;
	struct coffer_element element;
	struct coffer_frame frame;
	struct coffer_form form = {.is_compressed = true};
	uint8_t again[VECTOR_BYTES_MAX];
	coffer_text text;

	if (!strcmp(column, "dictionary")) {
		dictionary = vector_hex(words);
		dictionary_key = key;
		assert_int_equal(ZSTD_getDictID_fromDict(dictionary.data, dictionary.size), key);
		return;
	}
	form.kind = !strcmp(column, "json") ? COFFER_JSON : COFFER_TEXT;
	room.size = 0;
	text = vector_text(&words, &room);
	assert_int_equal(coffer_element_size(bytes.data, bytes.size), bytes.size);
	assert_int_equal(coffer_element_decode(form, bytes.data, bytes.size, &element), COFFER_OK);
	assert_int_equal(element.form, COFFER_ELEMENT_FRAME);
	assert_int_equal(coffer_frame_open((const uint8_t *)element.value.text.data,
					   element.value.text.size, &frame),
			 COFFER_FAULT_NONE);
	assert_int_equal(frame.dictionary, key);
	assert_int_equal(frame.text_size, text.size);
	vector_expect(vector, again,
		      coffer_element_write_frame(form.kind, element.value.text.data,
						 element.value.text.size, again),
		      vector->fields[3]);
	assert_int_equal(coffer_element_frame_size(form.kind, element.value.text.size), bytes.size);
	expand(vector, element.value.text, key, &text);
}

static void
check_frame_refused(const struct vector *vector)
{
	struct vector_bytes bytes = vector_hex(vector->fields[0]);
	struct coffer_frame frame;

	check_fault(vector, coffer_frame_open(bytes.data, bytes.size, &frame), "FRAME");
}

/* ------------------------------------------------------------------ SPEC.md 4.10 */

static void
add_column(coffer_schema *schema, coffer_table *table, coffer_index *primary, const char *type)
{
	coffer_column *column = coffer_table_add_column(schema, table);
	char name[2] = {(char)('a' + table->column_count), '\0'}, base[64];
	size_t size = strlen(type);

	assert_non_null(column);
	snprintf(base, sizeof(base), "%s", type);
	if (size > 2 && base[size - 2] == ' ') {
		column->is_interned = base[size - 1] == 'i';
		if (base[size - 1] == 'k')
			primary->columns[primary->column_count++] =
				(uint16_t)(table->column_count - 1);
		base[size - 2] = '\0';
	}
	column->name = coffer_schema_text(schema, name);
	column->type = coffer_schema_text(schema, base);
}

static void
check_order(const struct vector *vector)
{
	coffer_schema *schema;
	coffer_table *table;
	coffer_index *primary;
	char *type, *rest = NULL, positions[64] = "";
	size_t used = 0;

	assert_int_equal(coffer_schema_new(&schema, NULL), COFFER_OK);
	table = coffer_schema_add_table(schema);
	table->name = "t";
	primary = coffer_table_add_index(schema, table);
	primary->name = "t_pkey";
	primary->definition = "PRIMARY KEY";
	primary->is_primary = primary->is_unique = primary->is_plain = true;
	primary->columns = coffer_schema_memory(schema, 8 * sizeof(*primary->columns));
	for (type = vector->fields[0]; type; type = rest) {
		rest = strstr(type, "; ");
		if (rest) {
			*rest = '\0';
			rest += 2;
		}
		add_column(schema, table, primary, type);
	}
	assert_int_equal(coffer_schema_settle(schema, NULL), COFFER_OK);
	for (size_t i = 0; i < table->column_count; i++)
		used += (size_t)snprintf(positions + used, sizeof(positions) - used, "%s%u",
					 used ? " " : "", table->columns[i].position);
	assert_string_equal(positions, vector->fields[1]);
	coffer_schema_free(schema);
}

/* ------------------------------------------------------------------ */

#define TEST(name, file, count) \
	static void test_##name(void **state) \
	{ \
		(void)state; \
		vector_each(file, count, check_##name); \
	}

TEST(text, "text", 3)
TEST(checksum, "checksum", 5)
TEST(tree, "tree", 5)
TEST(number, "number", 4)
TEST(element, "element", 4)
TEST(refused, "refused", 4)
TEST(record, "record", 4)
TEST(long, "long", 4)
TEST(plain, "plain", 3)
TEST(order, "order", 3)
TEST(frame, "frame", 5)
TEST(frame_refused, "frame-refused", 2)
TEST(key, "key", 4)
TEST(hash, "hash", 4)
TEST(pool, "pool", 7)
TEST(catalogue, "catalogue", 4)
TEST(catalogue_refused, "catalogue-refused", 4)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_checksum),
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_element),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_frame),
		cmocka_unit_test(test_frame_refused),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_catalogue),
		cmocka_unit_test(test_catalogue_refused),
	};

	return cmocka_run_group_tests_name("vectors", tests, NULL, NULL);
}
