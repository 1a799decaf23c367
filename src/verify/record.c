/*
 * One record: its elements are decoded once, each checked against its column, and kept for the checks that look at
 * the row as a whole. SPEC.md 4.
 */
#include "verify/usual.h"

#include <inttypes.h>

static struct coffer_spot
spot_of(const struct coffer_table_check *check, uint16_t column)
{
	return (struct coffer_spot){
		.base = check->table->name,
		.row = check->row,
		.column = check->table->columns[column].name,
	};
}

/* Bits that no float4 has are called a wrong encoding by the decoder, and a range here. */
static void
report_fault(struct coffer_table_check *check, uint16_t column, enum coffer_fault fault)
{
	bool is_range =
		fault == COFFER_FAULT_RANGE || (fault == COFFER_FAULT_NOT_CANONICAL &&
						check->table->columns[column].kind == COFFER_FLOAT);

	coffer_verifier_report(check->verifier, is_range ? COFFER_RANGES : COFFER_RECORDS,
			       fault == COFFER_FAULT_LATER ? COFFER_UNSUPPORTED : COFFER_CORRUPT,
			       spot_of(check, column), "%s; the column is %s",
			       coffer_fault_text(fault), check->table->columns[column].type);
}

/* ------------------------------------------------------------------ one check an invariant */

static void
check_frame(struct coffer_table_check *check, uint16_t column)
{
	const char *message = coffer_verifier_check_frame(
		check->verifier, check->elements[column].value.text, &check->expansion);

	if (message)
		coffer_verifier_report(check->verifier, COFFER_FRAMES, COFFER_CORRUPT,
				       spot_of(check, column), "%s", message);
}

static void
check_canonical(struct coffer_table_check *check, uint16_t column, struct coffer_bytes bytes)
{
	const struct coffer_element *element = &check->elements[column];
	struct coffer_form form = check->forms[column];

	if (!coffer_verify_is_canonical(form, element, bytes.data, bytes.size))
		report_fault(check, column, COFFER_FAULT_NOT_CANONICAL);
	else if (element->form == COFFER_ELEMENT_FRAME)
		check_frame(check, column);
	else if (coffer_element_check_text(form, element))
		report_fault(check, column, COFFER_FAULT_TEXT);
}

static void
check_not_null(struct coffer_table_check *check, uint16_t column)
{
	const struct coffer_element *element = &check->elements[column];

	if (element->form == COFFER_ELEMENT_VALUE && element->value.kind == COFFER_NULL &&
	    !check->table->columns[column].is_nullable)
		coffer_verifier_report(check->verifier, COFFER_NOT_NULL, COFFER_CONFLICT,
				       spot_of(check, column), "NULL, but the column is NOT NULL");
}

static void
check_range(struct coffer_table_check *check, uint16_t column)
{
	const struct coffer_element *element = &check->elements[column];
	const char *range;

	if (element->form != COFFER_ELEMENT_VALUE)
		return;
	range = coffer_verify_range(&check->table->columns[column], &element->value);
	if (range && element->value.kind == COFFER_FLOAT)
		coffer_verifier_report(check->verifier, COFFER_RANGES, COFFER_CORRUPT,
				       spot_of(check, column), "%a, expected %s",
				       element->value.real, range);
	else if (range)
		coffer_verifier_report(check->verifier, COFFER_RANGES, COFFER_CORRUPT,
				       spot_of(check, column), "%" PRId64 ", expected %s",
				       element->value.kind == COFFER_INT ? element->value.integer
									 : element->value.time,
				       range);
}

static void
check_code(struct coffer_table_check *check, uint16_t column)
{
	const struct coffer_element *element = &check->elements[column];

	if (element->form == COFFER_ELEMENT_CODE &&
	    !coffer_verifier_has_code(check->verifier, element->code))
		coffer_verifier_report(check->verifier, COFFER_CODES, COFFER_CORRUPT,
				       spot_of(check, column),
				       "the code is %" PRIu32
				       ", the pool has no text of it; its highest is %" PRIu32,
				       element->code, check->verifier->code_max);
}

/* ------------------------------------------------------------------ elements */

/* A long value is a text, JSON, bytea, array or other value as it would stand in the record; never a code. */
static bool
read_long(struct coffer_table_check *check, uint16_t column, struct coffer_bytes *bytes)
{
	struct coffer_element *element = &check->elements[column];
	enum coffer_fault fault;

	*bytes = check->longs[column];
	check->longs[column].data = NULL;
	if (!bytes->data) {
		coffer_verifier_report(
			check->verifier, COFFER_LONGS, COFFER_CORRUPT, spot_of(check, column),
			"the record says that the value is long, but long/%s has none",
			check->table->name);
		return false;
	}
	if (coffer_element_size(bytes->data, bytes->size) != bytes->size)
		fault = COFFER_FAULT_TRAILING;
	else
		fault = coffer_element_decode(check->forms[column], bytes->data, bytes->size, element);
	if (!fault && (element->form == COFFER_ELEMENT_LONG ||
		       element->form == COFFER_ELEMENT_CODE || element->value.kind == COFFER_NULL))
		fault = COFFER_FAULT_FORM;
	if (fault)
		report_fault(check, column, fault);
	return !fault;
}

static bool
check_any_element(struct coffer_table_check *check, uint16_t column, struct coffer_bytes bytes)
{
	struct coffer_element *element = &check->elements[column];
	enum coffer_fault fault;

	fault = coffer_element_decode(check->forms[column], bytes.data, bytes.size, element);
	if (fault) {
		report_fault(check, column, fault);
		return false;
	}
	check->held[column].is_long = element->form == COFFER_ELEMENT_LONG;
	check->has_moved |= check->held[column].is_long;
	if (check->held[column].is_long && !read_long(check, column, &bytes))
		return false;
	check->held[column].size = (uint32_t)bytes.size;
	check_canonical(check, column, bytes);
	check_not_null(check, column);
	check_range(check, column);
	check_code(check, column);
	return true;
}

static inline bool
check_element(struct coffer_table_check *check, const struct coffer_slot *slot,
	      struct coffer_bytes bytes)
{
	struct coffer_element *element = &check->elements[slot->column];

	if (!coffer_usual_element(check->verifier, slot, bytes, element))
		return check_any_element(check, slot->column, bytes);
	check->held[slot->column] = (struct coffer_held){(uint32_t)bytes.size, false};
	if (element->form == COFFER_ELEMENT_FRAME)
		check_frame(check, slot->column);
	return true;
}

static bool
report_malformed(struct coffer_table_check *check, uint16_t column)
{
	coffer_verifier_report(check->verifier, COFFER_RECORDS, COFFER_CORRUPT,
			       spot_of(check, column),
			       "no element that a record may hold, or cut; the column is %s",
			       check->table->columns[column].type);
	return false;
}

static bool
report_record(struct coffer_table_check *check, enum coffer_fault fault)
{
	coffer_verifier_report(check->verifier, COFFER_RECORDS, COFFER_CORRUPT,
			       (struct coffer_spot){.base = check->table->name, .row = check->row},
			       "%s; expected an array of %zu elements", coffer_fault_text(fault),
			       check->table->column_count);
	return false;
}

bool
coffer_check_record(struct coffer_table_check *check, struct coffer_bytes payload)
{
	size_t columns = check->table->column_count, header = 0, size = 0, at;
	enum coffer_fault fault = coffer_record_open(payload.data, payload.size, columns, &header);
	bool is_whole = true;

	if (fault)
		return report_record(check, fault);
	at = header;
	check->has_moved = false;
	for (size_t p = 0; p < columns; p++, at += size) {
		if (!(size = coffer_element_size(payload.data + at, payload.size - at)))
			return report_malformed(check, check->slots[p].column);
		if (!check_element(check, &check->slots[p],
				   (struct coffer_bytes){payload.data + at, size}))
			is_whole = false;
	}
	if (at != payload.size)
		return report_record(check, COFFER_FAULT_TRAILING);
	if (is_whole)
		coffer_check_long_rule(check, header, payload.size);
	return is_whole;
}
