/*
 * What `coffer diff` and `coffer reconcile` say of two stores that differ in one thing: a changed value, a row more or less, rows
 * without a key, another schema. The stores are made through the library, the command is $COFFER.
 */
#include "coffer.h"

#include "tests/support/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char prisma[] = "model Team {\n"
			     "  id    Int      @id\n"
			     "  name  String?\n"
			     "  spend Float\n"
			     "  calls Int\n"
			     "  at    DateTime /// @coffer.time\n"
			     "}\n"
			     "\n"
			     "model Note {\n"
			     "  number Int?\n"
			     "  text   String?\n"
			     "}\n";

static const char prisma_other[] = "model Team {\n"
				   "  id    Int      @id\n"
				   "  name  String?\n"
				   "  spend Float    @db.Real\n"
				   "  calls Int\n"
				   "  at    DateTime /// @coffer.time\n"
				   "  extra Int?\n"
				   "}\n"
				   "\n"
				   "model More {\n"
				   "  id Int @id\n"
				   "}\n";

/* What a store is made of. */
struct content {
	const char *prisma;
	const char *name; /* of team 1 */
	double spend;     /* of team 2 */
	int teams;        /* from 1 on */
	int first_note, notes;
	bool has_twins; /* each note is there twice */
};

static const struct content usual = {
	.prisma = prisma, .name = "Alpha", .spend = 0.1, .teams = 3, .first_note = 1, .notes = 3};

static char folder[256];

static int
make_folder(void **state)
{
	const char *parent = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/coffer-diff-test.XXXXXX", parent ? parent : "/tmp");
	return mkdtemp(folder) ? chdir(folder) : -1;
}

static int
remove_folder(void **state)
{
	(void)state;
	unlink("a");
	unlink("a-lock");
	unlink("b");
	unlink("b-lock");
	return rmdir(folder);
}

static coffer_value
text(const char *data)
{
	return (coffer_value){.kind = COFFER_TEXT, .text = {data, strlen(data)}};
}

static void
load_teams(coffer_load *load, const struct content *content, size_t columns)
{
	coffer_error error = {0};

	must(coffer_load_table(load, 0, &error), &error);
	for (int id = 1; id <= content->teams; id++) {
		coffer_value values[6] = {
			{.kind = COFFER_INT, .integer = id},
			id == 1 ? text(content->name) : (coffer_value){.kind = COFFER_NULL},
			{.kind = COFFER_FLOAT, .real = id == 2 ? content->spend : 0.5},
			{.kind = COFFER_INT, .integer = 10 * id},
			{.kind = COFFER_TIME, .time = id * INT64_C(3600000000)},
		};

		assert_in_range(columns, 5, 6);
		must(coffer_load_row(load, values, &error), &error);
	}
}

static void
load_notes(coffer_load *load, const struct content *content)
{
	coffer_error error = {0};

	must(coffer_load_table(load, 1, &error), &error);
	for (int i = 0; i < content->notes * (content->has_twins ? 2 : 1); i++) {
		int number = content->first_note + i % content->notes;
		coffer_value values[] = {{.kind = COFFER_INT, .integer = number}, text("a note")};

		must(coffer_load_row(load, values, &error), &error);
	}
}

static void
make_store(const char *path, const struct content *content)
{
	coffer_load_options options = {.is_forced = true, .has_seed = true, .seed = 1};
	coffer_text source = {content->prisma, strlen(content->prisma)};
	coffer_error error = {0};
	coffer_schema *schema;
	coffer_load *load;

	must(coffer_schema_parse_prisma(source, "schema", &schema, &error), &error);
	must(coffer_load_begin(path, schema, &options, &load, &error), &error);
	load_teams(load, content, schema->tables[0].column_count);
	if (content->notes)
		load_notes(load, content);
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
}

/* What `$COFFER words` prints, to be freed, and its exit code. */
static char *
print(const char *words, int *code_out)
{
	const char *command = getenv("COFFER");
	char line[1024];
	size_t size;
	char *printed = malloc(1 << 20);
	FILE *pipe;

	assert_non_null(command);
	snprintf(line, sizeof(line), "'%s' %s 2>&1", command, words);
	pipe = popen(line, "r"); /* NOLINT(cert-env33-c) */
	assert_non_null(pipe);
	assert_non_null(printed);
	size = fread(printed, 1, (1 << 20) - 1, pipe);
	printed[size] = '\0';
	*code_out = WEXITSTATUS(pclose(pipe));
	return printed;
}

static void
expect(const char *words, int code, const char *wanted)
{
	int found;
	char *printed = print(words, &found);

	assert_string_equal(printed, wanted);
	assert_int_equal(found, code);
	free(printed);
}

#define HEAD "table             A             B          same    changed  only in A  only in B\n"
#define TEAM_EQUAL \
	"Team              3             3             3          0          0          0\n"
#define NOTE_EQUAL \
	"Note              3             3             3          0          0          0\n"

static void
nothing_differs(void **state)
{
	(void)state;
	make_store("a", &usual);
	make_store("b", &usual);
	expect("diff a b", 0, HEAD TEAM_EQUAL NOTE_EQUAL "equal: 2 tables, 6 rows\n");
	expect("diff a b --ndjson", 0, "");
	expect("diff a b --table team", 0, HEAD TEAM_EQUAL "equal: 1 table, 3 rows\n");
	expect("diff a b --json --exclude-table Note", 0,
	       "{\n\t\"schema\": \"coffer/diff/1\",\n\t\"schema_differences\": [],\n\t\"tables\": "
	       "[\n\t\t{\n"
	       "\t\t\t\"table\": \"Team\",\n\t\t\t\"differences\": [],\n"
	       "\t\t\t\"key\": [\"id\"],\n"
	       "\t\t\t\"rows\": {\"left\":3,\"right\":3,\"same\":3,\"changed\":0,\"only_left\":0,"
	       "\"only_right\":0},\n\t\t\t\"equal\": true\n\t\t}\n\t],\n\t\"tables_outside\": 0,\n"
	       "\t\"tables_different\": 0,\n\t\"equal\": true\n}\n");
}

static void
a_changed_value_is_named(void **state)
{
	struct content other = usual;

	(void)state;
	other.spend = 0.25;
	make_store("a", &usual);
	make_store("b", &other);
	expect("diff a b", 6,
	       HEAD
	       "Team              3             3             2          1          0          0\n"
	       "  [id=2].spend: 0.1 in A, 0.25 in B\n" NOTE_EQUAL
	       "different: 1 of 2 tables; rows: 1 changed, 0 only in A, 0 only in B\n");
	expect("diff a b --ndjson", 6,
	       "{\"table\":\"Team\",\"change\":\"changed\",\"key\":{\"id\":2},"
	       "\"columns\":{\"spend\":{\"left\":0.1,\"right\":0.25}}}\n");
	expect("diff a b --table note", 0, HEAD NOTE_EQUAL "equal: 1 table, 3 rows\n");
	expect("reconcile a b --table team", 6,
	       "table          here         there          same    changed  only here only there\n"
	       "Team              3             3             2          1          0          0\n"
	       "  [id=2].spend: 0.1 here, 0.25 there\n"
	       "  spend: sum 1.1 here, 1.25 there\n"
	       "  calls: sum 60 on both sides\n"
	       "  at: 2000-01-01 01:00:00 to 2000-01-01 03:00:00 on both sides\n"
	       "different: 1 of 1 table; rows: 1 changed, 0 only here, 0 only there\n");
}

static void
a_row_of_one_side_is_named(void **state)
{
	struct content less = usual;

	(void)state;
	less.teams = 2;
	make_store("a", &usual);
	make_store("b", &less);
	expect("diff a b --table Team", 6,
	       HEAD
	       "Team              3             2             2          0          1          0\n"
	       "  [id=3]: only in A\n"
	       "different: 1 of 1 table; rows: 0 changed, 1 only in A, 0 only in B\n");
	expect("diff b a --ndjson", 6,
	       "{\"table\":\"Team\",\"change\":\"only_right\",\"key\":{\"id\":3},\"row\":{\"id\":3,"
	       "\"name\":null,\"spend\":0.5,\"calls\":30,\"at\":\"2000-01-01T03:00:00\"}}\n");
	expect("reconcile a b --ndjson", 6,
	       "{\"table\":\"Team\",\"change\":\"only_here\",\"key\":{\"id\":3},\"row\":{\"id\":3,"
	       "\"name\":null,\"spend\":0.5,\"calls\":30,\"at\":\"2000-01-01T03:00:00\"}}\n");
	expect("diff a b --table Team --limit 0", 6,
	       HEAD
	       "Team              3             2             2          0          1          0\n"
	       "  and 1 more row\n"
	       "different: 1 of 1 table; rows: 0 changed, 1 only in A, 0 only in B\n");
	expect("diff a b --table team --since 2000-01-01T02:00:00 ", 6,
	       HEAD
	       "Team              2             1             1          0          1          0\n"
	       "  [id=3]: only in A\nlogs: only rows from 2000-01-01 02:00:00+00 on\n"
	       "different: 1 of 1 table; rows: 0 changed, 1 only in A, 0 only in B\n");
}

/* Rows without a key: as often as they are there, whatever their order. */
static void
rows_without_a_key_are_counted(void **state)
{
	struct content twins = usual, later = usual;

	(void)state;
	twins.has_twins = true;
	later.first_note = 2;
	make_store("a", &usual);
	make_store("b", &later);
	expect("diff a b --table note", 6,
	       HEAD
	       "Note              3             3             2          0          1          1\n"
	       "  [number=4, text=\"a note\"]: only in B\n"
	       "  [number=1, text=\"a note\"]: only in A\n"
	       "different: 1 of 1 table; rows: 0 changed, 1 only in A, 1 only in B\n");
	make_store("b", &twins);
	expect("diff a b --ndjson --limit 1", 6,
	       "{\"table\":\"Note\",\"change\":\"only_right\",\"row\":{\"number\":1,\"text\":\"a "
	       "note\"}}\n");
	expect("diff b a --table note -n 1", 6,
	       HEAD
	       "Note              6             3             3          0          3          0\n"
	       "  [number=1, text=\"a note\"]: only in A\n"
	       "  and 2 more rows\n"
	       "different: 1 of 1 table; rows: 0 changed, 3 only in A, 0 only in B\n");
}

static void
schemas_that_differ_are_told_and_what_both_have_is_compared(void **state)
{
	struct content other = usual;

	(void)state;
	other.prisma = prisma_other;
	other.notes = 0;
	other.name = "Beta";
	other.spend = 0.5;
	make_store("a", &usual);
	make_store("b", &other);
	expect("diff a b", 6,
	       "Team.spend: type: double precision -> real\n"
	       "Team.extra: column: (none) -> integer\n"
	       "Note: table: Note -> (none)\n"
	       "More: table: (none) -> More\n" HEAD
	       "Team              3             3             1          2          0          0\n"
	       "  [id=1].name: \"Alpha\" in A, \"Beta\" in B\n"
	       "  [id=2].spend: 0.1 in A, 0.5 in B\n"
	       "More              -             0             0          0          0          0\n"
	       "Note              3             -             0          0          3          0\n"
	       "  [number=1, text=\"a note\"]: only in A\n"
	       "  [number=2, text=\"a note\"]: only in A\n"
	       "  [number=3, text=\"a note\"]: only in A\n"
	       "different: 3 of 3 tables; rows: 2 changed, 3 only in A, 0 only in B\n");
	expect("diff a b --ndjson --table team --limit 0", 6,
	       "{\"change\":\"schema\",\"place\":\"Team.spend\",\"what\":\"type\","
	       "\"left\":\"double precision\",\"right\":\"real\"}\n"
	       "{\"change\":\"schema\",\"place\":\"Team.extra\",\"what\":\"column\",\"left\":null,"
	       "\"right\":\"integer\"}\n");
}

/* Only the tables that the store has are held against the source. */
static void
reconcile_says_what_it_did_not_compare(void **state)
{
	struct content other = usual, here;

	(void)state;
	other.prisma = prisma_other;
	other.notes = 0;
	other.spend = 0.5;
	here = other;
	here.prisma = prisma;
	here.notes = 3;
	make_store("a", &here);
	make_store("b", &other);
	expect("reconcile b a --limit 0", 6,
	       "table          here         there          same    changed  only here only there\n"
	       "Team              3             3             3          0          0          0\n"
	       "  .spend: real here, double precision there\n"
	       "  .extra: integer here, no column there\n"
	       "  spend: sum 1.5 on both sides\n"
	       "  calls: sum 60 on both sides\n"
	       "  at: 2000-01-01 01:00:00 to 2000-01-01 03:00:00 on both sides\n"
	       "More              0             -             0          0          0          0\n"
	       "not compared: 1 table only there\n"
	       "different: 2 of 2 tables; rows: 0 changed, 0 only here, 0 only there\n");
}

/* What is long is cut for people at a whole character, around what differs; programs get all of it. */
static void
long_values_are_cut(void **state)
{
	struct content other = usual;
	char names[2][401], wanted[1600];

	(void)state;
	for (int i = 0; i < 2; i++) {
		for (size_t k = 0; k < 400; k += 2)
			memcpy(names[i] + k, "\xc3\xa4", 2);
		names[i][400] = '\0';
	}
	memcpy(names[1] + 300, "xy", 2);
	other.name = names[0];
	make_store("a", &other);
	other.name = names[1];
	make_store("b", &other);
	/* A quote and 300 bytes are the same: 20 of them are shown, begun at a whole character. */
	snprintf(
		wanted, sizeof(wanted),
		HEAD
		"Team              3             3             2          1          0          0\n"
		"  [id=1].name: ...%.60s... in A, ...%.20sxy%.38s... in B\n"
		"different: 1 of 1 table; rows: 1 changed, 0 only in A, 0 only in B\n",
		names[0], names[0], names[0]);
	expect("diff a b --table team", 6, wanted);
	snprintf(wanted, sizeof(wanted),
		 "{\"table\":\"Team\",\"change\":\"changed\",\"key\":{\"id\":1},"
		 "\"columns\":{\"name\":{\"left\":\"%s\",\"right\":\"%s\"}}}\n",
		 names[0], names[1]);
	expect("diff a b --table team --ndjson", 6, wanted);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_differs),
		cmocka_unit_test(a_changed_value_is_named),
		cmocka_unit_test(a_row_of_one_side_is_named),
		cmocka_unit_test(rows_without_a_key_are_counted),
		cmocka_unit_test(schemas_that_differ_are_told_and_what_both_have_is_compared),
		cmocka_unit_test(reconcile_says_what_it_did_not_compare),
		cmocka_unit_test(long_values_are_cut),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
