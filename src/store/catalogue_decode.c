/*
 * The catalogue's large entries, from bytes to memory, driven by the tables of catalogue_shape.c.
 *
 *   bytes --> structs --> references checked
 *
 * Nothing is allocated for a count before it was held against the bytes that are left. Decoding and encoding again
 * gives the same bytes. SPEC.md 6.3 and 6.5.
 */
#include "store/catalogue.h"

#include "base/utf8.h"
#include "format/msgpack.h"
#include "store/catalogue_shape.h"

#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(coffer_kind) == sizeof(uint32_t) &&
		       sizeof(coffer_identity) == sizeof(uint32_t) &&
		       sizeof(coffer_client_default) == sizeof(uint32_t) &&
		       sizeof(coffer_tree_kind) == sizeof(uint32_t) &&
		       sizeof(coffer_action) == sizeof(uint32_t),
	       "an ENUM field is written as an uint32_t");
_Static_assert(sizeof(coffer_rollup_unit) == sizeof(uint32_t), "likewise");

/* The reader's first fault stops all reading; it gets its place as the calls return. */
struct decoder {
	struct coffer_reader reader;
	coffer_schema *schema;
	bool is_out; /* memory ran out; the reader's fault means nothing then */
	coffer_error failure;
};

/* True when something failed; the failure is noted then. */
static bool
has_failed(struct decoder *decoder)
{
	if (decoder->is_out)
		coffer_error_set(&decoder->failure, COFFER_NO_MEMORY,
				 "no memory for the catalogue");
	else if (decoder->reader.fault)
		coffer_error_set(&decoder->failure, COFFER_CORRUPT, "%s",
				 coffer_fault_text(decoder->reader.fault));
	return decoder->failure.status != COFFER_OK;
}

static void *
take(struct decoder *decoder, size_t size)
{
	void *memory = decoder->reader.fault ? NULL : coffer_schema_memory(decoder->schema, size);

	if (!memory && !decoder->reader.fault) {
		decoder->is_out = true;
		coffer_reader_fail(&decoder->reader, COFFER_FAULT_CUT);
	}
	return memory;
}

/* Room for `count` members, grown as coffer_table_add_... grows its arrays, so that they may be appended to. */
static void *
take_array(struct decoder *decoder, size_t count, size_t size)
{
	size_t capacity = 4;

	while (capacity < count)
		capacity *= 2;
	return count ? take(decoder, capacity * size) : NULL;
}

static const char *
read_text(struct decoder *decoder, size_t size_min, size_t size_max)
{
	coffer_text text = coffer_msgpack_read_str(&decoder->reader, size_max);
	char *copy;

	if (!decoder->reader.fault && text.size < size_min)
		coffer_reader_fail(&decoder->reader, COFFER_FAULT_RANGE);
	if (!decoder->reader.fault && !coffer_utf8_is_valid(text.data, text.size))
		coffer_reader_fail(&decoder->reader, COFFER_FAULT_TEXT);
	copy = take(decoder, text.size + 1);
	if (copy)
		memcpy(copy, text.data, text.size);
	return copy;
}

/* True, and nil is passed over, when nil stands next. */
static bool
read_nil(struct decoder *decoder)
{
	if (!decoder->reader.left || *decoder->reader.at != 0xc0)
		return false;
	(void)coffer_reader_take(&decoder->reader, 1);
	return true;
}

static uint32_t
read_number(struct decoder *decoder, uint32_t none)
{
	return read_nil(decoder) ? none
				 : (uint32_t)coffer_msgpack_read_uint(&decoder->reader, none - 1);
}

static char
read_letter(struct decoder *decoder)
{
	coffer_text text = coffer_msgpack_read_str(&decoder->reader, 1);

	if (!decoder->reader.fault && text.size == 1 && *text.data &&
	    strchr(COFFER_REPLICA_LETTERS, *text.data))
		return *text.data;
	coffer_reader_fail(&decoder->reader, COFFER_FAULT_RANGE);
	return 'd';
}

static uint16_t *
read_numbers(struct decoder *decoder, size_t count)
{
	uint16_t *numbers = take_array(decoder, count, sizeof(*numbers));

	for (size_t i = 0; numbers && i < count; i++)
		numbers[i] = (uint16_t)coffer_msgpack_read_uint(&decoder->reader, UINT16_MAX);
	return numbers;
}

static const char **
read_texts(struct decoder *decoder, size_t count)
{
	const char **texts = take_array(decoder, count, sizeof(*texts));

	for (size_t i = 0; texts && i < count && !decoder->reader.fault; i++)
		texts[i] = read_text(decoder, 0, COFFER_VALUE_SIZE_MAX);
	return texts;
}

static void
read_members(struct decoder *decoder, const struct coffer_shape *shape, char *at);

static char *
read_list(struct decoder *decoder, const struct coffer_shape *shape, size_t count)
{
	char *members = NULL;

	/* A field is a key of two letters with its header and a value at the least. */
	if (count > decoder->reader.left / (4 * shape->field_count))
		coffer_reader_fail(&decoder->reader, COFFER_FAULT_CUT);
	else
		members = take_array(decoder, count, shape->size);
	for (size_t i = 0; members && i < count && !decoder->reader.fault; i++) {
		read_members(decoder, shape, members + i * shape->size);
		if (has_failed(decoder))
			coffer_error_at(&decoder->failure, "[%zu]", i);
	}
	return members;
}

/* A field with a count. */
static void
read_many(struct decoder *decoder, const struct coffer_field *field, char *at)
{
	void *array = NULL;
	size_t count, twin_count;

	if (field->type == COFFER_FIELD_TWINS && read_nil(decoder))
		return;
	count = coffer_msgpack_read_array(&decoder->reader, field->max);
	memcpy(&twin_count, at + field->count_offset, sizeof(twin_count));
	if (field->type == COFFER_FIELD_TWINS && (count != twin_count || !count))
		coffer_reader_fail(&decoder->reader, COFFER_FAULT_COUNT);
	if (decoder->reader.fault)
		return;
	if (field->type == COFFER_FIELD_LIST)
		array = read_list(decoder, field->members, count);
	else if (field->type == COFFER_FIELD_NUMBERS)
		array = read_numbers(decoder, count);
	else
		array = read_texts(decoder, count);
	memcpy(at + field->offset, &array, sizeof(array));
	memcpy(at + field->count_offset, &count, sizeof(count));
}

static void
read_text_field(struct decoder *decoder, const struct coffer_field *field, char *at)
{
	bool is_name = field->type == COFFER_FIELD_NAME;
	const char *text = NULL;

	if (field->type != COFFER_FIELD_OPTION || !read_nil(decoder))
		text = read_text(decoder, is_name,
				 is_name ? COFFER_NAME_SIZE_MAX : COFFER_VALUE_SIZE_MAX);
	memcpy(at + field->offset, &text, sizeof(text));
}

static void
read_field(struct decoder *decoder, const struct coffer_field *field, char *at)
{
	struct coffer_reader *reader = &decoder->reader;
	void *value = at + field->offset;

	switch (field->type) {
	case COFFER_FIELD_NAME:
	case COFFER_FIELD_TEXT:
	case COFFER_FIELD_OPTION:
		read_text_field(decoder, field, at);
		break;
	case COFFER_FIELD_LETTER:
		*(char *)value = read_letter(decoder);
		break;
	case COFFER_FIELD_BOOL:
		*(bool *)value = coffer_msgpack_read_bool(reader);
		break;
	case COFFER_FIELD_ENUM:
		*(uint32_t *)value = (uint32_t)coffer_msgpack_read_uint(reader, field->max);
		break;
	case COFFER_FIELD_U8:
		*(uint8_t *)value = (uint8_t)coffer_msgpack_read_uint(reader, UINT8_MAX);
		break;
	case COFFER_FIELD_U16:
		*(uint16_t *)value = (uint16_t)coffer_msgpack_read_uint(reader, UINT16_MAX);
		break;
	case COFFER_FIELD_U32:
		*(uint32_t *)value = (uint32_t)coffer_msgpack_read_uint(reader, UINT32_MAX);
		break;
	case COFFER_FIELD_NUMBER16:
		*(uint16_t *)value = (uint16_t)read_number(decoder, UINT16_MAX);
		break;
	case COFFER_FIELD_NUMBER32:
		*(uint32_t *)value = read_number(decoder, UINT32_MAX);
		break;
	case COFFER_FIELD_I64:
		*(int64_t *)value = coffer_msgpack_read_int(reader);
		break;
	default:
		read_many(decoder, field, at);
	}
}

static void
read_members(struct decoder *decoder, const struct coffer_shape *shape, char *at)
{
	coffer_msgpack_read_map(&decoder->reader, (uint32_t)shape->field_count);
	for (size_t i = 0; i < shape->field_count && !decoder->reader.fault; i++) {
		const struct coffer_field *field = &shape->fields[i];

		coffer_msgpack_read_key(&decoder->reader, field->key);
		if (!decoder->reader.fault)
			read_field(decoder, field, at);
		if (has_failed(decoder))
			coffer_error_at(&decoder->failure, "%s", field->key);
	}
}

/* Give the failure to the caller with its entry's name in front. */
static coffer_status
report(struct decoder *decoder, const char *entry, coffer_error *error)
{
	if (!has_failed(decoder))
		return COFFER_OK;
	coffer_error_at(&decoder->failure, "catalogue[%s]", entry);
	if (error && error->status >= 0)
		*error = decoder->failure;
	return decoder->failure.status;
}

coffer_status
coffer_catalogue_decode_schema(const uint8_t *payload, size_t size, coffer_schema **schema_out,
			       coffer_error *error)
{
	struct decoder decoder = {.reader = coffer_reader_over(payload, size)};
	coffer_status status = coffer_schema_new(&decoder.schema, error);

	*schema_out = NULL;
	if (status)
		return status;
	if (size > COFFER_SCHEMA_SIZE_MAX)
		coffer_reader_fail(&decoder.reader, COFFER_FAULT_RANGE);
	read_members(&decoder, &coffer_schema_shape, (char *)decoder.schema);
	if (!decoder.reader.fault && coffer_reader_finish(&decoder.reader))
		coffer_reader_fail(&decoder.reader, COFFER_FAULT_TRAILING);
	if (!has_failed(&decoder))
		status = coffer_catalogue_check(decoder.schema, COFFER_CORRUPT, &decoder.failure);
	if (report(&decoder, "schema", error))
		status = decoder.failure.status;
	if (status)
		coffer_schema_free(decoder.schema);
	else
		*schema_out = decoder.schema;
	return status;
}

coffer_status
coffer_catalogue_decode_rollups(const uint8_t *payload, size_t size, coffer_schema *schema,
				coffer_table *table, coffer_error *error)
{
	struct decoder decoder = {.reader = coffer_reader_over(payload, size), .schema = schema};
	char entry[sizeof("rollups/") + COFFER_NAME_SIZE_MAX];
	coffer_table read = {.name = NULL};
	coffer_status status;

	(void)snprintf(entry, sizeof(entry), "rollups/%s", table->name);
	read_members(&decoder, &coffer_rollups_shape, (char *)&read);
	if (!decoder.reader.fault && coffer_reader_finish(&decoder.reader))
		coffer_reader_fail(&decoder.reader, COFFER_FAULT_TRAILING);
	status = report(&decoder, entry, error);
	table->rollups = status ? NULL : read.rollups;
	table->rollup_count = status ? 0 : read.rollup_count;
	return status;
}

/* ------------------------------------------------------------------ provenance */

static void
read_fact(struct decoder *decoder, coffer_fact *fact)
{
	if (coffer_msgpack_read_array(&decoder->reader, 2) != 2)
		coffer_reader_fail(&decoder->reader, COFFER_FAULT_COUNT);
	fact->name = read_text(decoder, 0, COFFER_VALUE_SIZE_MAX);
	fact->value = read_text(decoder, 0, COFFER_VALUE_SIZE_MAX);
}

static void
read_step(struct decoder *decoder, coffer_step *step)
{
	size_t count = coffer_msgpack_read_array(&decoder->reader, COFFER_STEPS_MAX);

	step->facts = take_array(decoder, count, sizeof(*step->facts));
	for (size_t i = 0; step->facts && i < count && !decoder->reader.fault; i++)
		read_fact(decoder, &step->facts[i]);
	step->fact_count = step->facts ? count : 0;
}

coffer_status
coffer_catalogue_decode_steps(const uint8_t *payload, size_t size, coffer_schema *schema,
			      coffer_step **steps_out, size_t *count_out, coffer_error *error)
{
	struct decoder decoder = {.reader = coffer_reader_over(payload, size), .schema = schema};
	size_t count = coffer_msgpack_read_array(&decoder.reader, COFFER_STEPS_MAX);
	coffer_step *steps = take_array(&decoder, count, sizeof(*steps));
	coffer_status status;

	for (size_t i = 0; steps && i < count && !decoder.reader.fault; i++) {
		read_step(&decoder, &steps[i]);
		if (has_failed(&decoder))
			coffer_error_at(&decoder.failure, "[%zu]", i);
	}
	if (!decoder.reader.fault && coffer_reader_finish(&decoder.reader))
		coffer_reader_fail(&decoder.reader, COFFER_FAULT_TRAILING);
	status = report(&decoder, "source", error);
	*steps_out = status ? NULL : steps;
	*count_out = status ? 0 : count;
	return status;
}
