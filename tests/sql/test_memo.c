/*
 * Rows that are looked up again and again. A cursor remembers what such a row gave once it has looked up 64 of them, so each answer
 * of a connection that has asked for long is held, type and bytes, against that of a new one, which was asked nothing else; joins
 * are held against native copies of the tables. In between another writer commits, and texts come in amounts of which only a part is
 * kept.
 *
 * The linker puts a calloc in front of the real one (--wrap, see the Makefile), which can be told to fail.
 */
#include "sql/internal.h"

#include "tests/support/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	EACH = 20,   /* rows of Each */
	MANY = 9000, /* of Many: more than are remembered */
	WORD_SIZE = 200,
	KEYS_MAX = 3,
	QUESTIONS_MAX = 500,
	LATE = 99, /* a row that comes later */
};

static char folder[] = "/tmp/coffer-memo.XXXXXX";
static char path[64], damaged_path[64];
static coffer_store *writer;

static const char prisma[] = "enum Mood {\n"
			     "  calm\n"
			     "  loud\n"
			     "}\n"
			     "model Each {\n"
			     "  id     Int       @id\n"
			     "  code   BigInt    @unique\n"
			     "  name   String    @unique\n"
			     "  uid    String    @unique @db.Uuid\n"
			     "  born   DateTime  @unique\n"
			     "  seen   DateTime? @db.Timestamptz(6)\n"
			     "  ratio  Float     @unique\n"
			     "  flag   Boolean?\n"
			     "  data   Bytes     @unique\n"
			     "  doc    Json?\n"
			     "  words  String[]\n"
			     "  counts Int[]\n"
			     "  mood   Mood\n"
			     "  exact  Decimal   @db.Decimal(10, 2)\n"
			     "  team   String?   /// @coffer.interned\n"
			     "  note   String?\n"
			     "  nick   String?   @unique\n"
			     "  a      Int\n"
			     "  b      BigInt\n"
			     "  c      String\n"
			     "  x      Int\n"
			     "  y      Int\n"
			     "  z      String\n"
			     "  s      String\n"
			     "  @@unique([a, b])\n"
			     "  @@unique([a, c])\n"
			     "  @@unique([flag, y])\n"
			     "  @@unique([mood, s])\n"
			     "  @@unique([x, y, z])\n"
			     "}\n"
			     "model Many {\n"
			     "  id   String @id\n"
			     "  n    Int    @unique\n"
			     "  word String\n"
			     "}\n";

enum { AT_CODE = 1, AT_NAME = 2, AT_TEAM = 14, AT_NOTE = 15, COLUMNS = 24 };

/* ------------------------------------------------------------------ memory */

static bool is_failing; /* a block as large as the table of texts that are kept */
static int failures;

void *
__real_calloc(size_t count, size_t size);
void *
__wrap_calloc(size_t count, size_t size);
void *
__wrap_calloc(size_t count, size_t size)
{
	if (is_failing && count == 1 && size > 32768) {
		failures++;
		return NULL;
	}
	return __real_calloc(count, size);
}

/* ------------------------------------------------------------------ the store */

static coffer_value
text(coffer_kind kind, const char *data)
{
	return (coffer_value){.kind = kind, .text = {data, strlen(data)}};
}

static coffer_value
integer(int64_t number)
{
	return (coffer_value){.kind = COFFER_INT, .integer = number};
}

/* Room for a text of a row, which lives as long as the row's others. */
enum { ROOM = 6000, ROOMS = 16 };
static char *
take_room(void)
{
	static char rooms[ROOMS][ROOM];
	static unsigned next;

	return rooms[next++ % ROOMS];
}

/* A number between two texts. */
static coffer_value
print(coffer_kind kind, const char *before, int number, const char *after)
{
	char *out = take_room();

	snprintf(out, ROOM, "%s%d%s", before, number, after);
	return text(kind, out);
}

/* A text of so many bytes that begins with a number and dots, or ends with zeros and the number. */
static coffer_value
fill(int number, size_t size)
{
	char *out = take_room();
	size_t used = (size_t)snprintf(out, ROOM, "%d", number);

	memset(out + used, '.', size - used);
	out[size] = '\0';
	return text(COFFER_TEXT, out);
}

static coffer_value
fill_before(int number, int size)
{
	char *out = take_room();

	snprintf(out, ROOM, "%0*d", size, number);
	return text(COFFER_TEXT, out);
}

/* A text of the length of two words of a hash. */
static const char two_words[] = "0123456789abcdef";
enum { TWO_WORDS = 12 };

static coffer_value
name_of(int number)
{
	static const char *const names[] = {"name", "",     "1",   "01", "long",     "long",
					    "ab",   "NULL", "1.0", "Ab", "\xc3\xa4", "1e0"};

	if (number == 4 || number == 5)
		return fill_before(number, 300);
	if (number == TWO_WORDS)
		return text(COFFER_TEXT, two_words);
	return number < 12 ? text(COFFER_TEXT, names[number])
			   : print(COFFER_TEXT, "name ", number, "");
}

static coffer_value
note_of(int number)
{
	static const size_t sizes[] = {7, 255, 256, 5000};

	if (number % 6 == 0)
		return (coffer_value){.kind = COFFER_NULL};
	return number % 6 == 1 ? text(COFFER_TEXT, "") : fill(number, sizes[number % 6 - 2]);
}

static coffer_value
words_of(int number)
{
	static char packed[128];
	const coffer_text words[] = {{"a \"word\"", 8}, {NULL, 0}, {"", 0}};

	return (coffer_value){
		.kind = COFFER_TEXT_ARRAY,
		.text = {packed, coffer_array_pack(words, (size_t)number % 4, packed)}};
}

static void
fill_row(int number, coffer_value row[COLUMNS])
{
	const coffer_value filled[COLUMNS] = {
		integer(number),
		integer(number == 20 ? INT64_MIN : number * 7 % 20),
		name_of(number),
		print(COFFER_OTHER, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380", number + 100, ""),
		{.kind = COFFER_TIME, .time = number * INT64_C(86400500000)},
		{.kind = number % 3 ? COFFER_TIME : COFFER_NULL,
		 .time = number % 3 == 1 ? INT64_MAX : number * INT64_C(-3600000001)},
		{.kind = COFFER_FLOAT,
		 .real = number == 1   ? -0.0
			 : number == 2 ? 1e300
				       : number * 0.3},
		{.kind = number % 3 ? COFFER_BOOL : COFFER_NULL, .boolean = number % 3 == 1},
		{.kind = COFFER_BYTES,
		 .text = {"\0\1\2\3\4\5\6\7\0\1\2\3\4\5\6\7\0\1\2\3\4",
			  number < 21 ? (size_t)number : 21}},
		number % 4 ? print(COFFER_JSON, "{\"n\": ", number, "}")
			   : (coffer_value){.kind = COFFER_NULL},
		words_of(number),
		print(COFFER_OTHER, "{", number, ",NULL}"),
		text(COFFER_OTHER, number % 2 ? "calm" : "loud"),
		print(COFFER_OTHER, "", number, ".50"),
		number % 5 ? print(COFFER_TEXT, "team ", number % 5, "")
			   : (coffer_value){.kind = COFFER_NULL},
		note_of(number),
		number % 3 ? print(COFFER_TEXT, "nick ", number, "")
			   : (coffer_value){.kind = COFFER_NULL},
		integer(number % 4),
		integer(number / 4),
		number == TWO_WORDS ? text(COFFER_TEXT, two_words)
				    : print(COFFER_TEXT, "", number / 4, ""),
		integer(number % 2),
		integer(number / 3),
		print(COFFER_TEXT, "z ", number % 3, ""),
		print(COFFER_TEXT, "", number / 2, ""),
	};

	memcpy(row, filled, sizeof(filled));
}

static coffer_value
word_of(int number)
{
	return fill(number, WORD_SIZE);
}

static void
make_store(const char *at, int many)
{
	coffer_error error = {0};
	coffer_value row[COLUMNS];
	coffer_schema *schema;
	coffer_load *load;

	must(coffer_schema_parse_prisma((coffer_text){prisma, strlen(prisma)}, "test", &schema,
					&error),
	     &error);
	must(coffer_load_begin(at, schema, &(coffer_load_options){.is_forced = true}, &load,
			       &error),
	     &error);
	must(coffer_load_table(load, coffer_schema_find_table(schema, "Each"), &error), &error);
	for (int i = 1; i <= EACH; i++) {
		fill_row(i, row);
		must(coffer_load_row(load, row, &error), &error);
	}
	must(coffer_load_table(load, coffer_schema_find_table(schema, "Many"), &error), &error);
	for (int i = 1; i <= many; i++)
		must(coffer_load_row(load,
				     (coffer_value[]){print(COFFER_TEXT, "key ", i, ""), integer(i),
						      word_of(i)},
				     &error),
		     &error);
	must(coffer_load_finish(load, &error), &error);
	coffer_schema_free(schema);
}

static int
make_folder(void **state)
{
	coffer_error error = {0};

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.coffer", folder);
	snprintf(damaged_path, sizeof(damaged_path), "%s/b.coffer", folder);
	make_store(path, MANY);
	must(coffer_store_open_to_write(path, &writer, &error), &error);
	return 0;
}

static int
remove_folder(void **state)
{
	char name[80];

	(void)state;
	coffer_store_close(writer);
	for (int i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s-lock", i ? damaged_path : path);
		unlink(name);
		unlink(i ? damaged_path : path);
	}
	rmdir(folder);
	return 0;
}

/* ------------------------------------------------------------------ connections */

/* `copies_all`: as where SQLite closes a cursor early. */
static sqlite3 *
open_sql_as(const char *at, const char *encoding, bool copies_all)
{
	struct coffer_sql *sql;
	coffer_error error = {0};
	coffer_store *store;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, encoding, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(coffer_sql_register(db, NULL, &sql), SQLITE_OK);
	sql->copies_all |= copies_all;
	must(coffer_store_open(at, &store, &error), &error);
	must(coffer_sql_attach(sql, store, at, "main", &error), &error);
	return db;
}

static sqlite3 *
open_sql(const char *at)
{
	return open_sql_as(at, "PRAGMA encoding = 'UTF-8'", false);
}

static void
close_sql(sqlite3 *db)
{
	for (sqlite3_stmt *left; (left = sqlite3_next_stmt(db, NULL));)
		sqlite3_finalize(left);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *query)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db, query, -1, &statement, NULL))
		fail_msg("%s: %s", query, sqlite3_errmsg(db));
	return statement;
}

/* ------------------------------------------------------------------ answers */

/* Types and bytes of rows, legible. In SQLite's memory. */
struct answer {
	char *data;
	int size;
};

static void
write_value(sqlite3_str *out, sqlite3_stmt *statement, int column)
{
	int type = sqlite3_column_type(statement, column);

	if (type == SQLITE_INTEGER) {
		sqlite3_str_appendf(out, "i%lld ", sqlite3_column_int64(statement, column));
	} else if (type == SQLITE_FLOAT) {
		double real = sqlite3_column_double(statement, column);
		uint64_t bits;

		memcpy(&bits, &real, sizeof(bits));
		sqlite3_str_appendf(out, "f%!.17g=%llx ", real, bits);
	} else if (type == SQLITE_NULL) {
		sqlite3_str_appendall(out, "null ");
	} else {
		const void *data = type == SQLITE_TEXT ? sqlite3_column_text(statement, column)
						       : sqlite3_column_blob(statement, column);
		int size = sqlite3_column_bytes(statement, column);

		sqlite3_str_appendf(out, "%c%d:", type == SQLITE_TEXT ? 't' : 'b', size);
		if (size)
			sqlite3_str_append(out, data, size);
		sqlite3_str_appendchar(out, 1, ' ');
	}
}

static void
write_row(sqlite3_str *out, sqlite3_stmt *statement)
{
	for (int i = 0; i < sqlite3_column_count(statement); i++)
		write_value(out, statement, i);
	sqlite3_str_appendchar(out, 1, '\n');
}

static struct answer
finish(sqlite3_str *out)
{
	struct answer answer = {.size = sqlite3_str_length(out)};

	answer.data = sqlite3_str_finish(out);
	if (!answer.data)
		answer.data = sqlite3_mprintf("");
	assert_non_null(answer.data);
	return answer;
}

/* The rows that are still to come, or the message of an error. */
static struct answer
rest_of(sqlite3_stmt *statement)
{
	sqlite3_str *out = sqlite3_str_new(NULL);
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW)
		write_row(out, statement);
	if (code != SQLITE_DONE)
		sqlite3_str_appendf(out, "error %d: %s", code,
				    sqlite3_errmsg(sqlite3_db_handle(statement)));
	sqlite3_reset(statement);
	return finish(out);
}

/* Takes `got`. */
static void
check(const struct answer *wanted, struct answer got, sqlite3_stmt *statement)
{
	if (wanted->size != got.size || memcmp(wanted->data, got.data, (size_t)got.size) != 0) {
		char *query = sqlite3_expanded_sql(statement);

		fail_msg("%s\nis    %swas   %s", query, got.data, wanted->data);
	}
	sqlite3_free(got.data);
}

/* ------------------------------------------------------------------ questions */

/* By which keys is asked, and for which values: those of all rows, and others. */
static const struct form {
	const char *where, *keys;
	bool is_lookup; /* else SQLite has another way, or NULL is a value */
} forms[] = {
	{"id = ?1",
	 "SELECT id FROM Each UNION ALL VALUES (99), (0), (-5), (NULL), ('5'), (' 5 '), ('5x'), "
	 "(5.0), (5.5), (x'35'), "
	 "(1e300), (9223372036854775807), ('')",
	 true},
	{"code = ?1",
	 "SELECT code FROM Each UNION ALL VALUES (1000), (99), (-9223372036854775807), ('7'), "
	 "(7.0), "
	 "(-9223372036854775808.0), (x''), (NULL)",
	 true},
	{"name = ?1",
	 "SELECT name FROM Each UNION ALL VALUES ('late'), ('renamed'), (1), (1.0), ('ab' || "
	 "char(0) || 'cd'), (x'6162'), "
	 "(char(0)), ('a'), ('abc'), (printf('%0300d', 3)), (printf('%05000d', 0)), (NULL), (x''), "
	 "('AB')",
	 true},
	{"uid = ?1",
	 "SELECT uid FROM Each UNION ALL VALUES ('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380105'), "
	 "('none'), "
	 "('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380199x'), (5)",
	 true},
	{"born = ?1",
	 "SELECT born FROM Each UNION ALL VALUES ('2000-01-06'), (5), ('2000-01-06 00:00:02.50'), "
	 "(NULL)",
	 true},
	{"ratio = ?1",
	 "SELECT ratio FROM Each UNION ALL VALUES (0), ('0'), (-0.0), (6), ('6'), (1e999), (NULL)",
	 true},
	{"data = ?1", "SELECT data FROM Each UNION ALL VALUES ('1'), (''), (x'0001FF'), (1)", true},
	{"nick = ?1", "SELECT nick FROM Each UNION ALL VALUES ('nick'), ('nick 3'), ('nick 99')",
	 true},
	{"nick IS ?1", "SELECT nick FROM Each WHERE id < 8 UNION ALL VALUES ('nick 3'), (NULL)",
	 false},
	{"id IS ?1", "SELECT id FROM Each WHERE id < 8 UNION ALL VALUES (NULL), ('5'), (99)",
	 false},
	{"a = ?1 AND b = ?2",
	 "SELECT a, b FROM Each UNION ALL VALUES (3, 24), (0, 0), ('3', '1'), (1, NULL), (x'31', "
	 "1), (1, 1.5), "
	 "(1.0, 1.0)",
	 true},
	{"a = ?2 AND c = ?1",
	 "SELECT c, a FROM Each UNION ALL VALUES ('24', 3), ('1', '1'), (1, 1), ('01', 1), ('1', "
	 "7), (x'31', 1), "
	 "('1' || char(0), 1), (NULL, 1)",
	 true},
	{"flag = ?1 AND y = ?2",
	 "SELECT flag, y FROM Each WHERE flag IS NOT NULL UNION ALL VALUES (1, 77), (2, 1), (NULL, "
	 "1)",
	 true},
	{"mood = ?1 AND s = ?2",
	 "SELECT mood, s FROM Each UNION ALL VALUES ('calm', '77'), ('angry', '1'), ('calm', '')",
	 true},
	{"x = ?1 AND y = ?2 AND z = ?3",
	 "SELECT x, y, z FROM Each UNION ALL VALUES (1, 33, 'z 0'), (1, 2, 'z'), (1, NULL, 'z 1'), "
	 "(0, 1, 'z 9')",
	 true},
};

/* What is asked of the row. Of more columns than are remembered some are read each time. */
static const char *const shapes[] = {
	"SELECT name FROM Each WHERE ",
	"SELECT note, z, rowid, team, words, exact, data FROM Each WHERE ",
	"SELECT * FROM Each WHERE ",
	"SELECT count(*) FROM Each WHERE ",
	"SELECT x, id, seen, id + 1, seen || born, upper(name), doc ->> 'n' FROM Each WHERE ",
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]), SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

struct question {
	const struct form *form;
	sqlite3_value *keys[KEYS_MAX];
	struct answer answers[SHAPES];
};

static struct question questions[QUESTIONS_MAX];
static int question_count;
static int first_of[FORMS + 1];

static void
add_question(const struct form *form, sqlite3_stmt *keys)
{
	struct question *question = &questions[question_count++];

	assert_true(question_count < QUESTIONS_MAX);
	*question = (struct question){.form = form};
	for (int i = 0; i < sqlite3_column_count(keys); i++)
		question->keys[i] = sqlite3_value_dup(sqlite3_column_value(keys, i));
}

static void
make_questions(void)
{
	sqlite3 *db = open_sql(path);

	for (int i = 0; i < FORMS; i++) {
		sqlite3_stmt *keys = prepare(db, forms[i].keys);

		first_of[i] = question_count;
		while (sqlite3_step(keys) == SQLITE_ROW)
			add_question(&forms[i], keys);
	}
	first_of[FORMS] = question_count;
	close_sql(db);
}

static void
free_answers(void)
{
	for (int i = 0; i < question_count; i++)
		for (int shape = 0; shape < SHAPES; shape++) {
			sqlite3_free(questions[i].answers[shape].data);
			questions[i].answers[shape].data = NULL;
		}
}

static void
free_questions(void)
{
	free_answers();
	for (int i = 0; i < question_count; i++)
		for (int key = 0; key < KEYS_MAX; key++)
			sqlite3_value_free(questions[i].keys[key]);
	question_count = 0;
}

static sqlite3_stmt *
prepare_shape(sqlite3 *db, int shape, const struct form *form)
{
	char query[512];

	snprintf(query, sizeof(query), "%s%s", shapes[shape], form->where);
	return prepare(db, query);
}

static void
bind(sqlite3_stmt *statement, const struct question *question)
{
	for (int i = 0; i < KEYS_MAX && question->keys[i]; i++)
		assert_int_equal(sqlite3_bind_value(statement, i + 1, question->keys[i]),
				 SQLITE_OK);
}

/* Ask each question of a connection that was asked nothing before but the same for other columns. */
static void
learn_answers(void)
{
	free_answers();
	for (int i = 0; i < question_count; i++) {
		sqlite3 *db = open_sql(path);

		for (int shape = 0; shape < SHAPES; shape++) {
			sqlite3_stmt *statement = prepare_shape(db, shape, questions[i].form);

			bind(statement, &questions[i]);
			questions[i].answers[shape] = rest_of(statement);
		}
		close_sql(db);
	}
}

static void
ask(sqlite3_stmt *statement, int shape, int number)
{
	bind(statement, &questions[number]);
	check(&questions[number].answers[shape], rest_of(statement), statement);
}

/* Ask a form's questions in one order or another: as they come, from behind, or in strides. */
static void
ask_form(sqlite3_stmt *statement, int shape, int form, int order)
{
	int first = first_of[form], count = first_of[form + 1] - first;

	for (int i = 0; i < count; i++)
		ask(statement, shape,
		    first + (order == 0   ? i
			     : order == 1 ? count - 1 - i
					  : (i * 5 + order) % count));
}

/* Prepared statements of all forms and shapes. */
struct asker {
	sqlite3 *db;
	sqlite3_stmt *statements[FORMS][SHAPES];
};

static void
open_asker(struct asker *asker, sqlite3 *db)
{
	asker->db = db;
	for (int form = 0; form < FORMS; form++)
		for (int shape = 0; shape < SHAPES; shape++)
			asker->statements[form][shape] =
				prepare_shape(asker->db, shape, &forms[form]);
}

/*
 * Form by form, so that the keys of one are remembered together; shape by shape, so that columns are asked for that were not
 * before, from the first to the last or the other way round; then all of them in turn, which are more than are remembered. In the
 * end the first form again, which is what is asked first behind a commit.
 */
static void
ask_all(struct asker *asker, int rounds, bool is_reverse)
{
	for (int form = 0; form < FORMS; form++)
		for (int i = 0; i < rounds * SHAPES; i++)
			for (int order = 0; order < 4; order++) {
				int shape = i / rounds;

				if (is_reverse)
					shape = SHAPES - 1 - shape;
				ask_form(asker->statements[form][shape], shape, form, order);
			}
	for (int round = 0; round < 4; round++)
		for (int form = 0; form < FORMS; form++)
			ask_form(asker->statements[form][round], round, form, round);
	ask_form(asker->statements[0][2], 2, 0, 0);
}

/* ------------------------------------------------------------------ commits */

static void
update(coffer_txn *txn, uint64_t number, uint16_t column, coffer_value value)
{
	coffer_error error = {0};

	must(coffer_update(txn, 0, number, &(coffer_set){.column = column, .value = value}, 1,
			   &error),
	     &error);
}

static void
insert(coffer_txn *txn, int number, int code, const char *name)
{
	coffer_value row[COLUMNS];
	coffer_set sets[COLUMNS];
	coffer_error error = {0};
	coffer_outcome outcome;

	fill_row(number, row);
	row[AT_NAME] = text(COFFER_TEXT, name);
	row[AT_CODE] = integer(code);
	for (uint16_t i = 0; i < COLUMNS; i++)
		sets[i] = (coffer_set){.column = i, .value = row[i]};
	must(coffer_insert(txn, 0, sets, COLUMNS, COFFER_CONFLICT_FAIL, &outcome, &error), &error);
}

/* Rows say something else, one by another key; a key that no row had has one, and one that had none has. */
static void
commit_changes(void)
{
	coffer_error error = {0};
	coffer_txn *txn;

	must(coffer_txn_begin_write(writer, &txn, &error), &error);
	update(txn, 3, AT_NAME, text(COFFER_TEXT, "renamed"));
	update(txn, 3, AT_NOTE, text(COFFER_TEXT, "changed"));
	update(txn, 8, AT_NOTE, (coffer_value){.kind = COFFER_NULL});
	update(txn, 8, AT_TEAM, text(COFFER_TEXT, "team of one"));
	update(txn, 6, AT_CODE, integer(1000));
	insert(txn, LATE, LATE, "late");
	must(coffer_delete(txn, 0, 7, &error), &error);
	must(coffer_txn_commit(txn, &error), &error);
}

/* The number of a row is not given again: the row that was deleted comes back as another one. */
static void
commit_return(void)
{
	coffer_value name = name_of(3);
	coffer_error error = {0};
	coffer_txn *txn;

	must(coffer_txn_begin_write(writer, &txn, &error), &error);
	update(txn, 3, AT_NAME, name);
	update(txn, 6, AT_CODE, integer(2));
	insert(txn, 7, 9, "NULL");
	must(coffer_txn_commit(txn, &error), &error);
}

/* ------------------------------------------------------------------ tests */

static void
the_questions_are_lookups(void **state)
{
	sqlite3 *db = open_sql(path);

	(void)state;
	for (int i = 0; i < FORMS; i++) {
		const char *way;
		char query[512];
		sqlite3_stmt *statement;

		snprintf(query, sizeof(query), "EXPLAIN QUERY PLAN SELECT * FROM Each WHERE %s",
			 forms[i].where);
		statement = prepare(db, query);
		assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
		way = (const char *)sqlite3_column_text(statement, 3);
		if (!strstr(way, forms[i].is_lookup ? "by the unique key" : "every row"))
			fail_msg("%s: %s", forms[i].where, way);
	}
	close_sql(db);
}

static void
a_row_gives_what_it_gave_first(void **state)
{
	struct asker forward, backward, wide, copying;

	(void)state;
	make_questions();
	open_asker(&forward, open_sql(path));
	open_asker(&backward, open_sql(path));
	open_asker(&wide, open_sql_as(path, "PRAGMA encoding = 'UTF-16'", false));
	open_asker(&copying, open_sql_as(path, "PRAGMA encoding = 'UTF-8'", true));
	for (int commits = 0; commits < 3; commits++) {
		if (commits)
			(commits == 1 ? commit_changes : commit_return)();
		learn_answers();
		ask_all(&forward, 16, false);
		ask_all(&backward, 16, true);
		ask_all(&wide, 2, false);
		ask_all(&copying, 2, false);
	}
	close_sql(forward.db);
	close_sql(backward.db);
	close_sql(wide.db);
	close_sql(copying.db);
	free_questions();
}

/* ------------------------------------------------------------------ keys of one hash */

#define MIX UINT64_C(0x9e3779b97f4a7c15)

static uint64_t
mix(uint64_t hash)
{
	hash *= MIX;
	return hash ^ hash >> 32;
}

/* The table's unique key that begins with these columns. */
static uint16_t
find_key(const char *first, const char *second)
{
	const coffer_schema *schema = coffer_store_schema(writer);
	const coffer_table *table = &schema->tables[coffer_schema_find_table(schema, "Each")];

	for (uint16_t at = 0; at < table->index_count; at++) {
		const coffer_index *index = &table->indexes[at];

		if (index->tree == COFFER_TREE_HASHED &&
		    index->key_column_count == (second ? 2 : 1) &&
		    index->key_columns[0] == coffer_table_find_column(table, first) &&
		    (!second || index->key_columns[1] == coffer_table_find_column(table, second)))
			return at;
	}
	fail_msg("no key of %s", first);
	return 0;
}

/* Another text of two words that has the hash of `two_words`, as sql/text.c makes it: the first word settles the second. */
static void
find_twin(char twin[sizeof(two_words)])
{
	uint64_t words[2], first, wanted;

	memcpy(words, two_words, sizeof(words));
	first = (16 ^ words[0]) * MIX;
	wanted = (first ^ words[1]) + (first >> 29);
	for (int i = 0, tame = 0; tame < 16; i++) {
		snprintf(twin, sizeof(two_words), "%08d", i);
		memcpy(words, twin, sizeof(words[0]));
		first = (16 ^ words[0]) * MIX;
		words[1] = (wanted - (first >> 29)) ^ first;
		memcpy(twin, words, sizeof(words));
		for (tame = 0; tame < 16 && twin[tame] > 0; tame++)
			;
	}
	twin[sizeof(two_words) - 1] = '\0';
}

/* The row's name, until the next one is asked for; NULL: there is none. */
static const char *
find_name(sqlite3_stmt *statement)
{
	static char name[512];
	int code = sqlite3_step(statement);

	if (code == SQLITE_ROW)
		snprintf(name, sizeof(name), "%s", sqlite3_column_text(statement, 0));
	sqlite3_reset(statement);
	return code == SQLITE_ROW ? name : NULL;
}

/* A cursor remembers from now on. */
static void
warm_up(sqlite3 *db)
{
	sqlite3_stmt *statement = prepare(db, "SELECT name FROM Each WHERE code = ?1");

	for (int i = 0; i < 100; i++)
		assert_null(find_name(statement));
	sqlite3_finalize(statement);
}

static void
bind_pair(sqlite3_stmt *statement, int64_t first, uint64_t second)
{
	sqlite3_bind_int64(statement, 1, first);
	sqlite3_bind_int64(statement, 2, (int64_t)second);
}

/* Keys are made to have one hash, as sql/memo.c mixes it today; were it mixed otherwise, they would be keys like all others. */
static void
integers_of_one_hash_are_told_apart(void **state)
{
	uint64_t pair = find_key("a", "b"), single = find_key("id", NULL);
	sqlite3 *db = open_sql(path);
	sqlite3_stmt *by_id = prepare(db, "SELECT name FROM Each WHERE id = 1");
	sqlite3_stmt *by_pair = prepare(db, "SELECT name FROM Each WHERE a = ?1 AND b = ?2");

	(void)state;
	warm_up(db);
	for (int round = 0; round < 20; round++) {
		/* Of one, and of two of which it is the first. */
		bind_pair(by_pair, 1, mix(pair ^ 1) ^ single ^ 1);
		assert_null(find_name(by_pair));
		assert_string_equal(find_name(by_id), "");
		/* Of two and two: (1, 1) is a row's. */
		bind_pair(by_pair, 2, 1 ^ mix(pair ^ 1) ^ mix(pair ^ 2));
		assert_null(find_name(by_pair));
		bind_pair(by_pair, 1, 1);
		assert_string_equal(find_name(by_pair), name_of(5).text.data);
	}
	close_sql(db);
}

/* SQLite compares the text of a row that it is given once more; that there is none it takes for granted. */
static void
ask_texts(bool is_absent_first)
{
	sqlite3 *db = open_sql(path);
	sqlite3_stmt *by_name = prepare(db, "SELECT name FROM Each WHERE name = ?1");
	sqlite3_stmt *by_pair = prepare(db, "SELECT name FROM Each WHERE a = ?1 AND c = ?2");
	char twin[sizeof(two_words)];

	find_twin(twin);
	warm_up(db);
	sqlite3_bind_int(by_pair, 1, TWO_WORDS % 4);
	for (int i = is_absent_first; i < 40; i++) {
		const char *key = i % 2 ? twin : two_words;

		sqlite3_bind_text(by_name, 1, key, -1, SQLITE_STATIC);
		sqlite3_bind_text(by_pair, 2, key, -1, SQLITE_STATIC);
		if (i % 2) {
			assert_null(find_name(by_name));
			assert_null(find_name(by_pair));
			continue;
		}
		assert_string_equal(find_name(by_name), two_words);
		assert_string_equal(find_name(by_pair), two_words);
	}
	close_sql(db);
}

static void
texts_of_one_hash_are_told_apart(void **state)
{
	(void)state;
	ask_texts(false);
	ask_texts(true);
}

/* ------------------------------------------------------------------ statements */

/* A row is read after its statement's neighbour, which has another cursor of the table, asked for all others. */
static void
statements_that_run_at_once_keep_their_rows(void **state)
{
	const int step = 7;
	struct asker asker;

	(void)state;
	make_questions();
	learn_answers();
	open_asker(&asker, open_sql(path));
	for (int i = 0; i < question_count * step; i++) {
		const struct question *question = &questions[i % question_count];
		int form = (int)(question->form - forms), shape = i % SHAPES;
		sqlite3_stmt *held = asker.statements[form][shape];
		sqlite3_str *out = sqlite3_str_new(NULL);
		int code;

		bind(held, question);
		code = sqlite3_step(held);
		for (int other = form + 1; other < form + 4; other++)
			ask_form(asker.statements[other % FORMS][(shape + other) % SHAPES],
				 (shape + other) % SHAPES, other % FORMS, i % 4);
		if (code == SQLITE_ROW) {
			struct answer rest;

			write_row(out, held);
			rest = rest_of(held);
			sqlite3_str_append(out, rest.data, rest.size);
			sqlite3_free(rest.data);
		}
		check(&question->answers[shape], finish(out), held);
		sqlite3_reset(held);
	}
	close_sql(asker.db);
	free_questions();
}

/* Of a native copy of a table and of the table itself. */
static void
compare_join(sqlite3 *db, const char *query)
{
	char *of_each = sqlite3_mprintf(query, "Each", "Each"),
	     *of_copy = sqlite3_mprintf(query, "copy", "copy");
	sqlite3_stmt *each = prepare(db, of_each), *copy = prepare(db, of_copy);
	struct answer wanted = rest_of(copy);

	assert_true(wanted.size > 100);
	for (int round = 0; round < 3; round++)
		check(&wanted, rest_of(each), each);
	sqlite3_finalize(each);
	sqlite3_finalize(copy);
	sqlite3_free(wanted.data);
	sqlite3_free(of_each);
	sqlite3_free(of_copy);
}

/* What SQLite keeps of a row longer than it stands there: the least and the greatest of a group, others of that row, sorted ones. */
static void
joins_give_what_native_tables_give(void **state)
{
	static const char *const queries[] = {
		"SELECT w.n, e.name, e.team, e.note, e.seen, e.exact, e.z FROM wanted AS w LEFT "
		"JOIN %s AS e ON e.id = w.id ORDER BY w.n",
		"SELECT e.*, w.n FROM wanted AS w LEFT JOIN %s AS e ON e.name = w.name ORDER BY "
		"w.n DESC",
		"SELECT w.n %% 5, min(e.name), max(e.note), min(e.seen), max(e.words), "
		"count(e.id), sum(e.ratio), max(e.data) "
		"FROM wanted AS w LEFT JOIN %s AS e ON e.code = w.id GROUP BY w.n %% 5",
		"SELECT w.n %% 7, min(e.note), e.name, e.team, e.born, e.doc FROM wanted AS w LEFT "
		"JOIN %s AS e ON e.id = w.id GROUP BY w.n %% 7",
		"SELECT e.team, e.mood, count(*), max(e.born), min(e.counts) FROM wanted AS w LEFT "
		"JOIN %s AS e ON e.name = w.name "
		"GROUP BY e.team, e.mood ORDER BY 1, 2",
		"SELECT e.name, f.note, f.name = e.name, f.s FROM wanted AS w LEFT JOIN %s AS e ON "
		"e.id = w.id LEFT JOIN %s AS f "
		"ON f.a = w.a AND f.b = w.b ORDER BY w.n",
		"SELECT w.n, (SELECT max(e.note) FROM %s AS e WHERE e.id = w.id) AS t, (SELECT "
		"e.team FROM %s AS e WHERE e.c = w.c AND "
		"e.a = w.a) FROM wanted AS w ORDER BY t, w.n",
		"SELECT lag(e.name, 3) OVER (ORDER BY w.n), first_value(e.note) OVER (PARTITION BY "
		"w.n %% 3 ORDER BY w.n), "
		"max(e.team) OVER (ORDER BY w.n ROWS 9 PRECEDING) FROM wanted AS w LEFT JOIN %s AS "
		"e ON e.id = w.id ORDER BY w.n",
		"SELECT DISTINCT e.team, e.seen, e.note FROM wanted AS w LEFT JOIN %s AS e ON e.id "
		"= w.id ORDER BY 1, 2, 3",
		"SELECT w.n FROM wanted AS w WHERE NOT EXISTS (SELECT 1 FROM %s AS e WHERE e.id = "
		"w.id AND e.note > 'a') ORDER BY w.n",
	};
	sqlite3 *db = open_sql(path);

	(void)state;
	assert_int_equal(sqlite3_exec(db,
				      "CREATE TABLE temp.copy AS SELECT * FROM Each; CREATE TABLE "
				      "temp.wanted AS WITH RECURSIVE r(n) "
				      "AS (SELECT 0 UNION ALL SELECT n + 1 FROM r WHERE n < 1999) "
				      "SELECT n, n * 7 % 26 AS id, "
				      "(SELECT name FROM copy WHERE rowid = n * 11 % 23) AS name, "
				      "n % 5 AS a, n / 5 % 7 AS b, "
				      "CAST(n / 3 % 7 AS TEXT) AS c FROM r",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		compare_join(db, queries[i]);
	close_sql(db);
}

/* ------------------------------------------------------------------ more than is kept */

/* Ask for a row of Many by its text or by its number; it is reset by the caller. */
static void
ask_many(sqlite3_stmt *statement, int number, bool is_by_text)
{
	coffer_value key = print(COFFER_TEXT, "key ", number, ""), word = word_of(number);

	if (is_by_text)
		assert_int_equal(
			sqlite3_bind_text(statement, 1, key.text.data, -1, SQLITE_TRANSIENT),
			SQLITE_OK);
	else
		assert_int_equal(sqlite3_bind_int(statement, 1, number), SQLITE_OK);
	if (number < 1 || number > MANY) {
		assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
		return;
	}
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	assert_string_equal(sqlite3_column_text(statement, 0), word.text.data);
	assert_int_equal(sqlite3_column_bytes(statement, 0), WORD_SIZE);
	assert_string_equal(sqlite3_column_text(statement, 1), key.text.data);
	assert_int_equal(sqlite3_column_int(statement, 2), number);
}

enum { BY_TEXT, BY_NUMBER, MANY_WAYS };

static void
prepare_many(sqlite3 *db, sqlite3_stmt *statements[MANY_WAYS])
{
	statements[BY_TEXT] = prepare(db, "SELECT word, id, n FROM Many WHERE id = ?1");
	statements[BY_NUMBER] = prepare(db, "SELECT word, id, n FROM Many WHERE n = ?1");
}

/* Each row, and one that came a while ago, of which the texts that it gave may be gone. */
static void
ask_many_twice(sqlite3_stmt *statements[MANY_WAYS], int number)
{
	for (int i = 0; i < 2; i++) {
		ask_many(statements[BY_TEXT], i ? number - 300 : number, true);
		sqlite3_reset(statements[BY_TEXT]);
		ask_many(statements[BY_NUMBER], i ? number - 200 : number, false);
		sqlite3_reset(statements[BY_NUMBER]);
	}
}

/*
 * The words alone are 1.7 MiB, of which 1 MiB is kept. Now and then two cursors are open: the one that is not used while texts
 * are thrown away and others take their place must not give those.
 */
static void
texts_that_are_no_longer_kept_are_not_given(void **state)
{
	sqlite3 *db = open_sql(path);
	sqlite3_stmt *statements[MANY_WAYS], *others[MANY_WAYS];

	(void)state;
	prepare_many(db, statements);
	prepare_many(db, others);
	for (int number = 1; number <= 2 * MANY; number++) {
		ask_many_twice(statements, number > MANY ? number - MANY : number);
		if (number / 500 % 3 != 0)
			continue;
		ask_many(statements[BY_TEXT], MANY - 3, true);
		ask_many_twice(others, number % 50 + 1);
		ask_many(others[BY_NUMBER], MANY + number % 9 + 1, false);
		sqlite3_reset(others[BY_NUMBER]);
		sqlite3_reset(statements[BY_TEXT]);
	}
	close_sql(db);
}

/* One statement, in which texts cease to be kept while it holds some. */
static void
a_statement_holds_more_texts_than_are_kept(void **state)
{
	static const char query[] = "SELECT w.n %% 10, min(m.word), max(m.word), min(m.id), "
				    "max(m.id), count(m.n), sum(length(m.word)) FROM wanted AS w "
				    "LEFT JOIN %s AS m ON m.id = w.id GROUP BY w.n %% 10";
	sqlite3 *db = open_sql(path);
	char *of_many = sqlite3_mprintf(query, "Many"), *of_copy = sqlite3_mprintf(query, "copy");
	struct answer wanted;

	(void)state;
	assert_int_equal(sqlite3_exec(db,
				      "CREATE TABLE temp.copy AS SELECT * FROM Many; CREATE INDEX "
				      "temp.copies ON copy (id); "
				      "CREATE TABLE temp.wanted AS SELECT (n * 7919) % 9000 AS n, "
				      "'key ' || ((n * 7919) % 9050) AS id "
				      "FROM copy",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	wanted = rest_of(prepare(db, of_copy));
	for (int round = 0; round < 3; round++) {
		sqlite3_stmt *statement = prepare(db, of_many);

		check(&wanted, rest_of(statement), statement);
	}
	sqlite3_free(wanted.data);
	sqlite3_free(of_many);
	sqlite3_free(of_copy);
	close_sql(db);
}

/* Texts were thrown away, and there is no memory to keep others: rows are remembered still, those before, without texts. */
static void
without_memory_for_texts_rows_are_found(void **state)
{
	sqlite3 *db = open_sql(path);
	sqlite3_stmt *statements[MANY_WAYS];

	(void)state;
	prepare_many(db, statements);
	failures = 0;
	for (int number = 1; number <= MANY; number++) {
		is_failing = number > 100; /* behind the connection's own */
		ask_many_twice(statements, number);
	}
	is_failing = false;
	assert_true(failures > 0);
	close_sql(db);
}

/* ------------------------------------------------------------------ damage */

/* Change a byte of the file where a text stands, once, in each place. */
static void
damage(const char *where, const char *what)
{
	FILE *file = fopen(where, "r+b");
	size_t size = strlen(what), found = 0, got;
	char *data;

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	got = (size_t)ftell(file);
	assert_non_null(data = malloc(got));
	rewind(file);
	assert_int_equal(fread(data, 1, got, file), got);
	for (size_t at = 0; at + size <= got; at++) {
		if (memcmp(data + at, what, size) != 0)
			continue;
		assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
		assert_int_equal(fputc(what[0] ^ 1, file), what[0] ^ 1);
		found++;
	}
	free(data);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(found, 1);
}

enum { DAMAGED = 14, LONG_DAMAGED = 11 };

/* What is damaged is an error each time, for whatever needs it; what is not is remembered meanwhile. */
static void
ask_damaged(sqlite3_stmt *statement, int id, bool is_of_note)
{
	bool is_damaged = id == DAMAGED || (id == LONG_DAMAGED && is_of_note);
	int code;

	sqlite3_bind_int(statement, 1, id);
	code = sqlite3_step(statement);
	if (code != (is_damaged ? SQLITE_CORRUPT : id && id <= EACH ? SQLITE_ROW : SQLITE_DONE))
		fail_msg("row %d: %d", id, code);
	if (code == SQLITE_ROW && !is_of_note)
		assert_string_equal(sqlite3_column_text(statement, 0), name_of(id).text.data);
	sqlite3_reset(statement);
}

static void
damage_is_an_error_each_time(void **state)
{
	static const char *const columns[] = {"name", "name, team, s", "note", "*", "name, 1"};
	enum { COUNT = sizeof(columns) / sizeof(columns[0]) };
	sqlite3_stmt *statements[COUNT];
	char query[80];
	sqlite3 *db;

	(void)state;
	make_store(damaged_path, 1);
	damage(damaged_path, "nick 14");
	damage(damaged_path, "11....");
	db = open_sql(damaged_path);
	for (int i = 0; i < COUNT; i++) {
		snprintf(query, sizeof(query), "SELECT %s FROM Each WHERE id = ?1", columns[i]);
		statements[i] = prepare(db, query);
	}
	for (int round = 0; round < 100; round++)
		for (int id = 0; id <= EACH + 1; id++)
			for (int i = 0; i < COUNT; i++)
				ask_damaged(statements[i], id, i == 2 || i == 3);
	close_sql(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_questions_are_lookups),
		cmocka_unit_test(a_row_gives_what_it_gave_first),
		cmocka_unit_test(integers_of_one_hash_are_told_apart),
		cmocka_unit_test(texts_of_one_hash_are_told_apart),
		cmocka_unit_test(statements_that_run_at_once_keep_their_rows),
		cmocka_unit_test(joins_give_what_native_tables_give),
		cmocka_unit_test(texts_that_are_no_longer_kept_are_not_given),
		cmocka_unit_test(a_statement_holds_more_texts_than_are_kept),
		cmocka_unit_test(without_memory_for_texts_rows_are_found),
		cmocka_unit_test(damage_is_an_error_each_time),
	};

	return cmocka_run_group_tests_name("rows that are remembered", tests, make_folder,
					   remove_folder);
}
