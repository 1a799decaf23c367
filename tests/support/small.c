/*
 * A small good store: two tables with a foreign key, a sequence, an enum, ordered and unique indexes, interned,
 * packed and long values, and NULLs.
 */
#include "tests/support/small.h"

#include "tests/support/must.h"

#include <stdio.h>
#include <string.h>

const char small_prisma[] = "enum Color {\n"
			    "  red\n"
			    "  green\n"
			    "}\n"
			    "\n"
			    "model Team {\n"
			    "  id    String  @id\n"
			    "  name  String? /// @coffer.interned\n"
			    "  spend Float\n"
			    "  keys  Key[]\n"
			    "\n"
			    "  @@index([name])\n"
			    "}\n"
			    "\n"
			    "model Key {\n"
			    "  token    String   @id\n"
			    "  alias    String   @unique\n"
			    "  team_id  String?\n"
			    "  at       DateTime /// @coffer.time\n"
			    "  number   Int      @default(autoincrement())\n"
			    "  small    Int      @db.SmallInt\n"
			    "  ratio    Float    @db.Real\n"
			    "  is_on    Boolean?\n"
			    "  data     Bytes?\n"
			    "  color    Color\n"
			    "  note     String?\n"
			    "  tags     String[]\n"
			    "  document Json?\n"
			    "  team     Team?    @relation(fields: [team_id], references: [id])\n"
			    "\n"
			    "  @@unique([team_id, number])\n"
			    "  @@index([is_on])\n"
			    "}\n";

enum { LONG_NOTE_SIZE = 1500 };

static coffer_value
text(coffer_kind kind, const char *data)
{
	return (coffer_value){.kind = kind, .text = {data, strlen(data)}};
}

static coffer_schema *
parse(const char *prisma)
{
	coffer_schema *schema;
	coffer_error error = {0};

	if (coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "small.prisma", &schema,
				       &error))
		fail_msg("%s: %s", error.place, error.message);
	return schema;
}

coffer_schema *
small_schema(void)
{
	return parse(small_prisma);
}

/* A directive stands before its model or in it. */
coffer_schema *
small_schema_with_rollups(void)
{
	static char prisma[4096];
	const char *fields = strstr(small_prisma, "  token ");

	(void)snprintf(prisma, sizeof(prisma),
		       "%.*s  /// @coffer.rollup hour -> small, ratio\n"
		       "  /// @coffer.rollup hour team_id -> small, ratio\n%s",
		       (int)(fields - small_prisma), small_prisma, fields);
	return parse(prisma);
}

static coffer_value
tags_of(unsigned number)
{
	static const coffer_text tags[] = {{"a", 1}, {NULL, 0}, {"", 0}};
	static char packed[64];

	return (coffer_value){
		.kind = COFFER_TEXT_ARRAY,
		.text = {packed, coffer_array_pack(tags, number % 4, packed)},
	};
}

static coffer_value
note_of(unsigned number)
{
	static char note[LONG_NOTE_SIZE + 1];

	memset(note, 'n', LONG_NOTE_SIZE);
	switch (number) {
	case 1:
		return (coffer_value){.kind = COFFER_NULL};
	case 3:
		return text(COFFER_TEXT, "key-0123456789abcdef0");
	case 4:
		return text(COFFER_TEXT, note);
	case 5:
		return text(COFFER_TEXT, "chatcmpl-6a0e4af5-ff52-4ac7-87a8-1f008d0c8e30");
	default:
		return text(COFFER_TEXT, "a note");
	}
}

void
small_key(unsigned number, coffer_value values[KEY_COLUMNS])
{
	static char token[33], alias[16];
	static const coffer_value null = {.kind = COFFER_NULL};

	(void)snprintf(token, sizeof(token), "%032x", number);
	(void)snprintf(alias, sizeof(alias), "key-%u", number);
	values[KEY_TOKEN] = text(COFFER_TEXT, token);
	values[KEY_ALIAS] = text(COFFER_TEXT, alias);
	values[KEY_TEAM] = number == 5 ? null : text(COFFER_TEXT, number % 2 ? "team-1" : "team-2");
	values[KEY_AT] = (coffer_value){.kind = COFFER_TIME, .time = number * 1000000};
	values[KEY_NUMBER] = (coffer_value){.kind = COFFER_INT, .integer = number};
	values[KEY_SMALL] = (coffer_value){.kind = COFFER_INT, .integer = -(int64_t)number};
	values[KEY_RATIO] = (coffer_value){.kind = COFFER_FLOAT, .real = number * 0.5};
	values[KEY_IS_ON] =
		number == 3 ? null : (coffer_value){.kind = COFFER_BOOL, .boolean = number % 2};
	values[KEY_DATA] = number == 2 ? null : text(COFFER_BYTES, "\xff\x01");
	values[KEY_COLOR] = text(COFFER_OTHER, number % 2 ? "red" : "green");
	values[KEY_NOTE] = note_of(number);
	values[KEY_TAGS] = tags_of(number);
	values[KEY_DOCUMENT] = number == 3 ? null : text(COFFER_JSON, "{\"a\": 1.0}");
}

static void
load_teams(coffer_load *load, coffer_error *error)
{
	static const char *const ids[] = {"team-1", "team-2", "team-3"};

	must(coffer_load_table(load, SMALL_TEAM, error), error);
	for (size_t i = 0; i < SMALL_TEAMS; i++) {
		coffer_value values[] = {
			text(COFFER_TEXT, ids[i]),
			i == 1 ? (coffer_value){.kind = COFFER_NULL} : text(COFFER_TEXT, "Alpha"),
			{.kind = COFFER_FLOAT, .real = (double)i},
		};

		must(coffer_load_row(load, values, error), error);
	}
}

void
small_store(const char *path)
{
	small_store_of(path, SMALL_KEYS);
}

static void
write_store(const char *path, coffer_schema *schema, unsigned keys)
{
	coffer_load_options options = {.is_forced = true, .has_seed = true, .seed = SMALL_SEED};
	coffer_value values[KEY_COLUMNS];
	coffer_error error = {0};
	coffer_load *load;

	must(coffer_load_begin(path, schema, &options, &load, &error), &error);
	must(coffer_load_fact(load, "step", "test", &error), &error);
	load_teams(load, &error);
	must(coffer_load_table(load, SMALL_KEY, &error), &error);
	for (unsigned number = 1; number <= keys; number++) {
		small_key(number, values);
		must(coffer_load_row(load, values, &error), &error);
	}
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
}

void
small_store_of(const char *path, unsigned keys)
{
	write_store(path, small_schema(), keys);
}

void
small_store_with_rollups(const char *path)
{
	write_store(path, small_schema_with_rollups(), SMALL_KEYS);
}
