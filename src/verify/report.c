/*
 * Findings, and the failures that are none. SPEC.md 9.
 */
#include "verify/verify.h"

#include "format/checksum.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
write_place(struct coffer_spot spot, char *out, size_t size)
{
	const char *dot = spot.column ? "." : "", *column = spot.column ? spot.column : "";

	if (spot.entry)
		(void)snprintf(out, size, "%s[%s]", spot.base, spot.entry);
	else if (spot.page)
		(void)snprintf(out, size, "%s[page %" PRIu64 "]", spot.base, spot.page);
	else if (spot.row)
		(void)snprintf(out, size, "%s[%" PRIu64 "]%s%s", spot.base, spot.row, dot, column);
	else
		(void)snprintf(out, size, "%s%s%s", spot.base, dot, column);
}

void
coffer_verifier_found(struct coffer_verifier *verifier, const struct coffer_found *found)
{
	const coffer_verify_options *options = verifier->options;
	char number[8];

	(void)snprintf(number, sizeof(number), "I%d", (int)found->invariant);
	verifier->summary->findings++;
	if (options->found)
		options->found(options->found_context, &(coffer_finding){
							       .invariant = number,
							       .status = found->status,
							       .place = found->place,
							       .message = found->message,
						       });
	if (options->findings_max && verifier->summary->findings >= options->findings_max)
		verifier->is_over = true;
}

void
coffer_verifier_report(struct coffer_verifier *verifier, enum coffer_invariant invariant,
		       coffer_status status, struct coffer_spot spot, const char *format, ...)
{
	char place[512], message[512];
	struct coffer_found found = {invariant, status, place, message};
	va_list arguments;

	if (verifier->is_over)
		return;
	va_start(arguments, format);
	(void)vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	write_place(spot, place, sizeof(place));
	if (verifier->lane)
		coffer_lane_hold(verifier->lane, &found);
	else
		coffer_verifier_found(verifier, &found);
}

void
coffer_verifier_fail(struct coffer_verifier *verifier, coffer_status status, const char *message)
{
	if (!verifier->status)
		verifier->status = coffer_error_set(verifier->error, status, "%s", message);
	verifier->is_over = true;
}

static uint64_t
read_u64le(const uint8_t *bytes)
{
	uint64_t number = 0;

	for (int i = 7; i >= 0; i--)
		number = number << 8 | bytes[i];
	return number;
}

bool
coffer_verifier_unseal(struct coffer_verifier *verifier, enum coffer_invariant invariant,
		       struct coffer_spot spot, uint32_t id, struct coffer_bytes key,
		       struct coffer_bytes value, struct coffer_bytes *payload_out)
{
	uint64_t is, expected;

	*payload_out = (struct coffer_bytes){NULL, 0};
	if (value.size < COFFER_CHECKSUM_SIZE) {
		coffer_verifier_report(verifier, invariant, COFFER_CORRUPT, spot,
				       "the value has %zu bytes, expected a checksum of %d",
				       value.size, COFFER_CHECKSUM_SIZE);
		return false;
	}
	*payload_out = (struct coffer_bytes){value.data + COFFER_CHECKSUM_SIZE,
					     value.size - COFFER_CHECKSUM_SIZE};
	is = read_u64le(value.data);
	expected = coffer_checksum(id, key.data, key.size, payload_out->data, payload_out->size);
	if (is == expected)
		return true;
	coffer_verifier_report(verifier, invariant, COFFER_CORRUPT, spot,
			       "the checksum is %016" PRIx64 ", expected %016" PRIx64, is,
			       expected);
	return false;
}
