/*
 * The cursor over canonical msgpack, held against msgpack-c's packer and unpacker; packed text arrays.
 */
#include "format/msgpack.h"
#include "format/pack.h"
#include "format/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <msgpack.h>

/* ------------------------------------------------------------------ against msgpack-c */

static const int64_t edges[] = {
	0,         1,      127,           128,           255,        256,        32767,
	32768,     65535,  65536,         2147483647,    2147483648, 4294967295, 4294967296,
	INT64_MAX, -1,     -32,           -33,           -127,       -128,       -129,
	-32768,    -32769, -2147483648LL, -2147483649LL, INT64_MIN,
};

static void
test_integers_read_as_they_were_packed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++) {
		uint8_t bytes[9];
		struct coffer_writer writer = {.out = bytes, .capacity = sizeof(bytes)};
		msgpack_packer packer = coffer_packer_over(&writer);
		struct coffer_reader reader;

		msgpack_pack_int64(&packer, edges[i]);
		assert_int_equal(coffer_element_size(bytes, sizeof(bytes)), writer.size);
		reader = coffer_reader_over(bytes, writer.size);
		assert_true(coffer_msgpack_read_int(&reader) == edges[i]);
		assert_int_equal(coffer_reader_finish(&reader), COFFER_FAULT_NONE);
	}
}

/* Sizes at which a header grows, of a text, bytes, an array of nils, a map of nils and an ext. */
static const size_t sizes[] = {0, 1, 2, 3, 4, 8, 9, 15, 16, 17, 31, 32, 255, 256, 65535, 65536};

static size_t
pack_sized(enum coffer_msgpack_type type, size_t size, uint8_t *out, size_t capacity)
{
	static const char body[65536];
	struct coffer_writer writer = {.out = out, .capacity = capacity};
	msgpack_packer packer = coffer_packer_over(&writer);
	size_t items = type == COFFER_MSGPACK_ARRAY ? size
		       : type == COFFER_MSGPACK_MAP ? 2 * size
						    : 0;

	if (type == COFFER_MSGPACK_STR) {
		coffer_pack_text(&packer, body, size);
	} else if (type == COFFER_MSGPACK_BIN) {
		msgpack_pack_bin(&packer, size);
		msgpack_pack_bin_body(&packer, body, size);
	} else if (type == COFFER_MSGPACK_EXT) {
		msgpack_pack_ext(&packer, size, -3);
		msgpack_pack_ext_body(&packer, body, size);
	} else if (type == COFFER_MSGPACK_ARRAY) {
		msgpack_pack_array(&packer, size);
	} else {
		msgpack_pack_map(&packer, size);
	}
	for (; items; items--)
		msgpack_pack_nil(&packer);
	return writer.size;
}

static void
test_headers_read_as_they_were_packed(void **state)
{
	enum { CAPACITY = 2 * 65536 + 8 };
	static uint8_t bytes[CAPACITY];

	(void)state;
	for (int type = COFFER_MSGPACK_STR; type <= COFFER_MSGPACK_EXT; type++) {
		for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			size_t size = pack_sized((enum coffer_msgpack_type)type, sizes[i], bytes,
						 CAPACITY);
			struct coffer_reader reader = coffer_reader_over(bytes, size);
			struct coffer_msgpack item = coffer_msgpack_read(&reader);

			assert_int_equal(reader.fault, COFFER_FAULT_NONE);
			assert_int_equal(item.type, type);
			if (type <= COFFER_MSGPACK_BIN || type == COFFER_MSGPACK_EXT) {
				assert_int_equal(item.text.size, sizes[i]);
				assert_int_equal(item.extension, type == COFFER_MSGPACK_EXT ? 0xfd : 0);
				assert_int_equal(reader.left, 0);
			} else {
				assert_int_equal(item.count, sizes[i]);
			}
			assert_int_equal(coffer_element_size(bytes, size),
					 type == COFFER_MSGPACK_MAP ? 0 : size);
			assert_int_equal(coffer_element_size(bytes, size - 1), 0);
		}
	}
}

/* All inputs of up to three bytes: what the cursor takes, msgpack-c takes with the same size. */
static void
check_small(const uint8_t *bytes, size_t size)
{
	struct coffer_reader reader = coffer_reader_over(bytes, size);
	struct coffer_msgpack item = coffer_msgpack_read(&reader);
	msgpack_unpacked unpacked;
	size_t taken = 0;

	if (reader.fault || item.type >= COFFER_MSGPACK_ARRAY)
		return;
	msgpack_unpacked_init(&unpacked);
	assert_true(msgpack_unpack_next(&unpacked, (const char *)bytes, size, &taken) > 0);
	assert_int_equal(taken, size - reader.left);
	assert_int_equal(coffer_element_size(bytes, size), taken);
	if (item.type == COFFER_MSGPACK_UINT)
		assert_true(unpacked.data.type == MSGPACK_OBJECT_POSITIVE_INTEGER &&
			    unpacked.data.via.u64 == item.number);
	if (item.type == COFFER_MSGPACK_INT)
		assert_true(unpacked.data.type == MSGPACK_OBJECT_NEGATIVE_INTEGER &&
			    unpacked.data.via.i64 == item.integer);
	msgpack_unpacked_destroy(&unpacked);
}

static void
test_small_inputs_agree_with_msgpack_c(void **state)
{
	(void)state;
	for (uint32_t input = 0; input < 1U << 18; input++) {
		uint8_t bytes[3] = {(uint8_t)input, (uint8_t)(input >> 8), (uint8_t)(input >> 10)};

		for (size_t size = 1; size <= sizeof(bytes); size++)
			check_small(bytes, size);
	}
}

/* ------------------------------------------------------------------ the sticky reader */

static void
test_the_first_fault_stays(void **state)
{
	static const uint8_t bytes[] = {0xa1, 'a', 0x01, 0xc0};
	struct coffer_reader reader = coffer_reader_over(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(coffer_msgpack_read_uint(&reader, 10), 0);
	assert_int_equal(reader.fault, COFFER_FAULT_FORM);
	assert_int_equal(coffer_msgpack_read_uint(&reader, 10), 0);
	assert_null(coffer_msgpack_read_str(&reader, 10).data);
	assert_false(coffer_msgpack_read_bool(&reader));
	assert_int_equal(coffer_msgpack_read_array(&reader, 10), 0);
	assert_int_equal(coffer_reader_finish(&reader), COFFER_FAULT_FORM);
}

static void
test_limits_are_kept(void **state)
{
	static const uint8_t bytes[] = {0x0b, 0xa2, 'a', 'b', 0x92, 0xc0, 0xc0};
	struct coffer_reader reader = coffer_reader_over(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(coffer_msgpack_read_uint(&reader, 11), 11);
	assert_int_equal(coffer_msgpack_read_str(&reader, 2).size, 2);
	assert_int_equal(coffer_msgpack_read_array(&reader, 2), 2);
	reader = coffer_reader_over(bytes, 1);
	(void)coffer_msgpack_read_uint(&reader, 10);
	assert_int_equal(reader.fault, COFFER_FAULT_RANGE);
	reader = coffer_reader_over(bytes + 1, 3);
	(void)coffer_msgpack_read_str(&reader, 1);
	assert_int_equal(reader.fault, COFFER_FAULT_RANGE);
	reader = coffer_reader_over(bytes + 4, 3);
	(void)coffer_msgpack_read_array(&reader, 1);
	assert_int_equal(reader.fault, COFFER_FAULT_COUNT);
}

/* A writer that is too small keeps what fits and nothing beyond. */
static void
test_the_writer_is_bounded(void **state)
{
	uint8_t bytes[4] = {9, 9, 9, 9};
	struct coffer_writer writer = {.out = bytes, .capacity = 3};

	(void)state;
	assert_int_equal(coffer_writer_put(&writer, "ab", 2), 0);
	assert_int_equal(coffer_writer_put(&writer, "cd", 2), -1);
	assert_int_equal(writer.size, 2);
	assert_int_equal(bytes[2], 9);
}

/* ------------------------------------------------------------------ arrays */

static void
test_arrays_come_back(void **state)
{
	static char text[300];
	const coffer_text elements[] = {{"a", 1}, {NULL, 0}, {"", 0}, {text, 300}, {"NULL", 4}};
	uint8_t packed[400];
	coffer_array_reader reader;
	coffer_text element;
	size_t size = coffer_array_pack(elements, 5, packed);

	(void)state;
	memset(text, 'x', sizeof(text));
	size = coffer_array_pack(elements, 5, packed);
	assert_true(size <= coffer_array_size_max(elements, 5));
	assert_int_equal(coffer_array_open((coffer_text){(const char *)packed, size}, &reader),
			 COFFER_OK);
	assert_int_equal(reader.left, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(coffer_array_next(&reader, &element), COFFER_OK);
		assert_int_equal(element.size, elements[i].size);
		assert_int_equal(element.data == NULL, elements[i].data == NULL);
		if (element.size)
			assert_memory_equal(element.data, elements[i].data, element.size);
	}
	assert_int_equal(coffer_array_next(&reader, &element), COFFER_NOT_FOUND);
}

static void
test_what_is_no_array_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		coffer_status open, next;
	} cases[] = {
		{"", 0, COFFER_CORRUPT, COFFER_OK},
		{"\xa1\x61", 2, COFFER_CORRUPT, COFFER_OK},
		{"\x91", 1, COFFER_CORRUPT, COFFER_OK},
		{"\xdd\xff\xff\xff\xff", 5, COFFER_CORRUPT, COFFER_OK},
		{"\x91\x01", 2, COFFER_OK, COFFER_CORRUPT},
		{"\x91\xa2\x61", 3, COFFER_OK, COFFER_CORRUPT},
		{"\x91\xc4\x01\x61", 4, COFFER_OK, COFFER_CORRUPT},
		{"\x91\xd4\x01\x61", 4, COFFER_OK, COFFER_CORRUPT},
		{"\x90\xc0", 2, COFFER_OK, COFFER_CORRUPT},
		{"\x90", 1, COFFER_OK, COFFER_NOT_FOUND},
	};
	coffer_array_reader reader;
	coffer_text element;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		coffer_text packed = {cases[i].bytes, cases[i].size};

		assert_int_equal(coffer_array_open(packed, &reader), cases[i].open);
		if (cases[i].open == COFFER_OK)
			assert_int_equal(coffer_array_next(&reader, &element), cases[i].next);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers_read_as_they_were_packed),
		cmocka_unit_test(test_headers_read_as_they_were_packed),
		cmocka_unit_test(test_small_inputs_agree_with_msgpack_c),
		cmocka_unit_test(test_the_first_fault_stays),
		cmocka_unit_test(test_limits_are_kept),
		cmocka_unit_test(test_the_writer_is_bounded),
		cmocka_unit_test(test_arrays_come_back),
		cmocka_unit_test(test_what_is_no_array_is_refused),
	};

	return cmocka_run_group_tests_name("msgpack", tests, NULL, NULL);
}
