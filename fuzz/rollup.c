/*
 * Property: a group that is accepted is the only encoding of its numbers, which rows can have, and so is a key; what describes
 * roll-ups is written again as the same bytes.
 *
 * Input: 0 for a group: a byte of flags, one of the number of sums and one of which are floats, one of the size of the key, the
 * key, the payload. 1 for a description: the payload of an entry `rollups/<table>`.
 */
#include "fuzz/demand.h"

#include "format/rollup.h"
#include "store/catalogue.h"

#include <math.h>
#include <string.h>

static void
check_numbers(const struct coffer_totals_form *form, const struct coffer_totals *group)
{
	demand(group->rows > 0);
	for (size_t i = 0; i < form->sum_count; i++) {
		const struct coffer_totals_sum *sum = &group->sums[i];

		demand(sum->unfit >= 0 && sum->unfit <= sum->values && sum->values <= group->rows);
		demand(form->is_float[i] || !sum->unfit);
		demand(isfinite(coffer_fixed_round(&sum->total, 0)));
	}
}

static void
check_group(const uint8_t *data, size_t size)
{
	struct coffer_totals_form form = {.span = INT64_C(3600000000) * (data[0] & 1 ? 24 : 1)};
	uint8_t key[COFFER_TOTALS_KEY_SIZE_MAX], payload[COFFER_TOTALS_VALUE_MAX];
	size_t key_size = data[3];
	struct coffer_totals group;
	coffer_value time;
	uint32_t code;

	form.is_time_nullable = data[0] & 2;
	form.has_code = data[0] & 4;
	form.sum_count = data[1] % (COFFER_ROLLUP_SUMS_MAX + 1);
	for (size_t i = 0; i < form.sum_count; i++)
		form.is_float[i] = data[2] >> i & 1;
	data += 4;
	size -= 4;
	if (key_size > size)
		return;
	if (!coffer_totals_key_read(&form, data, key_size, &time, &code)) {
		demand(coffer_totals_key_write(&form, &time, code, key) == key_size);
		demand(!memcmp(key, data, key_size));
	}
	data += key_size;
	size -= key_size;
	if (coffer_totals_decode(&form, data, size, &group))
		return;
	check_numbers(&form, &group);
	demand(coffer_totals_encode(&form, &group, payload) == size);
	demand(!memcmp(payload, data, size));
}

static void
check_description(const uint8_t *data, size_t size)
{
	coffer_table table = {.name = "t"};
	coffer_schema *schema;
	coffer_buffer again = {0};

	demand(coffer_schema_new(&schema, NULL) == COFFER_OK);
	if (!coffer_catalogue_decode_rollups(data, size, schema, &table, NULL)) {
		demand(coffer_catalogue_encode_rollups(&table, &again, NULL) == COFFER_OK);
		demand(again.size == size && !memcmp(again.data, data, size));
	}
	coffer_buffer_release(&again);
	coffer_schema_free(schema);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size >= 5 && !data[0])
		check_group(data + 1, size - 1);
	else if (size && data[0] == 1)
		check_description(data + 1, size - 1);
	return 0;
}
