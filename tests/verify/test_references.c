/*
 * Foreign keys as verify sees them: which are looked at, and what a missing partner is called. A load does not
 * enforce them, so orphans are simply loaded.
 */
#include "coffer.h"

#include "tests/support/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char prisma[] = "enum Color {\n"
			     "  red\n"
			     "  green\n"
			     "}\n"
			     "model P {\n"
			     "  id Int     @id\n"
			     "  a  Int\n"
			     "  b  String\n"
			     "  u  String  @unique @db.Uuid\n"
			     "  d  Decimal @unique\n"
			     "  c  Color   @unique\n"
			     "  ab C[]     @relation(\"ab\")\n"
			     "  us C[]     @relation(\"u\")\n"
			     "  ds C[]     @relation(\"d\")\n"
			     "  cs C[]     @relation(\"c\")\n"
			     "  @@unique([a, b])\n"
			     "}\n"
			     "model C {\n"
			     "  id Int      @id\n"
			     "  a  Int?\n"
			     "  b  String?\n"
			     "  u  String?  @db.Uuid\n"
			     "  d  Decimal?\n"
			     "  c  Color?\n"
			     "  p  P? @relation(\"ab\", fields: [b, a], references: [b, a])\n"
			     "  pu P? @relation(\"u\", fields: [u], references: [u])\n"
			     "  pd P? @relation(\"d\", fields: [d], references: [d])\n"
			     "  pc P? @relation(\"c\", fields: [c], references: [c])\n"
			     "}\n";

enum { ID, A, B, U, D, C, COLUMNS };
enum { AB, BY_UUID, BY_NUMERIC, BY_ENUM };

static char folder[] = "/tmp/coffer-references.XXXXXX";
static char path[64];

/* What the child refers to; NULL text and 0 are NULL. */
static const struct reference {
	const char *name;
	int64_t a;
	const char *b, *u, *d, *c;
	bool is_match_full;
	const char *tail;            /* of the definition */
	const char *place, *message; /* NULL: nothing is found */
} cases[] = {
	{.name = "all there",
	 .a = 1,
	 .b = "x",
	 .u = "00000000-0000-0000-0000-000000000001",
	 .d = "1.0",
	 .c = "red"},
	{.name = "all NULL"},
	{.name = "half of the other order",
	 .a = 1,
	 .b = "y",
	 .place = "C[1].a",
	 .message = "C_b_a_fkey refers to a row of P that does not exist"},
	{.name = "simple match", .a = 9},
	{.name = "full match",
	 .a = 9,
	 .is_match_full = true,
	 .place = "C[1].a",
	 .message = "C_b_a_fkey refers to P with some columns NULL, expected all or none"},
	{.name = "full match, all NULL", .is_match_full = true},
	{.name = "not valid", .a = 9, .b = "y", .tail = "NOT VALID"},
	{.name = "not enforced", .a = 9, .b = "y", .tail = "DEFERRABLE NOT ENFORCED"},
	{.name = "uuid",
	 .u = "00000000-0000-0000-0000-000000000002",
	 .place = "C[1].u",
	 .message = "C_u_fkey refers to a row of P that does not exist"},
	{.name = "an equality that only the server knows", .d = "1.00"},
	{.name = "enum",
	 .c = "green",
	 .place = "C[1].c",
	 .message = "C_c_fkey refers to a row of P that does not exist"},
};

static coffer_value
text(coffer_kind kind, const char *data)
{
	if (!data)
		return (coffer_value){.kind = COFFER_NULL};
	return (coffer_value){.kind = kind, .text = {data, strlen(data)}};
}

static coffer_value
integer(int64_t number)
{
	if (!number)
		return (coffer_value){.kind = COFFER_NULL};
	return (coffer_value){.kind = COFFER_INT, .integer = number};
}

static void
load_row(coffer_load *load, uint32_t table, const struct reference *row)
{
	coffer_value values[COLUMNS] = {
		[ID] = integer(1),
		[A] = integer(row->a),
		[B] = text(COFFER_TEXT, row->b),
		[U] = text(COFFER_OTHER, row->u),
		[D] = text(COFFER_OTHER, row->d),
		[C] = text(COFFER_OTHER, row->c),
	};
	coffer_error error = {0};

	must(coffer_load_table(load, table, &error), &error);
	must(coffer_load_row(load, values, &error), &error);
}

static void
make_store(const struct reference *child)
{
	coffer_load_options options = {.is_forced = true};
	coffer_schema *schema;
	coffer_error error = {0};
	coffer_load *load;

	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "test.prisma",
					&schema, &error),
	     &error);
	assert_int_equal(schema->tables[1].relation_count, 4);
	schema->tables[1].relations[AB].is_match_full = child->is_match_full;
	schema->tables[1].relations[AB].definition_tail = child->tail;
	must(coffer_load_begin(path, schema, &options, &load, &error), &error);
	load_row(load, 0, &cases[0]);
	load_row(load, 1, child);
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
}

static void
compare(void *context, const coffer_finding *finding)
{
	const struct reference *child = context;

	if (!child->place || strcmp(finding->place, child->place) != 0 ||
	    strcmp(finding->message, child->message) != 0)
		fail_msg("%s: %s %s: %s", child->name, finding->invariant, finding->place,
			 finding->message);
	assert_string_equal(finding->invariant, "I15");
	assert_int_equal(finding->status, COFFER_CONFLICT);
}

static void
finds_what_has_no_partner(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reference child = cases[i];
		coffer_verify_options options = {.found = compare, .found_context = &child};
		coffer_verify_summary summary;
		coffer_error error = {0};

		make_store(&child);
		must(coffer_verify(path, &options, &summary, &error), &error);
		if (summary.findings != (child.place != NULL))
			fail_msg("%s: %d findings", child.name, (int)summary.findings);
	}
}

static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_has_no_partner),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
