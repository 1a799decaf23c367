/*
 * Property: a document's normal form is in normal form, means what the document means, and takes no more memory than
 * it has reason to; what is refused has a reason that another look finds too.
 *
 * Input: the document. The other look knows only tokens: it finds each member of the normal form in the document by
 * comparing names, the last of the equal ones, and numbers by their digits and the place of their point.
 */
#include "fuzz/demand.h"

#include "coffer.h"

#include <string.h>

enum {
	DEPTH_MOST = 40,
	SIZE_MOST = 4096, /* of what is compared: it takes time in squares */
	NODE_SIZE = 16,
	TEXT_MOST = 1 << 16,
};

static bool
is_same_value(coffer_text document, coffer_text normal, int depth);

static coffer_json_token
next(coffer_json_reader *reader)
{
	coffer_json_token token;

	demand(!coffer_json_next(reader, &token, NULL));
	return token;
}

static coffer_json_token
first_token(coffer_text document, coffer_json_reader *reader)
{
	coffer_json_reader_init(reader, document);
	return next(reader);
}

static bool
is_same_string(const coffer_json_token *left, const coffer_json_token *right)
{
	static char texts[2][TEXT_MOST];

	if (left->decoded_size != right->decoded_size)
		return false;
	coffer_json_decode(left, texts[0]);
	coffer_json_decode(right, texts[1]);
	return !memcmp(texts[0], texts[1], left->decoded_size);
}

/* ------------------------------------------------------------------ numbers */

struct number {
	char digits[SIZE_MOST]; /* without zeros at either end */
	size_t count;
	long point; /* digits before the point; 0 for zero */
	long scale;
	bool is_negative;
};

/* Of "e-12" or nothing, in a number that numeric can hold. */
static long
read_exponent(coffer_text text)
{
	long exponent = 0;

	for (size_t i = 1; i < text.size; i++)
		if (text.data[i] >= '0' && text.data[i] <= '9')
			exponent = exponent * 10 + (text.data[i] - '0');
	return text.size > 1 && text.data[1] == '-' ? -exponent : exponent;
}

static void
read_number(coffer_text text, struct number *number)
{
	long exponent, fraction = 0, zeros = 0;
	bool is_behind = false;
	size_t i = 0;

	*number = (struct number){.is_negative = *text.data == '-'};
	for (; i < text.size && (text.data[i] | ' ') != 'e'; i++) {
		if (text.data[i] == '.')
			is_behind = true;
		if (text.data[i] < '0' || text.data[i] > '9')
			continue;
		fraction += is_behind;
		number->point += !is_behind;
		if (number->count || text.data[i] != '0')
			number->digits[number->count++] = text.data[i];
		else
			zeros++;
	}
	exponent = read_exponent((coffer_text){text.data + i, text.size - i});
	number->scale = fraction > exponent ? fraction - exponent : 0;
	number->point += exponent - zeros;
	while (number->count && number->digits[number->count - 1] == '0')
		number->count--;
	if (!number->count) {
		number->point = 0;
		number->is_negative = false;
	}
}

static bool
is_same_number(coffer_text document, coffer_text normal)
{
	static struct number left, right;

	demand(!memchr(normal.data, 'e', normal.size) && !memchr(normal.data, 'E', normal.size));
	read_number(document, &left);
	if (normal.size >= SIZE_MOST)
		return true;
	read_number(normal, &right);
	return left.count == right.count && !memcmp(left.digits, right.digits, left.count) &&
	       left.point == right.point && left.scale == right.scale &&
	       left.is_negative == right.is_negative && (*normal.data == '-') == right.is_negative;
}

/* ------------------------------------------------------------------ arrays and objects */

static bool
is_same_array(coffer_text document, coffer_text normal, int depth)
{
	coffer_json_reader left, right;
	coffer_text item, other;
	coffer_status status;

	first_token(document, &left);
	first_token(normal, &right);
	while (!(status = coffer_json_next_value(&left, &item, NULL)))
		if (coffer_json_next_value(&right, &other, NULL) ||
		    !is_same_value(item, other, depth))
			return false;
	return coffer_json_next_value(&right, &other, NULL) == status;
}

/* The value of the last member of this name; the number of members before any of that name. */
static coffer_text
find_member(coffer_text object, const coffer_json_token *name)
{
	coffer_text found = {NULL, 0}, value;
	coffer_json_reader reader;
	coffer_json_token token;

	first_token(object, &reader);
	while ((token = next(&reader)).type == COFFER_JSON_NAME) {
		demand(!coffer_json_next_value(&reader, &value, NULL));
		if (is_same_string(&token, name))
			found = value;
	}
	return found;
}

/* Shorter names first, equal lengths by bytes, none twice. */
static void
demand_order(const coffer_json_token *before, const coffer_json_token *name)
{
	static char texts[2][TEXT_MOST];

	demand(before->decoded_size <= name->decoded_size);
	if (before->decoded_size < name->decoded_size)
		return;
	coffer_json_decode(before, texts[0]);
	coffer_json_decode(name, texts[1]);
	demand(memcmp(texts[0], texts[1], name->decoded_size) < 0);
}

static bool
is_same_object(coffer_text document, coffer_text normal, int depth)
{
	coffer_json_token name, before = {.type = COFFER_JSON_END};
	coffer_json_reader reader;
	coffer_text value, other;

	first_token(normal, &reader);
	while ((name = next(&reader)).type == COFFER_JSON_NAME) {
		demand(!coffer_json_next_value(&reader, &value, NULL));
		other = find_member(document, &name);
		if (before.type == COFFER_JSON_NAME)
			demand_order(&before, &name);
		if (!other.data || !is_same_value(other, value, depth))
			return false;
		before = name;
	}
	first_token(document, &reader);
	while ((name = next(&reader)).type == COFFER_JSON_NAME) {
		demand(!coffer_json_next_value(&reader, &value, NULL));
		if (!find_member(normal, &name).data)
			return false;
	}
	return true;
}

static bool
is_same_value(coffer_text document, coffer_text normal, int depth)
{
	coffer_json_reader left, right;
	coffer_json_token token = first_token(document, &left), other = first_token(normal, &right);

	if (token.type != other.type)
		return false;
	if (depth == 0)
		return true;
	switch (token.type) {
	case COFFER_JSON_OBJECT:
		return is_same_object(document, normal, depth - 1);
	case COFFER_JSON_ARRAY:
		return is_same_array(document, normal, depth - 1);
	case COFFER_JSON_STRING:
		return is_same_string(&token, &other);
	case COFFER_JSON_NUMBER:
		return is_same_number(token.text, other.text);
	default:
		return true;
	}
}

/* ------------------------------------------------------------------ */

/* Is a number as far from the point as no numeric is? Only roughly: exponents of three digits are well within. */
static bool
is_far(coffer_text number)
{
	const char *at = number.data, *end = at + number.size;

	while (at < end && (*at | ' ') != 'e')
		at++;
	return end - at > 5 || number.size > 16000;
}

/* Has a document that jsonb refuses a reason for it? */
static void
demand_reason(coffer_text document)
{
	coffer_json_reader reader;
	coffer_json_token token;
	coffer_status status;
	bool has_reason = false;

	coffer_json_reader_init(&reader, document);
	do {
		status = coffer_json_next(&reader, &token, NULL);
		has_reason = has_reason || status || token.decoded_size == COFFER_JSON_NO_TEXT ||
			     (token.type == COFFER_JSON_NUMBER && is_far(token.text));
	} while (!status && token.type != COFFER_JSON_END);
	demand(has_reason);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const coffer_column column = {
		.name = "c", .type = "jsonb", .kind = COFFER_JSON, .is_binary_json = true};
	coffer_text document = {(const char *)data, size}, normal;
	coffer_buffer memory = {0}, again = {0};
	coffer_schema *schema;
	coffer_value value, same;
	coffer_status status;

	demand(!coffer_schema_new(&schema, NULL));
	status = coffer_value_parse(schema, &column, document, &memory, &value, NULL);
	demand(status == COFFER_OK || status == COFFER_INVALID || status == COFFER_LIMIT);
	normal = value.text;
	demand(memory.capacity <=
	       2 * (NODE_SIZE * (size + 1) + (status ? (size_t)1 << 30 : normal.size) + 256));
	if (status) {
		demand_reason(document);
	} else {
		demand(!coffer_value_parse(schema, &column, normal, &again, &same, NULL));
		demand(same.text.size == normal.size &&
		       !memcmp(same.text.data, normal.data, normal.size));
		demand(size >= SIZE_MOST || is_same_value(document, normal, DEPTH_MOST));
	}
	coffer_buffer_release(&memory);
	coffer_buffer_release(&again);
	coffer_schema_free(schema);
	return 0;
}
