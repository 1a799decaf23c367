/*
 * Property: an entry of the pool is accepted under its own code and place only, a sealed one always is, and any
 * changed byte of it is refused. The size of a text changes nothing about that.
 *
 * Input: the code (4 bytes), a byte that says whether to seal the entry, then the entry: checksum and text.
 */
#include "fuzz/demand.h"

#include "base/utf8.h"
#include "format/bytes.h"
#include "format/checksum.h"
#include "format/key.h"

enum { HEAD_SIZE = COFFER_CODE_KEY_SIZE + 1, SIZE_MOST = 512 };

static enum coffer_fault
check(uint32_t id, const uint8_t *key, const uint8_t *value, size_t size)
{
	return coffer_checksum_check(id, key, COFFER_CODE_KEY_SIZE, value, size);
}

/* A sealed entry fails under another code, in another tree, cut, and with a bit changed. */
static void
check_sealed(uint8_t *key, uint8_t *value, size_t size, uint8_t where)
{
	demand(check(COFFER_ID_POOL, key, value, size) == COFFER_FAULT_NONE);
	demand(check(COFFER_ID_CATALOGUE, key, value, size) == COFFER_FAULT_CHECKSUM);
	demand(check(COFFER_ID_POOL, key, value, size - 1) != COFFER_FAULT_NONE);
	key[where % COFFER_CODE_KEY_SIZE] ^= 1;
	demand(check(COFFER_ID_POOL, key, value, size) == COFFER_FAULT_CHECKSUM);
	key[where % COFFER_CODE_KEY_SIZE] ^= 1;
	value[where % size] ^= (uint8_t)(1 << where % 8);
	demand(check(COFFER_ID_POOL, key, value, size) == COFFER_FAULT_CHECKSUM);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t key[COFFER_CODE_KEY_SIZE], value[SIZE_MOST];
	const char *text = (const char *)value + COFFER_CHECKSUM_SIZE;
	bool is_sealed;

	if (size < HEAD_SIZE || size - HEAD_SIZE > sizeof(value))
		return 0;
	memcpy(key, data, sizeof(key));
	is_sealed = data[COFFER_CODE_KEY_SIZE] & 1;
	size -= HEAD_SIZE;
	memcpy(value, data + HEAD_SIZE, size);
	demand(coffer_key_get_code(key) == coffer_load_u32be(key));
	if (size < COFFER_CHECKSUM_SIZE) {
		demand(check(COFFER_ID_POOL, key, value, size) == COFFER_FAULT_CUT);
		return 0;
	}
	/* A text is valid when both its halves are, and no longer when a NUL byte follows. */
	size -= COFFER_CHECKSUM_SIZE;
	for (size_t half = 0; half <= size; half++)
		if (coffer_utf8_is_valid(text, half) &&
		    coffer_utf8_is_valid(text + half, size - half))
			demand(coffer_utf8_is_valid(text, size));
	size += COFFER_CHECKSUM_SIZE;
	if (is_sealed) {
		coffer_checksum_seal(COFFER_ID_POOL, key, sizeof(key), value, size);
		check_sealed(key, value, size, data[COFFER_CODE_KEY_SIZE] >> 1);
	}
	return 0;
}
