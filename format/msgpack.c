/*
 * The bounded cursor over canonical msgpack. Every header is checked to be the shortest, so that one object
 * has one byte string. SPEC.md 1.3.
 */
#include "format/msgpack.h"

static struct coffer_msgpack
fail(struct coffer_reader *reader, enum coffer_fault fault)
{
	coffer_reader_fail(reader, fault);
	return (struct coffer_msgpack){.type = COFFER_MSGPACK_NIL};
}

/* An unsigned number of 1 << log bytes. */
static uint64_t
read_number(struct coffer_reader *reader, unsigned log)
{
	switch (log) {
	case 0:
		return coffer_read_u8(reader);
	case 1:
		return coffer_read_u16be(reader);
	case 2:
		return coffer_read_u32be(reader);
	default:
		return coffer_read_u64be(reader);
	}
}

/* The smallest number that needs 1 << log bytes. */
static uint64_t
least(unsigned log, uint64_t shorter)
{
	return log ? UINT64_C(1) << (4U << log) : shorter;
}

static struct coffer_msgpack
read_uint(struct coffer_reader *reader, unsigned log)
{
	uint64_t number = read_number(reader, log);

	if (!reader->fault && number < least(log, 0x80))
		return fail(reader, COFFER_FAULT_NOT_CANONICAL);
	return (struct coffer_msgpack){.type = COFFER_MSGPACK_UINT, .number = number};
}

/* Negative numbers only: others are written unsigned. */
static struct coffer_msgpack
read_int(struct coffer_reader *reader, unsigned log)
{
	unsigned bits = 8U << log;
	uint64_t number = read_number(reader, log);
	int64_t integer = (int64_t)(number << (64 - bits)) >> (64 - bits);
	int64_t above = log ? -(INT64_C(1) << (bits / 2 - 1)) : -32;

	if (!reader->fault && integer >= above)
		return fail(reader, COFFER_FAULT_NOT_CANONICAL);
	return (struct coffer_msgpack){.type = COFFER_MSGPACK_INT, .integer = integer};
}

static struct coffer_msgpack
read_float(struct coffer_reader *reader)
{
	struct coffer_msgpack item = {.type = COFFER_MSGPACK_FLOAT};
	uint64_t bits = coffer_read_u64be(reader);

	memcpy(&item.real, &bits, sizeof(bits));
	return item;
}

static struct coffer_msgpack
read_body(struct coffer_reader *reader, enum coffer_msgpack_type type, uint64_t size)
{
	const uint8_t *body = reader->at;

	if (size && !(body = coffer_reader_take(reader, (size_t)size)))
		size = 0;
	return (struct coffer_msgpack){.type = type, .text = {(const char *)body, (size_t)size}};
}

/* A text or bytes with a length of its own; fixstr holds lengths below 32, bin has no short form. */
static struct coffer_msgpack
read_sized(struct coffer_reader *reader, enum coffer_msgpack_type type, unsigned log)
{
	uint64_t size = read_number(reader, log);

	if (!reader->fault && size < least(log, type == COFFER_MSGPACK_STR ? 32 : 0))
		return fail(reader, COFFER_FAULT_NOT_CANONICAL);
	return read_body(reader, type, size);
}

/* The type stands behind the length. Of 1, 2, 4, 8 and 16 bytes a tag of its own says the length. */
static struct coffer_msgpack
read_extension(struct coffer_reader *reader, uint64_t size)
{
	uint8_t extension = coffer_read_u8(reader);
	struct coffer_msgpack item = read_body(reader, COFFER_MSGPACK_EXT, size);

	item.extension = extension;
	return item;
}

static struct coffer_msgpack
read_sized_extension(struct coffer_reader *reader, unsigned log)
{
	uint64_t size = read_number(reader, log);
	bool is_fixed = size && size <= 16 && !(size & (size - 1));

	if (!reader->fault && (is_fixed || size < least(log, 0)))
		return fail(reader, COFFER_FAULT_NOT_CANONICAL);
	return read_extension(reader, size);
}

/* Each item takes a byte at least: a count beyond what is left is a cut object. */
static struct coffer_msgpack
check_count(struct coffer_reader *reader, enum coffer_msgpack_type type, uint64_t count)
{
	if (!reader->fault && count > reader->left / (type == COFFER_MSGPACK_MAP ? 2 : 1))
		return fail(reader, COFFER_FAULT_CUT);
	return (struct coffer_msgpack){.type = type, .count = (uint32_t)count};
}

static struct coffer_msgpack
read_counted(struct coffer_reader *reader, enum coffer_msgpack_type type, unsigned log)
{
	uint64_t count = read_number(reader, log);

	if (!reader->fault && count < (log == 1 ? 16 : least(log, 0)))
		return fail(reader, COFFER_FAULT_NOT_CANONICAL);
	return check_count(reader, type, count);
}

static struct coffer_msgpack
read_tagged(struct coffer_reader *reader, uint8_t tag)
{
	switch (tag) {
	case 0xc0:
		return (struct coffer_msgpack){.type = COFFER_MSGPACK_NIL};
	case 0xc2:
	case 0xc3:
		return (struct coffer_msgpack){.type = COFFER_MSGPACK_BOOL, .boolean = tag == 0xc3};
	case 0xc4:
	case 0xc5:
	case 0xc6:
		return read_sized(reader, COFFER_MSGPACK_BIN, tag - 0xc4U);
	case 0xc7:
	case 0xc8:
	case 0xc9:
		return read_sized_extension(reader, tag - 0xc7U);
	case 0xcb:
		return read_float(reader);
	case 0xcc:
	case 0xcd:
	case 0xce:
	case 0xcf:
		return read_uint(reader, tag - 0xccU);
	case 0xd0:
	case 0xd1:
	case 0xd2:
	case 0xd3:
		return read_int(reader, tag - 0xd0U);
	case 0xd4:
	case 0xd5:
	case 0xd6:
	case 0xd7:
	case 0xd8:
		return read_extension(reader, UINT64_C(1) << (tag - 0xd4U));
	case 0xd9:
	case 0xda:
	case 0xdb:
		return read_sized(reader, COFFER_MSGPACK_STR, tag - 0xd9U);
	case 0xdc:
	case 0xdd:
		return read_counted(reader, COFFER_MSGPACK_ARRAY, tag - 0xdbU);
	case 0xde:
	case 0xdf:
		return read_counted(reader, COFFER_MSGPACK_MAP, tag - 0xddU);
	default:
		return fail(reader, COFFER_FAULT_FORM);
	}
}

struct coffer_msgpack
coffer_msgpack_read(struct coffer_reader *reader)
{
	uint8_t tag = coffer_read_u8(reader);

	if (reader->fault)
		return fail(reader, reader->fault);
	if (tag < 0x80)
		return (struct coffer_msgpack){.type = COFFER_MSGPACK_UINT, .number = tag};
	if (tag < 0x90)
		return check_count(reader, COFFER_MSGPACK_MAP, tag & 0x0f);
	if (tag < 0xa0)
		return check_count(reader, COFFER_MSGPACK_ARRAY, tag & 0x0f);
	if (tag < 0xc0)
		return read_body(reader, COFFER_MSGPACK_STR, tag & 0x1f);
	if (tag < 0xe0)
		return read_tagged(reader, tag);
	return (struct coffer_msgpack){.type = COFFER_MSGPACK_INT, .integer = (int8_t)tag};
}

/* ------------------------------------------------------------------ items of an expected type */

static struct coffer_msgpack
expect(struct coffer_reader *reader, enum coffer_msgpack_type type)
{
	struct coffer_msgpack item = coffer_msgpack_read(reader);

	if (!reader->fault && item.type != type)
		coffer_reader_fail(reader, COFFER_FAULT_FORM);
	if (reader->fault)
		item = (struct coffer_msgpack){.type = type, .text = {NULL, 0}};
	return item;
}

uint64_t
coffer_msgpack_read_uint(struct coffer_reader *reader, uint64_t max)
{
	uint64_t number = expect(reader, COFFER_MSGPACK_UINT).number;

	if (number <= max)
		return number;
	coffer_reader_fail(reader, COFFER_FAULT_RANGE);
	return 0;
}

int64_t
coffer_msgpack_read_int(struct coffer_reader *reader)
{
	struct coffer_msgpack item = coffer_msgpack_read(reader);

	if (item.type == COFFER_MSGPACK_INT)
		return item.integer;
	if (item.type != COFFER_MSGPACK_UINT)
		coffer_reader_fail(reader, COFFER_FAULT_FORM);
	else if (item.number > INT64_MAX)
		coffer_reader_fail(reader, COFFER_FAULT_RANGE);
	return reader->fault ? 0 : (int64_t)item.number;
}

bool
coffer_msgpack_read_bool(struct coffer_reader *reader)
{
	return expect(reader, COFFER_MSGPACK_BOOL).boolean;
}

coffer_text
coffer_msgpack_read_str(struct coffer_reader *reader, size_t size_max)
{
	coffer_text text = expect(reader, COFFER_MSGPACK_STR).text;

	if (text.size <= size_max)
		return text;
	coffer_reader_fail(reader, COFFER_FAULT_RANGE);
	return (coffer_text){NULL, 0};
}

uint32_t
coffer_msgpack_read_array(struct coffer_reader *reader, uint32_t count_max)
{
	uint32_t count = expect(reader, COFFER_MSGPACK_ARRAY).count;

	if (count <= count_max)
		return count;
	coffer_reader_fail(reader, COFFER_FAULT_COUNT);
	return 0;
}

void
coffer_msgpack_read_map(struct coffer_reader *reader, uint32_t count)
{
	if (expect(reader, COFFER_MSGPACK_MAP).count != count)
		coffer_reader_fail(reader, COFFER_FAULT_COUNT);
}

void
coffer_msgpack_read_key(struct coffer_reader *reader, const char *key)
{
	coffer_text text = expect(reader, COFFER_MSGPACK_STR).text;

	if (text.size != strlen(key) || (text.size && memcmp(text.data, key, text.size)))
		coffer_reader_fail(reader, COFFER_FAULT_FORM);
}
