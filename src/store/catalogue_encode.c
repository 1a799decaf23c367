/*
 * The catalogue's large entries, from memory to bytes, driven by the tables of catalogue_shape.c: a map has exactly
 * the keys of its table in that order. What is written is checked as a reader checks it. SPEC.md 6.3 and 6.5.
 */
#include "store/catalogue.h"

#include "base/utf8.h"
#include "format/pack.h"
#include "store/catalogue_shape.h"

#include <string.h>

struct encoder {
	msgpack_packer packer;
	coffer_error *error;
};

static int
append(void *buffer, const char *bytes, size_t size)
{
	coffer_buffer_append(buffer, bytes, size);
	return 0;
}

static coffer_status
pack_text(struct encoder *encoder, const char *text, size_t size_min, size_t size_max)
{
	size_t size = text ? strlen(text) : 0;

	if (!text)
		return coffer_error_set(encoder->error, COFFER_INVALID, "a text is missing");
	if (size < size_min || size > size_max)
		return coffer_error_set(encoder->error, COFFER_INVALID,
					"a text of %zu bytes, expected %zu to %zu", size, size_min,
					size_max);
	if (!coffer_utf8_is_valid(text, size))
		return coffer_error_set(encoder->error, COFFER_INVALID, "not valid UTF-8");
	coffer_pack_text(&encoder->packer, text, size);
	return COFFER_OK;
}

static coffer_status
pack_letter(struct encoder *encoder, char letter)
{
	if (!letter || !strchr(COFFER_REPLICA_LETTERS, letter))
		return coffer_error_set(encoder->error, COFFER_INVALID,
					"is %d, expected one of the letters %s", letter,
					COFFER_REPLICA_LETTERS);
	coffer_pack_text(&encoder->packer, &letter, 1);
	return COFFER_OK;
}

static void
pack_bool(struct encoder *encoder, bool boolean)
{
	(void)(boolean ? msgpack_pack_true(&encoder->packer)
		       : msgpack_pack_false(&encoder->packer));
}

static void
pack_number(struct encoder *encoder, uint32_t number, uint32_t none)
{
	if (number == none)
		msgpack_pack_nil(&encoder->packer);
	else
		msgpack_pack_uint32(&encoder->packer, number);
}

static coffer_status
pack_texts(struct encoder *encoder, const char *const *texts, size_t count)
{
	coffer_status status = COFFER_OK;

	msgpack_pack_array(&encoder->packer, count);
	for (size_t i = 0; i < count && !status; i++)
		status = pack_text(encoder, texts[i], 0, COFFER_VALUE_SIZE_MAX);
	return status;
}

static coffer_status
pack_members(struct encoder *encoder, const struct coffer_shape *shape, const char *at);

static coffer_status
pack_list(struct encoder *encoder, const struct coffer_field *field, const char *members,
	  size_t count)
{
	coffer_status status = COFFER_OK;

	msgpack_pack_array(&encoder->packer, count);
	for (size_t i = 0; i < count && !status; i++) {
		status = pack_members(encoder, field->members, members + i * field->members->size);
		if (status)
			coffer_error_at(encoder->error, "[%zu]", i);
	}
	return status;
}

/* A field with a count of its own. */
static coffer_status
pack_many(struct encoder *encoder, const struct coffer_field *field, const char *at)
{
	const void *array;
	size_t count;

	memcpy(&array, at + field->offset, sizeof(array));
	memcpy(&count, at + field->count_offset, sizeof(count));
	if (count > field->max)
		return coffer_error_set(encoder->error, COFFER_LIMIT,
					"%zu members, expected at most %u", count, field->max);
	if (field->type == COFFER_FIELD_LIST)
		return pack_list(encoder, field, array, count);
	if (field->type == COFFER_FIELD_TWINS && !array) {
		msgpack_pack_nil(&encoder->packer);
		return COFFER_OK;
	}
	if (field->type != COFFER_FIELD_NUMBERS)
		return pack_texts(encoder, array, count);
	msgpack_pack_array(&encoder->packer, count);
	for (size_t i = 0; i < count; i++)
		msgpack_pack_uint16(&encoder->packer, ((const uint16_t *)array)[i]);
	return COFFER_OK;
}

static coffer_status
pack_text_field(struct encoder *encoder, const struct coffer_field *field, const char *at)
{
	const char *text;

	memcpy(&text, at + field->offset, sizeof(text));
	if (field->type == COFFER_FIELD_NAME)
		return pack_text(encoder, text, 1, COFFER_NAME_SIZE_MAX);
	if (field->type == COFFER_FIELD_TEXT || text)
		return pack_text(encoder, text, 0, COFFER_VALUE_SIZE_MAX);
	msgpack_pack_nil(&encoder->packer);
	return COFFER_OK;
}

static coffer_status
pack_field(struct encoder *encoder, const struct coffer_field *field, const char *at)
{
	const void *value = at + field->offset;

	switch (field->type) {
	case COFFER_FIELD_NAME:
	case COFFER_FIELD_TEXT:
	case COFFER_FIELD_OPTION:
		return pack_text_field(encoder, field, at);
	case COFFER_FIELD_LETTER:
		return pack_letter(encoder, *(const char *)value);
	case COFFER_FIELD_BOOL:
		pack_bool(encoder, *(const bool *)value);
		return COFFER_OK;
	case COFFER_FIELD_ENUM:
	case COFFER_FIELD_U32:
		msgpack_pack_uint32(&encoder->packer, *(const uint32_t *)value);
		return COFFER_OK;
	case COFFER_FIELD_U8:
		msgpack_pack_uint8(&encoder->packer, *(const uint8_t *)value);
		return COFFER_OK;
	case COFFER_FIELD_U16:
		msgpack_pack_uint16(&encoder->packer, *(const uint16_t *)value);
		return COFFER_OK;
	case COFFER_FIELD_NUMBER16:
		pack_number(encoder, *(const uint16_t *)value, UINT16_MAX);
		return COFFER_OK;
	case COFFER_FIELD_NUMBER32:
		pack_number(encoder, *(const uint32_t *)value, UINT32_MAX);
		return COFFER_OK;
	case COFFER_FIELD_I64:
		msgpack_pack_int64(&encoder->packer, *(const int64_t *)value);
		return COFFER_OK;
	default:
		return pack_many(encoder, field, at);
	}
}

static coffer_status
pack_members(struct encoder *encoder, const struct coffer_shape *shape, const char *at)
{
	coffer_status status = COFFER_OK;

	msgpack_pack_map(&encoder->packer, shape->field_count);
	for (size_t i = 0; i < shape->field_count && !status; i++) {
		const struct coffer_field *field = &shape->fields[i];

		coffer_pack_text(&encoder->packer, field->key, strlen(field->key));
		status = pack_field(encoder, field, at);
		if (status)
			coffer_error_at(encoder->error, "%s", field->key);
	}
	return status;
}

static coffer_status
finish(const coffer_buffer *out, size_t start, coffer_status status, coffer_error *error)
{
	if (!status && out->is_failed)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for the catalogue");
	if (!status && out->size - start > COFFER_SCHEMA_SIZE_MAX)
		return coffer_error_set(error, COFFER_LIMIT, "%zu bytes, expected at most %d",
					out->size - start, COFFER_SCHEMA_SIZE_MAX);
	return status;
}

coffer_status
coffer_catalogue_encode_schema(const coffer_schema *schema, coffer_buffer *out, coffer_error *error)
{
	struct encoder encoder = {.packer = {.data = out, .callback = append}, .error = error};
	size_t start = out->size;
	coffer_status status = pack_members(&encoder, &coffer_schema_shape, (const char *)schema);

	if (!status)
		status = coffer_catalogue_check(schema, COFFER_INVALID, error);
	status = finish(out, start, status, error);
	if (status)
		coffer_error_at(error, "catalogue[schema]");
	return status;
}

coffer_status
coffer_catalogue_encode_steps(const coffer_step *steps, size_t count, coffer_buffer *out,
			      coffer_error *error)
{
	struct encoder encoder = {.packer = {.data = out, .callback = append}, .error = error};
	size_t start = out->size;
	coffer_status status = COFFER_OK;

	msgpack_pack_array(&encoder.packer, count);
	for (size_t i = 0; i < count && !status; i++) {
		const coffer_step *step = &steps[i];

		msgpack_pack_array(&encoder.packer, step->fact_count);
		for (size_t f = 0; f < step->fact_count && !status; f++)
			status = pack_texts(
				&encoder,
				(const char *const[]){step->facts[f].name, step->facts[f].value},
				2);
		if (count > COFFER_STEPS_MAX || step->fact_count > COFFER_STEPS_MAX)
			status =
				coffer_error_set(error, COFFER_LIMIT,
						 "%zu steps, one of %zu facts, expected at most %d",
						 count, step->fact_count, COFFER_STEPS_MAX);
	}
	status = finish(out, start, status, error);
	if (status)
		coffer_error_at(error, "catalogue[source]");
	return status;
}

coffer_status
coffer_catalogue_encode_rollups(const coffer_table *table, coffer_buffer *out, coffer_error *error)
{
	struct encoder encoder = {.packer = {.data = out, .callback = append}, .error = error};
	size_t start = out->size;
	coffer_status status = pack_members(&encoder, &coffer_rollups_shape, (const char *)table);

	status = finish(out, start, status, error);
	if (status)
		coffer_error_at(error, "catalogue[rollups/%s]", table->name);
	return status;
}
