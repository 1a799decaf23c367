/*
 * The tables of the twin, and the values that scripts choose from.
 */
#include "tests/support/twin_parts.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Keys of every kind that may be referred to; foreign keys in this order: a server takes them so, too. */
static const char prisma[] =
	"enum Mood {\n  glad\n  sad\n}\n"
	"model Alpha {\n"
	"  id Int @id\n"
	"  code String? @unique\n"
	"  big BigInt? @unique\n"
	"  rate Float? @unique\n"
	"  note String? /// @coffer.interned\n"
	"  a Pair[]\n  b Strict[]\n  c Strict[]\n  d Null[]\n  e Null[]\n  f Default[]\n  g "
	"Late[]\n"
	"  h Narrow[]\n  i Narrow[]\n  j Narrow[]\n"
	"}\n"
	"model Pair {\n"
	"  x Int\n  y String\n"
	"  alpha_id Int?\n"
	"  long String?\n"
	"  alpha Alpha? @relation(fields: [alpha_id], references: [id], onDelete: Cascade, "
	"onUpdate: Cascade)\n"
	"  a Null[]\n  b Default[]\n  c Chain[]\n"
	"  @@id([x, y])\n"
	"}\n"
	"model Chain {\n"
	"  y String\n  x Int\n  z Int\n"
	"  pair Pair @relation(fields: [x, y], references: [x, y], onDelete: Cascade, onUpdate: "
	"Cascade)\n"
	"  tails Tail[]\n"
	"  @@id([x, y, z])\n"
	"}\n"
	"model Tail {\n"
	"  id Int @id\n  x Int?\n  y String?\n  z Int?\n  alone Int?\n"
	"  chain Chain? @relation(fields: [x, y, z], references: [x, y, z], onDelete: SetNull, "
	"onUpdate: Cascade)\n"
	"  @@unique([y, alone])\n"
	"}\n"
	"model Strict {\n"
	"  id Int @id\n  alpha_id Int?\n  code String?\n"
	"  alpha Alpha? @relation(fields: [alpha_id], references: [id], onDelete: Restrict, "
	"onUpdate: Restrict)\n"
	"  coded Alpha? @relation(fields: [code], references: [code], onDelete: NoAction, "
	"onUpdate: NoAction)\n"
	"}\n"
	"model Null {\n"
	"  id Int @id\n  alpha_id Int? @unique\n  big BigInt?\n  px Int?\n  py String?\n"
	"  alpha Alpha? @relation(fields: [alpha_id], references: [id], onDelete: SetNull, "
	"onUpdate: SetNull)\n"
	"  bigger Alpha? @relation(fields: [big], references: [big], onDelete: SetNull, onUpdate: "
	"Cascade)\n"
	"  pair Pair? @relation(fields: [px, py], references: [x, y], onDelete: SetNull, onUpdate: "
	"SetNull)\n"
	"}\n"
	"model Default {\n"
	"  id Int @id\n  code String @default(\"c0\")\n  px Int? @default(1)\n  py String? "
	"@default(\"c1\")\n"
	"  coded Alpha @relation(fields: [code], references: [code], onDelete: SetDefault, "
	"onUpdate: SetDefault)\n"
	"  pair Pair? @relation(fields: [px, py], references: [x, y], onDelete: SetNull, onUpdate: "
	"SetDefault)\n"
	"}\n"
	"model Late {\n"
	"  id Int @id\n  alpha_id Int?\n  rank Int?\n  place Int?\n"
	"  alpha Alpha? @relation(fields: [alpha_id], references: [id], onDelete: NoAction, "
	"onUpdate: NoAction)\n"
	"  @@unique([rank])\n"
	"  @@unique([place])\n"
	"}\n"
	"/// @coffer.rollup day code -> alpha_id, rate\n"
	"/// @coffer.rollup hour -> rate\n"
	"model Narrow {\n"
	"  id Int @id\n  at DateTime? @db.Timestamptz(6) /// @coffer.time\n"
	"  alpha_id Int? @db.SmallInt\n  rate Float? @db.Real\n  code String? "
	"@db.VarChar(3)\n"
	"  alpha Alpha? @relation(fields: [alpha_id], references: [id], onDelete: Cascade, "
	"onUpdate: Cascade)\n"
	"  rated Alpha? @relation(fields: [rate], references: [rate], onDelete: SetNull, onUpdate: "
	"Cascade)\n"
	"  coded Alpha? @relation(fields: [code], references: [code], onDelete: Cascade, onUpdate: "
	"Cascade)\n"
	"  @@index([rate, alpha_id])\n"
	"}\n"
	"model Node {\n"
	"  id Int @id\n  up_id Int?\n  peer_id Int?\n  twin_id Int? @unique\n"
	"  up Node? @relation(\"up\", fields: [up_id], references: [id], onDelete: Cascade, "
	"onUpdate: Cascade)\n"
	"  peer Node? @relation(\"peer\", fields: [peer_id], references: [id], onDelete: SetNull, "
	"onUpdate: Cascade)\n"
	"  twin Node? @relation(\"twin\", fields: [twin_id], references: [id], onDelete: NoAction, "
	"onUpdate: NoAction)\n"
	"  ups Node[] @relation(\"up\")\n  peers Node[] @relation(\"peer\")\n  twins Node[] "
	"@relation(\"twin\")\n"
	"}\n"
	"/// @coffer.rollup hour -> s, i, l, r, f\n"
	"/// @coffer.rollup day tag -> f, l\n"
	"/// @coffer.rollup day x -> f, l\n"
	"/// @coffer.rollup day v -> number\n"
	"model Kinds {\n"
	"  id String @id\n  b Boolean?\n  s Int? @db.SmallInt\n  i Int?\n  l BigInt?\n  r Float? "
	"@db.Real\n"
	"  f Float?\n  t DateTime? /// @coffer.time\n  z DateTime? @db.Timestamptz(6)\n  x "
	"String?\n"
	"  v String? @db.VarChar(8)\n  j Json?\n  k Json? @db.Json\n  a String[]\n  y Bytes?\n"
	"  n Decimal? @db.Decimal(10, 2)\n  e Mood?\n  u String? @db.Uuid\n"
	"  tag String? /// @coffer.interned\n  tags Json? /// @coffer.interned\n"
	"  number Int @default(autoincrement())\n"
	"  @@unique([s, b])\n  @@unique([x, e])\n  @@unique([f])\n  @@unique([j])\n"
	"  @@index([i, b])\n  @@index([tag])\n  @@index([tags, l])\n  @@index([r])\n  "
	"@@index([z])\n"
	"}\n"
	"model Loose {\n"
	"  a Int?\n  b String?\n  c Bytes?\n"
	"  @@unique([a])\n  @@index([a])\n"
	"}\n"
	/* Counters: columns that nothing but the record depends on. */
	"model Tally {\n"
	"  id Int @id\n"
	"  s Int? @db.SmallInt\n  i Int\n  l BigInt?\n  r Float? @db.Real\n  f Float?\n"
	"  b Boolean?\n  t DateTime?\n  z DateTime? @db.Timestamptz(6)\n  x String?\n"
	"}\n"
	/* Has rows from the beginning, whose bodies are compressed. */
	"/// @coffer.rollup hour title -> count, rate\n"
	"/// @coffer.rollup day -> count\n"
	"model Paper {\n"
	"  id Int @id\n  at DateTime? /// @coffer.time\n"
	"  title String?\n  body String?\n  document Json?\n  count BigInt?\n  rate Float?\n"
	"}\n";

static coffer_table *
table_of(coffer_schema *schema, const char *name)
{
	return &schema->tables[coffer_schema_find_table(schema, name)];
}

/* What Prisma has no words for. */
static void
declare(coffer_schema *schema)
{
	coffer_table *null = table_of(schema, "Null"), *kinds = table_of(schema, "Kinds"),
		     *late = table_of(schema, "Late"), *loose = table_of(schema, "Loose"),
		     *set = table_of(schema, "Default");
	static uint16_t px = 2;

	null->relations[2].is_match_full = true;
	set->relations[1].delete_columns = &px;
	set->relations[1].delete_column_count = 1;
	late->relations[0].definition_tail = "DEFERRABLE INITIALLY DEFERRED";
	late->indexes[1].definition = "UNIQUE (rank) DEFERRABLE INITIALLY DEFERRED";
	late->indexes[2].definition = "UNIQUE (place) DEFERRABLE";
	late->indexes[1].is_constraint = late->indexes[2].is_constraint = true;
	for (size_t i = 0; i < kinds->index_count; i++)
		if (kinds->indexes[i].column_count == 2 && kinds->indexes[i].is_unique &&
		    !strcmp(kinds->columns[kinds->indexes[i].columns[0]].name, "x"))
			kinds->indexes[i].nulls_not_distinct = true;
	loose->indexes[0].nulls_not_distinct = true;
	schema->sequences[0].maximum = 60;
	schema->sequences[0].is_cycle = true;
}

coffer_schema *
twin_schema(void)
{
	coffer_schema *schema;
	coffer_error error = {0};

	if (coffer_schema_parse_prisma((coffer_text){prisma, sizeof(prisma) - 1}, "twin.prisma",
				       &schema, &error))
		return NULL;
	declare(schema);
	if (!coffer_schema_settle(schema, &error))
		return schema;
	coffer_schema_free(schema);
	return NULL;
}

/* ------------------------------------------------------------------ values */

enum { LONG_MAX_SIZE = 6000 };

static coffer_value
text(coffer_kind kind, const char *data)
{
	return (coffer_value){.kind = kind, .text = {data, strlen(data)}};
}

/* `size` bytes of one letter. */
static coffer_value
long_text(coffer_kind kind, char letter, size_t size)
{
	static char letters[3][LONG_MAX_SIZE];
	char *of = letters[letter == 'x' ? 0 : letter == '7' ? 1 : 2];

	memset(of, letter, LONG_MAX_SIZE);
	return (coffer_value){.kind = kind, .text = {of, size}};
}

static coffer_value
choose_text(uint8_t choice)
{
	static const char *const texts[] = {
		"c0",
		"c1",
		"c2",
		"c3",
		"",
		"c0  ",
		"\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80",
		"0123456789abcdef",
		"0123456789abcdef0123456789ABCDEF",
		"a 'quoted' \\ \"text\"",
		"longer than 8",
		"12345678",
		"1234567890123456789012345678901234567890123456789012345678901234567890",
	};
	/* Of the forms that a store packs. */
	static const char *const ids[] = {
		"6a0e4af5-ff52-4ac7-87a8-1f008d0c8e30",
		"chatcmpl-6a0e4af5-ff52-4ac7-87a8-1f008d0c8e30",
		"key-0123456789abcdef",
		"0123456789abcdef0",
	};
	size_t count = sizeof(texts) / sizeof(texts[0]);

	if (choice < 128)
		return text(COFFER_TEXT, texts[choice % 4]);
	if (choice >= 228 && choice < 240)
		return text(COFFER_TEXT, ids[choice % 4]);
	if (choice >= 240)
		return long_text(COFFER_TEXT, choice % 2 ? 'x' : '7', (size_t)(choice - 239) * 300);
	return text(COFFER_TEXT, texts[choice % count]);
}

static coffer_value
choose_int(uint8_t choice)
{
	static const int64_t numbers[] = {
		-1,        100,       INT16_MAX,           INT16_MIN, INT64_C(32768),
		INT32_MAX, INT32_MIN, INT64_C(2147483648), INT64_MAX, INT64_MIN,
	};
	size_t count = sizeof(numbers) / sizeof(numbers[0]);
	int64_t number = choice < 244 ? choice % 12 : numbers[choice % count];

	return (coffer_value){.kind = COFFER_INT, .integer = number};
}

static coffer_value
choose_float(uint8_t choice)
{
	static const double numbers[] = {
		0.0, -0.0, 1, 2.5, 0.1, -3, NAN, INFINITY, -INFINITY, 1e30, 1e300, 5e-324,
	};
	size_t count = sizeof(numbers) / sizeof(numbers[0]);

	return (coffer_value){.kind = COFFER_FLOAT,
			      .real = numbers[choice % (choice < 200 ? 9 : count)]};
}

static coffer_value
choose_time(uint8_t choice)
{
	static const int64_t times[] = {
		0,
		1000,
		1234567,
		-1500,
		INT64_C(700000000000000),
		INT64_MIN,
		INT64_MAX,
		INT64_C(-211813488000000001),
	};

	return (coffer_value){.kind = COFFER_TIME, .time = times[choice % (choice < 240 ? 7 : 8)]};
}

static const char *const documents[][2] = {
	{"{}", "{}"},
	{"[ ]", "[]"},
	{"null", "null"},
	{"{\"b\":1,\"a\":[1.50,\"\\u00fc\"]}", "{\"a\": [1.50, \"\xc3\xbc\"], \"b\": 1}"},
	{"{\"k\":1,\"k\":2}", "{\"k\": 2}"},
	{"1e2", "100"},
	{"{\"long key\": true, \"z\": null}", "{\"z\": null, \"long key\": true}"},
	{"{", NULL},
};

static coffer_value
choose_document(uint8_t choice)
{
	return text(COFFER_JSON, documents[choice % (choice < 244 ? 7 : 8)][0]);
}

static coffer_value
choose_array(uint8_t choice)
{
	static const coffer_text elements[] = {{"a", 1}, {NULL, 0}, {"", 0}, {"\xc3\xbc 'b'", 6}};
	static char packed[8][128];

	if (choice >= 240)
		return text(COFFER_OTHER, "[0:1]={a,b}");
	choice %= 8;
	return (coffer_value){
		.kind = COFFER_TEXT_ARRAY,
		.text = {packed[choice],
			 coffer_array_pack(elements + choice % 3, choice % 2 + choice / 7,
					   packed[choice])},
	};
}

static coffer_value
choose_other(const coffer_column *column, uint8_t choice)
{
	static const char *const moods[] = {"glad", "sad", "glad", "mad"};
	static const char *const uuids[] = {"00000000-0000-4000-8000-000000000001",
					    "ffffffff-ffff-4fff-bfff-ffffffffffff", "no uuid"};
	static const char *const numbers[] = {"1.00", "-0.50", "12345678.90", "123456789.00"};

	if (!strcmp(column->type, "uuid"))
		return text(COFFER_OTHER, uuids[choice % (choice < 240 ? 2 : 3)]);
	if (!strncmp(column->type, "numeric", 7))
		return text(COFFER_OTHER, numbers[choice % (choice < 240 ? 3 : 4)]);
	return text(COFFER_OTHER, moods[choice % (choice < 240 ? 3 : 4)]);
}

coffer_value
twin_value(const coffer_column *column, uint8_t choice)
{
	static const coffer_value null = {.kind = COFFER_NULL};
	static const char bytes[] = "\x00\xff\x80 bytes";

	if (choice % 16 == 7 && (column->is_nullable || choice > 240))
		return null;
	switch (column->kind) {
	case COFFER_BOOL:
		return (coffer_value){.kind = COFFER_BOOL, .boolean = choice % 2};
	case COFFER_INT:
		return choose_int(choice);
	case COFFER_FLOAT:
		return choose_float(choice);
	case COFFER_TIME:
		return choose_time(choice);
	case COFFER_TEXT:
		return choose_text(choice);
	case COFFER_JSON:
		return choose_document(choice);
	case COFFER_TEXT_ARRAY:
		return choose_array(choice);
	case COFFER_BYTES:
		if (choice >= 240)
			return long_text(COFFER_BYTES, 'y', LONG_MAX_SIZE);
		return (coffer_value){.kind = COFFER_BYTES,
				      .text = {bytes, choice % sizeof(bytes)}};
	default:
		return choose_other(column, choice);
	}
}

void
twin_paper(unsigned number, coffer_value values[TWIN_PAPER_COLUMNS], char *room)
{
	size_t size = 0;

	for (unsigned line = 0; line < 20; line++)
		size += (size_t)snprintf(room + size, TWIN_PAPER_SIZE - size,
					 "paper %u has a line %u that all of them have\n", number, line);
	values[0] = (coffer_value){.kind = COFFER_INT, .integer = 1000 + number};
	values[1] = choose_time(number % 2 ? 1 : 6);
	values[2] = choose_text((uint8_t)(number % 4));
	values[3] = (coffer_value){.kind = COFFER_TEXT, .text = {room, size}};
	values[4] = text(COFFER_JSON, "{}");
	values[5] = choose_int((uint8_t)number);
	values[6] = choose_float((uint8_t)number);
}

/* ------------------------------------------------------------------ what a server makes of them */

static bool
settle_int(const coffer_column *column, const coffer_value *value)
{
	if (!strcmp(column->type, "smallint"))
		return value->integer >= INT16_MIN && value->integer <= INT16_MAX;
	if (!strcmp(column->type, "integer"))
		return value->integer >= INT32_MIN && value->integer <= INT32_MAX;
	return true;
}

static bool
settle_float(const coffer_column *column, coffer_value *value)
{
	float narrow = (float)value->real;

	if (strcmp(column->type, "real") != 0)
		return true;
	if ((isinf(narrow) && !isinf(value->real)) || (narrow == 0 && value->real != 0))
		return false;
	value->real = narrow;
	return true;
}

static bool
settle_time(const coffer_column *column, coffer_value *value)
{
	int64_t time = value->time, size;

	if (time == INT64_MIN || time == INT64_MAX)
		return true;
	if (time < INT64_C(-211813488000000000))
		return false;
	size = time < 0 ? -time : time;
	if (!strncmp(column->type, "timestamp(3)", 12))
		size = (size + 500) / 1000 * 1000;
	value->time = time < 0 ? -size : size;
	return true;
}

/* Characters, not bytes. Blanks behind the last one that fits are cut off. */
static bool
settle_text(const coffer_column *column, coffer_value *value)
{
	const char *open =
		strncmp(column->type, "character varying(", 18) ? NULL : column->type + 18;
	size_t room = open ? strtoul(open, NULL, 10) : SIZE_MAX, at = 0;

	for (; at < value->text.size; at++) {
		if (((unsigned char)value->text.data[at] & 0xc0) == 0x80)
			continue;
		if (!room--)
			break;
	}
	for (size_t i = at; i < value->text.size; i++)
		if (value->text.data[i] != ' ')
			return false;
	value->text.size = at;
	return true;
}

static bool
settle_document(const coffer_column *column, coffer_value *value)
{
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		if (strlen(documents[i][0]) != value->text.size ||
		    memcmp(documents[i][0], value->text.data, value->text.size) != 0)
			continue;
		if (!documents[i][1])
			return false;
		if (!strcmp(column->type, "jsonb"))
			*value = text(COFFER_JSON, documents[i][1]);
		return true;
	}
	return true; /* normal already */
}

static bool
settle_other(const coffer_value *value)
{
	static const char *const wrong[] = {"mad", "no uuid", "123456789.00"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (strlen(wrong[i]) == value->text.size &&
		    !memcmp(wrong[i], value->text.data, value->text.size))
			return false;
	return true;
}

static bool
settle(const coffer_column *column, coffer_value *value)
{
	switch (value->kind) {
	case COFFER_INT:
		return settle_int(column, value);
	case COFFER_FLOAT:
		return settle_float(column, value);
	case COFFER_TIME:
		return settle_time(column, value);
	case COFFER_TEXT:
		return settle_text(column, value);
	case COFFER_JSON:
		return settle_document(column, value);
	case COFFER_OTHER:
		return column->kind != COFFER_OTHER || settle_other(value);
	default:
		return true;
	}
}

bool
twin_settle(coffer_schema *memory, const coffer_column *column, coffer_value *value)
{
	char *copy;

	if (!settle(column, value))
		return false;
	if (value->kind < COFFER_TEXT || !value->text.size)
		return true;
	copy = coffer_schema_memory(memory, value->text.size);
	if (!copy)
		abort();
	memcpy(copy, value->text.data, value->text.size);
	value->text.data = copy;
	return true;
}

bool
twin_is_equal(const coffer_value *left, const coffer_value *right)
{
	if (left->kind != right->kind)
		return false;
	switch (left->kind) {
	case COFFER_NULL:
		return true;
	case COFFER_BOOL:
		return left->boolean == right->boolean;
	case COFFER_INT:
		return left->integer == right->integer;
	case COFFER_TIME:
		return left->time == right->time;
	case COFFER_FLOAT:
		return (isnan(left->real) && isnan(right->real)) ||
		       (left->real <= right->real && left->real >= right->real);
	default:
		return left->text.size == right->text.size &&
		       (!left->text.size ||
			!memcmp(left->text.data, right->text.data, left->text.size));
	}
}

bool
twin_is_same(const coffer_value *left, const coffer_value *right)
{
	if (left->kind == COFFER_FLOAT && right->kind == COFFER_FLOAT)
		return !memcmp(&left->real, &right->real, sizeof(left->real));
	return twin_is_equal(left, right);
}
