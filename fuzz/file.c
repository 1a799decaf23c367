/*
 * Property: any bytes, opened from memory as a store, are refused or read without harm, and what verify passes is read without a
 * failure, by SQL as well. It needs no file and no lock: for AFL++, valgrind and the memory sanitizer.
 *
 * Input: the file.
 */
#include "fuzz/demand.h"
#include "fuzz/support/asking.h"
#include "fuzz/support/reading.h"

#include <string.h>

enum { FILE_SIZE_MAX = 1 << 18 };

static bool
is_refusal(coffer_status status)
{
	return status == COFFER_CORRUPT || status == COFFER_NOT_A_COFFER ||
	       status == COFFER_UNSUPPORTED || status == COFFER_LIMIT;
}

static void
use(const coffer_origin *origin)
{
	const struct reading_options options = {.is_brief = true};
	coffer_verify_summary summary;
	struct reading reading = {0};
	struct asking asking = {0};
	coffer_store *store;
	coffer_status opened = coffer_store_open_origin(origin, &store, NULL), verified;

	demand(!opened || is_refusal(opened));
	if (!opened) {
		reading_make(store, &options, &reading);
		asking_make(store, &asking);
	}
	verified = coffer_verify_origin(origin, NULL, &summary, NULL);
	demand(!verified || is_refusal(verified));
	demand(verified || summary.findings ||
	       (!opened && !reading.failures && !asking.failures));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *block;

	if (size > FILE_SIZE_MAX)
		return 0;
	block = malloc(size ? size : 1);
	demand(block != NULL);
	memcpy(block, data, size);
	use(&(coffer_origin){.memory = block, .size = size});
	free(block);
	return 0;
}
