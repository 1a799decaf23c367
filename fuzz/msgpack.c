/*
 * Property: the cursor takes an object exactly when msgpack-c takes it and packs it again to the same bytes, but for
 * float32, which the cursor never takes; and what the cursor read, packed by msgpack-c, is the same bytes,
 * so both have the same values.
 *
 * msgpack-c is called only where no count exceeds the input, or it would ask for gigabytes.
 */
#include "fuzz/demand.h"

#include "format/msgpack.h"

#include <msgpack.h>

enum { SIZE_MOST = 4096 };

/* Pack one item as the cursor gave it; returns how many items follow for it. */
static uint64_t
pack(msgpack_packer *packer, const struct coffer_msgpack *item)
{
	switch (item->type) {
	case COFFER_MSGPACK_NIL:
		return msgpack_pack_nil(packer), 0;
	case COFFER_MSGPACK_BOOL:
		return item->boolean ? msgpack_pack_true(packer) : msgpack_pack_false(packer), 0;
	case COFFER_MSGPACK_UINT:
		return msgpack_pack_uint64(packer, item->number), 0;
	case COFFER_MSGPACK_INT:
		return msgpack_pack_int64(packer, item->integer), 0;
	case COFFER_MSGPACK_FLOAT:
		return msgpack_pack_double(packer, item->real), 0;
	case COFFER_MSGPACK_STR:
		return msgpack_pack_str_with_body(packer, item->text.data, item->text.size), 0;
	case COFFER_MSGPACK_BIN:
		return msgpack_pack_bin_with_body(packer, item->text.data, item->text.size), 0;
	case COFFER_MSGPACK_EXT:
		msgpack_pack_ext(packer, item->text.size, (int8_t)item->extension);
		return msgpack_pack_ext_body(packer, item->text.data, item->text.size), 0;
	case COFFER_MSGPACK_ARRAY:
		return msgpack_pack_array(packer, item->count), item->count;
	default:
		return msgpack_pack_map(packer, item->count), 2 * (uint64_t)item->count;
	}
}

/* Bytes of one object for the cursor, packed again into `out`; 0 when it is refused. */
static size_t
read_ours(const uint8_t *data, size_t size, msgpack_sbuffer *out)
{
	struct coffer_reader reader = coffer_reader_over(data, size);
	msgpack_packer packer = {.data = out, .callback = msgpack_sbuffer_write};

	for (uint64_t pending = 1; pending && !reader.fault; pending--) {
		struct coffer_msgpack item = coffer_msgpack_read(&reader);

		if (!reader.fault)
			pending += pack(&packer, &item);
	}
	return reader.fault ? 0 : size - reader.left;
}

/* True when no count of an array or a map, wherever one could stand, is larger than the input. */
static bool
is_safe(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i + 5 <= size; i++)
		if (data[i] >= 0xdc && data[i] <= 0xdf &&
		    (data[i] & 1 ? coffer_load_u32be(data + i + 1)
				 : coffer_load_u16be(data + i + 1)) > size)
			return false;
	return true;
}

/* True when no byte of it could be the tag of a float32. */
static bool
is_plain(const uint8_t *data, size_t size)
{
	return !memchr(data, 0xca, size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	msgpack_sbuffer ours, theirs;
	msgpack_packer packer = {.data = &theirs, .callback = msgpack_sbuffer_write};
	msgpack_unpacked unpacked;
	msgpack_unpack_return answer = MSGPACK_UNPACK_PARSE_ERROR;
	size_t taken = 0, taken_ours;

	if (!size || size > SIZE_MOST)
		return 0;
	msgpack_sbuffer_init(&ours);
	msgpack_sbuffer_init(&theirs);
	msgpack_unpacked_init(&unpacked);
	taken_ours = read_ours(data, size, &ours);
	demand(!taken_ours || (ours.size == taken_ours && !memcmp(ours.data, data, ours.size)));
	if (is_safe(data, size))
		answer = msgpack_unpack_next(&unpacked, (const char *)data, size, &taken);
	if (answer > 0)
		msgpack_pack_object(&packer, unpacked.data);
	if (theirs.size != taken || (taken && memcmp(theirs.data, data, taken)))
		taken = 0;
	/* It refuses objects of more than 32 levels for want of memory. */
	if (is_safe(data, size) && answer != MSGPACK_UNPACK_NOMEM_ERROR &&
	    (taken_ours || is_plain(data, size)))
		demand(taken_ours == (answer > 0 ? taken : 0));
	msgpack_unpacked_destroy(&unpacked);
	msgpack_sbuffer_destroy(&theirs);
	msgpack_sbuffer_destroy(&ours);
	return 0;
}
