/*
 * Small catalogue entries. Maps have exactly the listed keys in the listed order, so that one entry has one
 * byte string. SPEC.md 6.
 */
#include "format/catalogue.h"

#include "format/frame.h"
#include "format/key.h"
#include "format/msgpack.h"
#include "format/pack.h"

#include <string.h>

/* ------------------------------------------------------------------ format */

static void
pack_features(msgpack_packer *packer, const char *key, const coffer_text *features, size_t count)
{
	coffer_pack_text(packer, key, strlen(key));
	msgpack_pack_array(packer, count);
	for (size_t i = 0; i < count; i++)
		coffer_pack_text(packer, features[i].data, features[i].size);
}

void
coffer_entry_name(char out[COFFER_ENTRY_NAME_SIZE], const char *prefix, const char *name)
{
	size_t prefix_size = strlen(prefix), size = strnlen(name, COFFER_NAME_SIZE_MAX);

	memcpy(out, prefix, prefix_size);
	memcpy(out + prefix_size, name, size);
	out[prefix_size + size] = '\0';
}

size_t
coffer_format_entry_encode(const struct coffer_format_entry *entry, uint8_t *out)
{
	struct coffer_writer writer = {.out = out, .capacity = COFFER_FORMAT_ENTRY_MAX};
	msgpack_packer packer = coffer_packer_over(&writer);

	msgpack_pack_map(&packer, 4);
	coffer_pack_text(&packer, "version", 7);
	msgpack_pack_uint64(&packer, entry->version);
	pack_features(&packer, "read", entry->read_features, entry->read_feature_count);
	pack_features(&packer, "write", entry->write_features, entry->write_feature_count);
	coffer_pack_text(&packer, "seed", 4);
	msgpack_pack_uint64(&packer, entry->seed);
	return writer.size;
}

static bool
is_feature_name(coffer_text name)
{
	if (!name.size)
		return false;
	for (size_t i = 0; i < name.size; i++) {
		char c = name.data[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
			return false;
	}
	return true;
}

static bool
is_before(coffer_text left, coffer_text right)
{
	size_t size = left.size < right.size ? left.size : right.size;
	int order = memcmp(left.data, right.data, size);

	return order < 0 || (!order && left.size < right.size);
}

/* Feature names in ascending order, none twice; returns their number. */
static size_t
read_features(struct coffer_reader *reader, const char *key, coffer_text *features)
{
	uint32_t count;

	coffer_msgpack_read_key(reader, key);
	count = coffer_msgpack_read_array(reader, COFFER_FEATURES_MAX);
	for (uint32_t i = 0; i < count && !reader->fault; i++) {
		features[i] = coffer_msgpack_read_str(reader, COFFER_FEATURE_NAME_MAX);
		if (!is_feature_name(features[i]))
			coffer_reader_fail(reader, COFFER_FAULT_TEXT);
		else if (i && !is_before(features[i - 1], features[i]))
			coffer_reader_fail(reader, COFFER_FAULT_NOT_CANONICAL);
	}
	return reader->fault ? 0 : count;
}

enum coffer_fault
coffer_format_entry_decode(const uint8_t *payload, size_t size,
			   struct coffer_format_entry *entry_out)
{
	struct coffer_reader reader = coffer_reader_over(payload, size);
	struct coffer_msgpack map = coffer_msgpack_read(&reader);

	memset(entry_out, 0, sizeof(*entry_out));
	if (!reader.fault && map.type != COFFER_MSGPACK_MAP)
		return COFFER_FAULT_FORM;
	coffer_msgpack_read_key(&reader, "version");
	entry_out->version = coffer_msgpack_read_uint(&reader, UINT64_MAX);
	if (reader.fault)
		return reader.fault;
	if (entry_out->version != COFFER_FORMAT_VERSION)
		return entry_out->version ? COFFER_FAULT_LATER : COFFER_FAULT_RANGE;
	if (map.count != 4)
		return COFFER_FAULT_COUNT;
	entry_out->read_feature_count = read_features(&reader, "read", entry_out->read_features);
	entry_out->write_feature_count = read_features(&reader, "write", entry_out->write_features);
	coffer_msgpack_read_key(&reader, "seed");
	entry_out->seed = coffer_msgpack_read_uint(&reader, UINT64_MAX);
	return coffer_reader_finish(&reader);
}

/* ------------------------------------------------------------------ sequence, row */

size_t
coffer_sequence_entry_encode(int64_t last_value, bool is_called, uint8_t *out)
{
	struct coffer_writer writer = {.out = out, .capacity = COFFER_SEQUENCE_ENTRY_MAX};
	msgpack_packer packer = coffer_packer_over(&writer);

	msgpack_pack_array(&packer, 2);
	msgpack_pack_int64(&packer, last_value);
	(void)(is_called ? msgpack_pack_true(&packer) : msgpack_pack_false(&packer));
	return writer.size;
}

enum coffer_fault
coffer_sequence_entry_decode(const uint8_t *payload, size_t size, int64_t *last_value_out,
			     bool *is_called_out)
{
	struct coffer_reader reader = coffer_reader_over(payload, size);
	uint32_t count = coffer_msgpack_read_array(&reader, UINT32_MAX);

	if (!reader.fault && count != 2)
		coffer_reader_fail(&reader, COFFER_FAULT_COUNT);
	*last_value_out = coffer_msgpack_read_int(&reader);
	*is_called_out = coffer_msgpack_read_bool(&reader);
	return coffer_reader_finish(&reader);
}

size_t
coffer_row_entry_encode(uint64_t number, uint8_t *out)
{
	struct coffer_writer writer = {.out = out, .capacity = COFFER_ROW_ENTRY_MAX};
	msgpack_packer packer = coffer_packer_over(&writer);

	msgpack_pack_uint64(&packer, number);
	return writer.size;
}

enum coffer_fault
coffer_row_entry_decode(const uint8_t *payload, size_t size, uint64_t *number_out)
{
	struct coffer_reader reader = coffer_reader_over(payload, size);

	*number_out = coffer_msgpack_read_uint(&reader, COFFER_ROW_NUMBER_MAX);
	if (!reader.fault && !*number_out)
		return COFFER_FAULT_RANGE;
	return coffer_reader_finish(&reader);
}

/* ------------------------------------------------------------------ frames */

size_t
coffer_frames_entry_encode(const struct coffer_frames_column *columns, size_t count, uint8_t *out)
{
	struct coffer_writer writer = {
		.out = out,
		.capacity = COFFER_FRAMES_ENTRY_HEADER_MAX + count * COFFER_FRAMES_COLUMN_MAX,
	};
	msgpack_packer packer = coffer_packer_over(&writer);

	msgpack_pack_array(&packer, count);
	for (size_t i = 0; i < count; i++) {
		msgpack_pack_array(&packer, 2);
		msgpack_pack_uint16(&packer, columns[i].column);
		msgpack_pack_uint8(&packer, columns[i].dictionary);
	}
	return writer.size;
}

enum coffer_fault
coffer_frames_entry_decode(const uint8_t *payload, size_t size,
			   struct coffer_frames_column *columns_out, size_t *count_out)
{
	struct coffer_reader reader = coffer_reader_over(payload, size);
	uint32_t count = coffer_msgpack_read_array(&reader, COFFER_COLUMNS_MAX);

	*count_out = 0;
	if (!reader.fault && !count)
		return COFFER_FAULT_COUNT;
	for (uint32_t i = 0; i < count && !reader.fault; i++) {
		if (coffer_msgpack_read_array(&reader, 2) != 2)
			coffer_reader_fail(&reader, COFFER_FAULT_COUNT);
		columns_out[i].column =
			(uint16_t)coffer_msgpack_read_uint(&reader, COFFER_COLUMNS_MAX - 1);
		columns_out[i].dictionary =
			(uint8_t)coffer_msgpack_read_uint(&reader, COFFER_DICTIONARIES_MAX);
		if (i && columns_out[i].column <= columns_out[i - 1].column)
			coffer_reader_fail(&reader, COFFER_FAULT_NOT_CANONICAL);
	}
	if (!reader.fault)
		*count_out = count;
	return coffer_reader_finish(&reader);
}
