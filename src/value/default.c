/*
 * What a column gets that a row does not give: what the gateway's client makes, else what DEFAULT says. Of SQL expressions
 * those are evaluated that the gateway's tables have, and what is like them: literals, arrays of texts, the time, random ids,
 * sequences, each under casts and parentheses as the server deparses them. Any other is refused, never guessed.
 */
#include "value/default.h"

#include "schema/name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <time.h>

enum {
	UUID_SIZE = 36,
	CUID_SIZE = 25,
	ELEMENTS_MAX = 64, /* of an array in a default */
};

/* A piece of an expression. */
struct piece {
	const char *begin, *end;
};

/* What is evaluated, and for which column. */
struct evaluation {
	const struct coffer_default_maker *maker;
	const coffer_column *column;
};

/* ------------------------------------------------------------------ pieces */

static struct piece
trim(struct piece piece)
{
	while (piece.begin < piece.end && *piece.begin == ' ')
		piece.begin++;
	while (piece.begin < piece.end && piece.end[-1] == ' ')
		piece.end--;
	return piece;
}

/* Past a literal or a quoted name that begins here; a doubled quote just begins the next one. */
static const char *
skip_quoted(const char *at, const char *end)
{
	char quote = *at++;

	while (at < end && *at != quote)
		at++;
	return at < end ? at + 1 : end;
}

/*
 * The first place outside of quotes and brackets where `word` stands, or NULL. With a `word` of NULL the end of the bracket
 * that opens at the beginning.
 */
static const char *
find_outside(struct piece piece, const char *word)
{
	size_t size = word ? strlen(word) : 0, depth = 0;

	for (const char *at = piece.begin; at < piece.end;) {
		if (word && !depth && (size_t)(piece.end - at) >= size && !strncasecmp(at, word, size))
			return at;
		if (*at == '\'' || *at == '"') {
			at = skip_quoted(at, piece.end);
			continue;
		}
		depth += *at == '(' || *at == '[';
		if ((*at == ')' || *at == ']') && depth && !--depth && !word)
			return at;
		at++;
	}
	return NULL;
}

static bool
is_word(struct piece piece, const char *word)
{
	return (size_t)(piece.end - piece.begin) == strlen(word) &&
	       !strncasecmp(piece.begin, word, strlen(word));
}

static bool
begins_with(struct piece piece, const char *word)
{
	return (size_t)(piece.end - piece.begin) >= strlen(word) &&
	       !strncasecmp(piece.begin, word, strlen(word));
}

/* Take off parentheses around the whole. */
static struct piece
unwrap(struct piece piece)
{
	for (piece = trim(piece); begins_with(piece, "(") && find_outside(piece, NULL) == piece.end - 1;
	     piece = trim(piece)) {
		piece.begin++;
		piece.end--;
	}
	return piece;
}

/* Part the last cast from what it is applied to; false where there is none. */
static bool
split_cast(struct piece *piece, struct piece *cast_out)
{
	struct piece rest = *piece;
	const char *at, *last = NULL;

	while ((at = find_outside(rest, "::"))) {
		last = at;
		rest.begin = at + 2;
	}
	if (!last)
		return false;
	*cast_out = trim((struct piece){last + 2, piece->end});
	*piece = unwrap((struct piece){piece->begin, last});
	return true;
}

/* ------------------------------------------------------------------ values */

static coffer_status
refuse(const struct evaluation *evaluation, const char *sql, coffer_error *error)
{
	coffer_error_set(error, COFFER_INVALID,
			 "not given, and its default %.200s is one that only a server evaluates", sql);
	return coffer_error_at(error, "%s", evaluation->column->name);
}

static coffer_status
no_memory(coffer_error *error)
{
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a value");
}

/* ------------------------------------------------------------------ casts */

static const char *
type_of(const struct evaluation *evaluation)
{
	const coffer_column *column = evaluation->column;

	return column->base_type ? column->base_type : column->type;
}

/* What stands in parentheses in a type or a call; empty where nothing does. */
static struct piece
modifier_of(struct piece type)
{
	const char *open = memchr(type.begin, '(', (size_t)(type.end - type.begin)), *close;

	if (!open)
		return (struct piece){type.end, type.end};
	close = memchr(open, ')', (size_t)(type.end - open));
	return (struct piece){open + 1, close ? close : type.end};
}

/* Does a length or a precision cut off nothing that the column would keep? That of a time is a digit, 6 where none is said. */
static bool
is_modifier_kept(const struct evaluation *evaluation, struct piece cast)
{
	const char *type = type_of(evaluation);
	struct piece asked = modifier_of(cast);
	struct piece own = modifier_of((struct piece){type, type + strlen(type)});
	size_t size = (size_t)(asked.end - asked.begin), own_size = (size_t)(own.end - own.begin);

	if (!size || (size == own_size && !memcmp(asked.begin, own.begin, size)))
		return true;
	return evaluation->column->kind == COFFER_TIME && *asked.begin >= (own_size ? *own.begin : '6');
}

/* Would the server read a literal as something that holds less than the column? */
static bool
is_narrow(const struct evaluation *evaluation, struct piece cast)
{
	const coffer_column *column = evaluation->column;

	if (column->kind == COFFER_FLOAT && column->width == 8)
		return begins_with(cast, "real") || begins_with(cast, "float4");
	return column->kind == COFFER_TIME && !begins_with(cast, "timestamp") &&
	       (begins_with(cast, "date") || begins_with(cast, "time"));
}

/* ------------------------------------------------------------------ literals */

/* Read a text as the column's type does, and keep it. */
static coffer_status
parse(const struct evaluation *evaluation, const char *text, size_t size, coffer_value *value_out,
      coffer_error *error)
{
	const struct coffer_default_maker *maker = evaluation->maker;
	coffer_status status = coffer_value_parse(maker->schema, evaluation->column,
						  (coffer_text){text, size}, maker->scratch, value_out,
						  error);
	char *kept;

	if (status || value_out->kind < COFFER_TEXT)
		return status;
	kept = coffer_arena_text(maker->memory, value_out->text.data, value_out->text.size);
	if (!kept)
		return no_memory(error);
	value_out->text.data = kept;
	return COFFER_OK;
}

/* The text of a literal without its quotes; an E in front says that backslashes are doubled, as the server prints them.
 * False also when memory is out, which `out` says. */
static bool
read_literal(struct piece piece, coffer_buffer *out)
{
	bool is_escaped = begins_with(piece, "E'");

	piece.begin += is_escaped;
	if (piece.end - piece.begin < 2 || *piece.begin != '\'' || piece.end[-1] != '\'')
		return false;
	coffer_buffer_clear(out);
	coffer_buffer_append(out, "", 0);
	for (const char *at = piece.begin + 1; at < piece.end - 1; at++) {
		if (*at == '\'' && *++at != '\'')
			return false;
		if (is_escaped && *at == '\\' && *++at != '\\')
			return false;
		if (at >= piece.end - 1)
			return false;
		coffer_buffer_append(out, at, 1);
	}
	return !out->is_failed;
}

static coffer_status
evaluate_literal(const struct evaluation *evaluation, struct piece piece, bool *is_one_out,
		 coffer_value *value_out, coffer_error *error)
{
	coffer_buffer text = {0};
	coffer_status status = COFFER_OK;

	*is_one_out = read_literal(piece, &text);
	if (*is_one_out)
		status = parse(evaluation, text.data ? text.data : "", text.size, value_out, error);
	else if (text.is_failed)
		status = no_memory(error);
	coffer_buffer_release(&text);
	return status;
}

/* An array's elements: literals under casts. */
static coffer_status
read_elements(const struct evaluation *evaluation, struct piece list, coffer_text *elements,
	      size_t *count_out, bool *is_good_out, coffer_error *error)
{
	coffer_buffer text = {0};
	coffer_status status = COFFER_OK;

	*count_out = 0;
	*is_good_out = true;
	for (list = trim(list); !status && *is_good_out && list.begin < list.end;) {
		const char *comma = find_outside(list, ",");
		struct piece one = unwrap((struct piece){list.begin, comma ? comma : list.end}), cast;
		bool is_cut = split_cast(&one, &cast) && !is_modifier_kept(evaluation, cast);
		char *kept = NULL;

		*is_good_out = *count_out < ELEMENTS_MAX && !is_cut && read_literal(one, &text);
		if (*is_good_out)
			kept = coffer_arena_text(evaluation->maker->memory, text.data, text.size);
		if (text.is_failed || (*is_good_out && !kept))
			status = no_memory(error);
		else if (*is_good_out)
			elements[(*count_out)++] = (coffer_text){kept, text.size};
		list.begin = comma ? comma + 1 : list.end;
	}
	coffer_buffer_release(&text);
	return status;
}

static coffer_status
evaluate_array(const struct evaluation *evaluation, struct piece piece, bool *is_one_out,
	       coffer_value *value_out, coffer_error *error)
{
	const struct piece list = {piece.begin + strlen("ARRAY["), piece.end - 1};
	coffer_text elements[ELEMENTS_MAX];
	size_t count;
	char *packed;
	coffer_status status;

	*is_one_out = false;
	if (evaluation->column->kind != COFFER_TEXT_ARRAY || !begins_with(piece, "ARRAY[") ||
	    piece.end[-1] != ']')
		return COFFER_OK;
	status = read_elements(evaluation, list, elements, &count, is_one_out, error);
	if (status || !*is_one_out)
		return status;
	packed = coffer_arena_alloc(evaluation->maker->memory,
				    coffer_array_size_max(elements, count) + 1);
	if (!packed)
		return no_memory(error);
	value_out->kind = COFFER_TEXT_ARRAY;
	value_out->text = (coffer_text){packed, coffer_array_pack(elements, count, packed)};
	return COFFER_OK;
}

/* ------------------------------------------------------------------ what is made anew */

static coffer_status
random_bytes(void *out, size_t size, coffer_error *error)
{
	if (getrandom(out, size, 0) == (ssize_t)size)
		return COFFER_OK;
	return coffer_error_set(error, COFFER_IO, "no random bytes: %s", strerror(errno));
}

/* RFC 9562 section 5.4: random but for its version, 4, and its variant. */
static coffer_status
make_uuid(char out[UUID_SIZE + 1], coffer_error *error)
{
	uint8_t b[16];
	coffer_status status = random_bytes(b, sizeof(b), error);

	if (status)
		return status;
	b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	snprintf(out, UUID_SIZE + 1, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
		 b[14], b[15]);
	return COFFER_OK;
}

/* As a cuid looks: a 'c', the milliseconds since 1970 in base 36, then what keeps it from being another's. */
static coffer_status
make_cuid(int64_t now, char out[CUID_SIZE + 1], coffer_error *error)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	uint64_t time = (uint64_t)(now / 1000 + INT64_C(946684800000));
	uint8_t random[CUID_SIZE - 9];
	coffer_status status = random_bytes(random, sizeof(random), error);

	out[0] = 'c';
	for (size_t i = 8; i > 0; i--, time /= 36)
		out[i] = digits[time % 36];
	for (size_t i = 0; i < sizeof(random); i++)
		out[9 + i] = digits[random[i] % 36];
	out[CUID_SIZE] = '\0';
	return status;
}

/* Microseconds from 1970 to 2000, where times begin. */
#define EPOCH INT64_C(946684800000000)

int64_t
coffer_default_now(void)
{
	struct timespec time = {0};

	(void)clock_gettime(CLOCK_REALTIME, &time);
	return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000 - EPOCH;
}

static coffer_status
make_time(const struct evaluation *evaluation, coffer_value *value_out, coffer_error *error)
{
	const struct coffer_default_maker *maker = evaluation->maker;

	*value_out = (coffer_value){.kind = COFFER_TIME, .time = maker->now};
	return coffer_value_settle(maker->schema, evaluation->column, value_out, maker->scratch, error);
}

static coffer_status
make_id(const struct evaluation *evaluation, bool is_cuid, coffer_value *value_out,
	coffer_error *error)
{
	char id[UUID_SIZE + 1];
	coffer_status status = is_cuid ? make_cuid(evaluation->maker->now, id, error) : make_uuid(id, error);

	return status ? status : parse(evaluation, id, strlen(id), value_out, error);
}

static coffer_status
next_of(const struct evaluation *evaluation, size_t sequence, coffer_value *value_out,
	coffer_error *error)
{
	char number[24];
	int64_t next;
	coffer_status status =
		evaluation->maker->next_value(evaluation->maker->context, sequence, &next, error);

	if (status)
		return status;
	snprintf(number, sizeof(number), "%lld", (long long)next);
	return parse(evaluation, number, strlen(number), value_out, error);
}

/* The sequence whose name, as the server spells it, ends so; past the last one where none does. */
static size_t
find_sequence(const coffer_schema *schema, const coffer_buffer *spelled)
{
	struct piece name = {spelled->data, spelled->data + spelled->size};
	const char *dot;
	size_t i = 0;

	while ((dot = find_outside(name, ".")))
		name.begin = dot + 1;
	while (i < schema->sequence_count &&
	       !coffer_name_is_spelled(name.begin, schema->sequences[i].name))
		i++;
	return i;
}

/* nextval('schema."name"'::regclass): the last part of the name is one of ours. */
static coffer_status
evaluate_nextval(const struct evaluation *evaluation, struct piece piece, bool *is_one_out,
		 coffer_value *value_out, coffer_error *error)
{
	const coffer_schema *schema = evaluation->maker->schema;
	struct piece inner = {piece.begin + strlen("nextval("), piece.end - 1}, cast;
	coffer_buffer text = {0};
	size_t found = schema->sequence_count;
	bool is_failed;

	*is_one_out = false;
	if (!begins_with(piece, "nextval(") || piece.end[-1] != ')')
		return COFFER_OK;
	inner = unwrap(inner);
	(void)split_cast(&inner, &cast);
	if (read_literal(inner, &text))
		found = find_sequence(schema, &text);
	is_failed = text.is_failed;
	coffer_buffer_release(&text);
	if (is_failed)
		return no_memory(error);
	*is_one_out = found < schema->sequence_count;
	return *is_one_out ? next_of(evaluation, found, value_out, error) : COFFER_OK;
}

/* ------------------------------------------------------------------ expressions */

/* The time of the transaction, in words that mean it in UTC. */
static bool
is_now(const struct evaluation *evaluation, struct piece piece)
{
	static const char *const words[] = {
		"now()", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "transaction_timestamp()",
		"statement_timestamp()", "clock_timestamp()", "timezone('utc'::text, now())",
		"timezone('utc'::text, CURRENT_TIMESTAMP)", "now() AT TIME ZONE 'utc'::text",
		"CURRENT_TIMESTAMP AT TIME ZONE 'utc'::text",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is_word(piece, words[i]))
			return true;
	return (begins_with(piece, "CURRENT_TIMESTAMP(") || begins_with(piece, "LOCALTIMESTAMP(")) &&
	       piece.end[-1] == ')' && is_modifier_kept(evaluation, piece);
}

static bool
is_number(struct piece piece)
{
	bool has_digit = false;

	if (piece.begin < piece.end && (*piece.begin == '-' || *piece.begin == '+'))
		piece.begin++;
	for (; piece.begin < piece.end; piece.begin++) {
		has_digit = has_digit || (*piece.begin >= '0' && *piece.begin <= '9');
		if (!strchr("0123456789.eE+-", *piece.begin))
			return false;
	}
	return has_digit;
}

/*
 * A cast that changes nothing that the column's type would not do itself: to that type, or of a literal or a new id, which
 * the column reads as well. One that cuts something off, and any other of a number, is left to the server.
 */
static bool
is_cast_kept(const struct evaluation *evaluation, struct piece piece, struct piece cast)
{
	const char *type = type_of(evaluation);
	size_t size = strcspn(type, "(");

	if (is_word(piece, "NULL"))
		return true;
	if (!is_modifier_kept(evaluation, cast))
		return false;
	if (begins_with(piece, "'") || begins_with(piece, "E'"))
		return !is_narrow(evaluation, cast);
	if (begins_with(piece, "ARRAY[") || begins_with(piece, "nextval(") ||
	    is_word(piece, "gen_random_uuid()") || is_word(piece, "uuid_generate_v4()"))
		return true;
	return (size_t)(cast.end - cast.begin) >= size && !strncmp(cast.begin, type, size);
}

static coffer_status
evaluate(const struct evaluation *evaluation, struct piece piece, bool *is_one_out,
	 coffer_value *value_out, coffer_error *error)
{
	coffer_kind kind = evaluation->column->kind;

	*is_one_out = true;
	if (is_word(piece, "NULL"))
		return COFFER_OK;
	if (is_number(piece) && kind != COFFER_BOOL && kind != COFFER_TIME)
		return parse(evaluation, piece.begin, (size_t)(piece.end - piece.begin), value_out, error);
	if (kind == COFFER_BOOL && (is_word(piece, "true") || is_word(piece, "false")))
		return parse(evaluation, piece.begin, (size_t)(piece.end - piece.begin), value_out, error);
	if (kind == COFFER_TIME && is_now(evaluation, piece))
		return make_time(evaluation, value_out, error);
	if (is_word(piece, "gen_random_uuid()") || is_word(piece, "uuid_generate_v4()"))
		return make_id(evaluation, false, value_out, error);
	*is_one_out = false;
	return COFFER_OK;
}

static coffer_status
evaluate_sql(const struct evaluation *evaluation, const char *sql, coffer_value *value_out,
	     coffer_error *error)
{
	struct piece piece = unwrap((struct piece){sql, sql + strlen(sql)}), cast;
	bool is_one = true;
	coffer_status status = COFFER_OK;

	while (is_one && split_cast(&piece, &cast))
		is_one = is_cast_kept(evaluation, piece, cast);
	if (!is_one)
		return refuse(evaluation, sql, error);
	status = evaluate(evaluation, piece, &is_one, value_out, error);
	if (!status && !is_one)
		status = evaluate_literal(evaluation, piece, &is_one, value_out, error);
	if (!status && !is_one)
		status = evaluate_array(evaluation, piece, &is_one, value_out, error);
	if (!status && !is_one)
		status = evaluate_nextval(evaluation, piece, &is_one, value_out, error);
	return status || is_one ? status : refuse(evaluation, sql, error);
}

/* The sequence of an identity column; past the last one where it has none. */
static size_t
find_identity(const coffer_schema *schema, const coffer_table *table, const coffer_column *column)
{
	size_t i = 0;

	while (i < schema->sequence_count &&
	       (!schema->sequences[i].owner_table || !schema->sequences[i].owner_column ||
		strcmp(schema->sequences[i].owner_table, table->name) != 0 ||
		strcmp(schema->sequences[i].owner_column, column->name) != 0))
		i++;
	return i;
}

/* The DEFAULT that a column takes from its domain. */
static const char *
default_of(const coffer_schema *schema, const coffer_column *column)
{
	for (size_t i = 0; !column->default_sql && column->base_type && i < schema->domain_count; i++)
		if (coffer_name_is_spelled(column->type, schema->domains[i].name))
			return schema->domains[i].default_sql;
	return column->default_sql;
}

coffer_status
coffer_default_by_server(const struct coffer_default_maker *maker, uint32_t table, uint16_t column,
			 coffer_value *value_out, coffer_error *error)
{
	const coffer_table *of = &maker->schema->tables[table];
	const struct evaluation evaluation = {maker, &of->columns[column]};
	const char *sql = default_of(maker->schema, evaluation.column);
	size_t sequence;
	coffer_status status = COFFER_OK;

	value_out->kind = COFFER_NULL;
	if (evaluation.column->generated_sql)
		status = coffer_error_set(error, COFFER_INVALID,
					  "not given, and it is generated, which only a server does");
	else if (evaluation.column->identity &&
		 (sequence = find_identity(maker->schema, of, evaluation.column)) <
			 maker->schema->sequence_count)
		status = next_of(&evaluation, sequence, value_out, error);
	else if (sql)
		return evaluate_sql(&evaluation, sql, value_out, error);
	if (status)
		coffer_error_at(error, "%s", evaluation.column->name);
	return status;
}

coffer_status
coffer_default_make(const struct coffer_default_maker *maker, uint32_t table, uint16_t column,
		    coffer_value *value_out, coffer_error *error)
{
	const coffer_column *of = &maker->schema->tables[table].columns[column];
	const struct evaluation evaluation = {maker, of};

	value_out->kind = COFFER_NULL;
	if (of->client_default == COFFER_CLIENT_UUID || of->client_default == COFFER_CLIENT_CUID)
		return make_id(&evaluation, of->client_default == COFFER_CLIENT_CUID, value_out, error);
	if ((of->client_default == COFFER_CLIENT_NOW || of->is_updated_at) && of->kind == COFFER_TIME)
		return make_time(&evaluation, value_out, error);
	return coffer_default_by_server(maker, table, column, value_out, error);
}

bool
coffer_sequence_step(const coffer_sequence *sequence, int64_t *last_value, bool *is_called)
{
	int64_t next;

	if (!*is_called)
		next = *last_value;
	else if (!__builtin_add_overflow(*last_value, sequence->increment, &next) &&
		 next <= sequence->maximum && next >= sequence->minimum)
		;
	else if (sequence->is_cycle)
		next = sequence->increment > 0 ? sequence->minimum : sequence->maximum;
	else
		return false;
	*last_value = next;
	*is_called = true;
	return true;
}
