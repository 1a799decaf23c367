/*
 * Comparing schemas: each property's difference is reported once, at its place, with both sides.
 */
#include "coffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char base[] =
	"enum E {\n A\n}\nmodel T {\n id Int @id\n a String?\n e E\n @@index([a])\n}\n"
	"model U {\n id Int @id\n}\n";

static char found_text[1000];

static void
note(void *context, const coffer_schema_difference *difference)
{
	size_t size = strlen(found_text);

	(void)context;
	snprintf(found_text + size, sizeof(found_text) - size, "%s|%s|%s|%s\n", difference->place,
		 difference->what, difference->left ? difference->left : "-",
		 difference->right ? difference->right : "-");
}

static coffer_schema *
parse(const char *text)
{
	coffer_schema *schema;

	assert_int_equal(
		coffer_schema_parse_prisma((coffer_text){text, strlen(text)}, "t", &schema, NULL),
		COFFER_OK);
	return schema;
}

static void
test_each_difference_is_reported_with_both_sides(void **state)
{
	static const struct {
		const char *right, *found;
		size_t count;
	} cases[] = {
		{"enum E {\n A\n}\nmodel U {\n id Int @id\n}\nmodel T {\n e E\n a String?\n id Int "
		 "@id\n"
		 " @@index([a])\n}\n",
		 "", 0},
		{"enum E {\n A\n B\n}\nmodel T {\n id BigInt @id\n a String @default(\"x\")\n e E\n"
		 " @@index([a(sort: Desc)])\n}\nmodel U {\n id Int @id\n}\n",
		 "E|enum|'A'|'A', 'B'\n"
		 "T.id|type|integer|bigint\n"
		 "T.a|nullability|null|not null\n"
		 "T.a|default|-|'x'::text\n"
		 "T.T_a_idx|index|btree (a)|btree (a DESC)\n",
		 5},
		{"enum E {\n A\n}\nmodel T {\n id Int\n b String?\n e E\n u U @relation(fields: "
		 "[id], "
		 "references: [id])\n @@unique([id])\n}\nmodel V {\n id Int @id\n}\n"
		 "model U {\n id Int @id @default(autoincrement())\n t T?\n}\n",
		 "U_id_seq|sequence|-|integer START 1 INCREMENT 1 FROM 1 TO 2147483647 CACHE 1 "
		 "OWNED BY U.id\n"
		 "T.a|column|text|-\n"
		 "T.b|column|-|text\n"
		 "T.T_pkey|index|PRIMARY KEY (id)|-\n"
		 "T.T_a_idx|index|btree (a)|-\n"
		 "T.T_id_key|index|-|UNIQUE btree (id)\n"
		 "T.T_id_fkey|relation|-|(id) -> U(id) on update cascade on delete restrict\n"
		 "U.id|default|-|nextval('\"U_id_seq\"'::regclass)\n"
		 "V|table|-|V\n",
		 9},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		coffer_schema *left = parse(base), *right = parse(cases[i].right);

		found_text[0] = '\0';
		assert_int_equal(coffer_schema_compare(left, right, note, NULL), cases[i].count);
		assert_string_equal(found_text, cases[i].found);
		assert_int_equal(coffer_schema_compare(right, left, NULL, NULL), cases[i].count);
		assert_int_equal(coffer_schema_compare(right, right, NULL, NULL), 0);
		coffer_schema_free(left);
		coffer_schema_free(right);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_difference_is_reported_with_both_sides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
