/*
 * Random statements, on a store and as a script for psql: print_operations STORE SEED COUNT SCRIPT ANSWERS.
 *
 * STORE has the server's tables and rows. Each statement is done to it and written to SCRIPT, which makes psql tell the
 * SQLSTATE and the number of rows of each; ANSWERS are what coffer says to that: 00000 and the rows, 23502 (NOT NULL), 23503
 * (foreign key), 23505 (unique), 22 (a value that is none). Values are literals that both read. For psql with ON_ERROR_ROLLBACK,
 * since a statement that is refused leaves the transaction as it was here.
 */
#include "coffer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SETS_MAX = 64,
	TEXT_MAX = 1300, /* a server cannot index longer ones */
	ROW_TRIES = 40,
};

static uint64_t seed;
static coffer_store *store;
static const coffer_schema *schema;
static coffer_txn *txn;
static coffer_error error;
static FILE *script, *answers;

static void
must(coffer_status status, const char *what)
{
	if (!status)
		return;
	fprintf(stderr, "print_operations: %s: %s: %s\n", what, error.place, error.message);
	exit(1);
}

static uint32_t
draw(uint32_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)((seed * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below;
}

static bool
is_likely(uint32_t percent)
{
	return draw(100) < percent;
}

#define ONE_OF(list) (list)[draw(sizeof(list) / sizeof((list)[0]))]

/* ------------------------------------------------------------------ literals */

static void
add_words(coffer_buffer *out, uint32_t count)
{
	static const char *const words[] = {
		"a",
		"Z",
		" ",
		"it's",
		"\\",
		"\"",
		"\xc3\xbc",
		"\xe2\x82\xac",
		"\xf0\x9f\x98\x80",
		"\n",
		"\t",
		"0",
		"gpt-4o",
		"%s",
		"{",
		"}",
		",",
		"--",
		"$1",
		":x",
		"/*",
		"e\xcc\x81",
	};

	for (uint32_t i = 0; i < count; i++)
		coffer_buffer_text(out, ONE_OF(words));
}

/* Few texts that meet often, then others, now and then a long one. */
static void
add_text(coffer_buffer *out)
{
	if (is_likely(50))
		coffer_buffer_printf(out, "k%u", draw(12));
	else if (is_likely(10))
		for (uint32_t i = 0, size = draw(TEXT_MAX); i < size; i++)
			coffer_buffer_append(out, "0123456789abcdef" + draw(16), 1);
	else
		add_words(out, draw(20));
}

static void
add_integer(coffer_buffer *out)
{
	static const char *const numbers[] = {
		"32767",
		"32768",
		"-32769",
		"2147483647",
		"2147483648",
		"-2147483649",
		"9223372036854775807",
		"9223372036854775808",
		"+7",
		" 8 ",
		"1.5",
		"",
		"x",
	};

	if (is_likely(95))
		coffer_buffer_printf(out, "%d", (int)draw(40) - 4);
	else
		coffer_buffer_text(out, ONE_OF(numbers));
}

static void
add_number(coffer_buffer *out)
{
	static const char *const numbers[] = {
		"-0",    "0",   "NaN",  "Infinity", "-inf",   "1e300",  "1e-320",
		"1e400", "0.1", "1e39", "3.4e38",   " 2.50 ", "5e-324", "0.30000000000000004",
		"x",
	};

	if (is_likely(75))
		coffer_buffer_printf(out, "%u.%u", draw(100), draw(1000));
	else
		coffer_buffer_text(out, ONE_OF(numbers));
}

static void
add_time(coffer_buffer *out)
{
	static const char *const times[] = {
		"infinity",
		"-infinity",
		"2024-02-30",
		"0044-03-15 12:00:00 BC",
		"294276-12-31 23:59:59.999",
		"294277-01-01",
		"2024-11-05T10:20:30.123456Z",
		"2024-11-05 24:00:00",
		"1999-12-31 23:59:59.9995",
		"x",
		"2024-02-29 12:34:56.7891+05:30",
	};

	if (is_likely(90))
		coffer_buffer_printf(out, "20%02u-%02u-%02u %02u:%02u:%02u.%06u", draw(40),
				     1 + draw(12), 1 + draw(28), draw(24), draw(60), draw(60),
				     draw(1000000));
	else
		coffer_buffer_text(out, ONE_OF(times));
}

static void
add_blank(coffer_buffer *out)
{
	if (is_likely(30))
		coffer_buffer_text(out, is_likely(80) ? " " : "\n\t ");
}

static void
add_json_string(coffer_buffer *out)
{
	static const char *const parts[] = {
		"a",    "b",   "model",          "\\n", "\\u00fc", "\xc3\xbc", "\\\"",        "'",
		"\\\\", "\\/", "\\ud83d\\ude00", " ",   "\\u0001", "\\b",      "longer name", "k1",
	};

	coffer_buffer_text(out, "\"");
	for (uint32_t i = 0, count = draw(3); i < count; i++)
		coffer_buffer_text(out, ONE_OF(parts));
	coffer_buffer_text(out, "\"");
}

/* A document in no normal form: `depth` bounds it. */
static void
add_json(coffer_buffer *out, uint32_t depth)
{
	static const char *const scalars[] = {
		"1",    "-0",    "1.50", "1e3",   "1E-2",   "12345678901234567890.10",
		"true", "false", "null", "0.1e1", "100e-2",
	};
	uint32_t kind = depth ? draw(4) : draw(2), count = draw(4);

	add_blank(out);
	if (kind == 0)
		coffer_buffer_text(out, ONE_OF(scalars));
	else if (kind == 1)
		add_json_string(out);
	else
		coffer_buffer_text(out, kind == 2 ? "[" : "{");
	for (uint32_t i = 0; kind > 1 && i < count; i++) {
		coffer_buffer_text(out, i ? "," : "");
		if (kind == 3) {
			add_blank(out);
			add_json_string(out);
			add_blank(out);
			coffer_buffer_text(out, ":");
		}
		add_json(out, depth - 1);
	}
	if (kind > 1)
		coffer_buffer_text(out, kind == 2 ? "]" : "}");
	add_blank(out);
}

static void
add_document(coffer_buffer *out)
{
	static const char *const wrong[] = {
		"{", "", "{\"a\":1,}", "[\"\\u0000\"]", "01", "\"\\ud800\"", "nul"};

	if (is_likely(97))
		add_json(out, 4);
	else
		coffer_buffer_text(out, ONE_OF(wrong));
}

static void
add_array(coffer_buffer *out)
{
	static const char *const arrays[] = {
		"{}",
		"{a}",
		"{a,b}",
		"{NULL,a,\"NULL\"}",
		"{\"\",\"it's\",\"a \\\" b\"}",
		"{{a,b},{c,d}}",
		"[0:1]={a,b}",
		"{ a , b }",
		"{\xc3\xbc}",
		"{k1,k2,k3}",
	};

	coffer_buffer_text(out, is_likely(98) ? ONE_OF(arrays) : "{a");
}

static void
add_label(coffer_buffer *out, const char *type)
{
	for (size_t i = 0; i < schema->enum_count; i++) {
		const coffer_enum *of = &schema->enums[i];

		if (strcmp(of->name, type) != 0)
			continue;
		coffer_buffer_text(out, is_likely(97) ? of->labels[draw((uint32_t)of->label_count)]
						      : "x");
		return;
	}
}

static void
add_other(coffer_buffer *out, const coffer_column *column)
{
	const char *type = column->base_type ? column->base_type : column->type;

	if (!strcmp(type, "uuid"))
		coffer_buffer_printf(out, "%sA0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A%02u%s",
				     is_likely(20) ? "{" : "", draw(20), is_likely(20) ? "}" : "");
	else if (!strncmp(type, "numeric", 7))
		add_number(out);
	else if (!strcmp(type, "date"))
		coffer_buffer_printf(out, "20%02u-%u-%u", draw(40), 1 + draw(12), 1 + draw(30));
	else if (!strncmp(type, "character(", 10))
		coffer_buffer_printf(out, "c%u", draw(2000));
	else
		add_label(out, type);
}

static void
add_literal(coffer_buffer *out, const coffer_column *column)
{
	static const char *const booleans[] = {"t", "false", "yes", "0", " on ", "maybe"};

	switch (column->kind) {
	case COFFER_BOOL:
		coffer_buffer_text(out, booleans[draw(is_likely(95) ? 5 : 6)]);
		break;
	case COFFER_INT:
		add_integer(out);
		break;
	case COFFER_FLOAT:
		add_number(out);
		break;
	case COFFER_TIME:
		add_time(out);
		break;
	case COFFER_JSON:
		add_document(out);
		break;
	case COFFER_TEXT_ARRAY:
		add_array(out);
		break;
	case COFFER_BYTES:
		coffer_buffer_printf(out, "\\x%02x%04x", draw(8), draw(2));
		break;
	case COFFER_OTHER:
		add_other(out, column);
		break;
	default:
		add_text(out);
	}
}

/* ------------------------------------------------------------------ rows that are there */

/* A row by chance; false when the tries do not hit one. */
static bool
find_row(uint32_t table, coffer_cursor *cursor, const coffer_row **row_out)
{
	uint64_t rows, number;

	must(coffer_table_count(txn, table, &rows, &error), "rows");
	for (int i = 0; rows && i < ROW_TRIES; i++) {
		number = 1 + draw((uint32_t)rows * 3);
		if (!coffer_cursor_get_number(cursor, number, row_out, &error))
			return true;
	}
	return false;
}

/* A value of a row as a literal; false for NULL. */
static bool
add_value(coffer_buffer *out, uint32_t table, const coffer_row *row, uint16_t column)
{
	coffer_value value;

	must(coffer_row_get(row, column, &value, &error), "a value");
	if (value.kind == COFFER_NULL)
		return false;
	must(coffer_value_print(&schema->tables[table].columns[column], &value, out, &error),
	     "a text");
	return true;
}

/* ------------------------------------------------------------------ one statement */

/* What a column is given: a literal, or NULL. */
struct given {
	uint16_t column;
	bool is_null, is_increment;
	coffer_buffer text, memory;
};

struct statement {
	uint32_t table;
	struct given given[SETS_MAX];
	size_t count;
	coffer_set sets[SETS_MAX];
	bool is_refused; /* a literal is no value */
};

static void
quote(const char *text, size_t size)
{
	fputc('\'', script);
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\'')
			fputc('\'', script);
		fputc(text[i], script);
	}
	fputc('\'', script);
}

static void
print_given(const struct given *given)
{
	if (given->is_null)
		fputs("NULL", script);
	else
		quote(given->text.data ? given->text.data : "", given->text.size);
}

static void
print_name(const char *name)
{
	coffer_buffer quoted = {0};

	coffer_buffer_identifier(&quoted, name);
	fputs(quoted.data, script);
	coffer_buffer_release(&quoted);
}

static struct given *
give(struct statement *statement, uint16_t column)
{
	struct given *given;

	for (size_t i = 0; i < statement->count; i++)
		if (statement->given[i].column == column)
			return &statement->given[i];
	given = &statement->given[statement->count++];
	*given = (struct given){.column = column};
	return given;
}

static void
give_any(struct statement *statement, uint16_t number)
{
	const coffer_column *column = &schema->tables[statement->table].columns[number];
	struct given *given = give(statement, number);

	given->text.size = 0;
	given->is_null = column->is_nullable ? is_likely(15) : is_likely(1);
	if (!given->is_null)
		add_literal(&given->text, column);
}

/* Let a foreign key's members be those of a row that is there, mostly. */
static void
give_targets(struct statement *statement, bool is_all)
{
	const coffer_table *table = &schema->tables[statement->table];

	for (size_t r = 0; r < table->relation_count; r++) {
		const coffer_relation *relation = &table->relations[r];
		coffer_cursor *cursor;
		const coffer_row *row;

		if (relation->target_table == COFFER_NO_TABLE || is_likely(is_all ? 10 : 60))
			continue;
		must(coffer_cursor_open(txn, relation->target_table, &cursor, &error), "a cursor");
		if (find_row(relation->target_table, cursor, &row))
			for (size_t i = 0; i < relation->column_count; i++) {
				struct given *given = give(statement, relation->columns[i]);

				given->text.size = 0;
				given->is_null =
					!add_value(&given->text, relation->target_table, row,
						   coffer_table_find_column(
							   &schema->tables[relation->target_table],
							   relation->target_columns[i]));
				if (given->is_null &&
				    !table->columns[relation->columns[i]].is_nullable)
					given->is_null = false;
			}
		coffer_cursor_close(cursor);
	}
}

/* Read the literals as values for coffer. Documents go as they are, now and then, to be settled by the write. */
static void
read_literals(struct statement *statement)
{
	const coffer_table *table = &schema->tables[statement->table];

	for (size_t i = 0; i < statement->count; i++) {
		struct given *given = &statement->given[i];
		const coffer_column *column = &table->columns[given->column];
		coffer_text text = {given->text.data ? given->text.data : "", given->text.size};
		coffer_set *set = &statement->sets[i];

		*set = (coffer_set){.column = given->column, .is_increment = given->is_increment};
		if (given->is_null)
			continue;
		if (column->kind == COFFER_JSON && is_likely(50)) {
			set->value = (coffer_value){.kind = COFFER_JSON, .text = text};
			continue;
		}
		set->is_settled = true;
		statement->is_refused = coffer_value_parse(schema, column, text, &given->memory,
							   &set->value, &error) ||
					statement->is_refused;
		error = (coffer_error){0};
	}
}

static void
release(struct statement *statement)
{
	for (size_t i = 0; i < statement->count; i++) {
		coffer_buffer_release(&statement->given[i].text);
		coffer_buffer_release(&statement->given[i].memory);
	}
}

/* ------------------------------------------------------------------ answers */

/* The SQLSTATE of coffer's answer. */
static const char *
state_of(coffer_status status)
{
	if (!status)
		return "00000";
	if (status == COFFER_CONFLICT)
		return strstr(error.message, " is taken (") ? "23505" : "23503";
	if (status == COFFER_INVALID || status == COFFER_LIMIT)
		return strstr(error.message, "NOT NULL") ? "23502" : "22";
	must(status, "a statement");
	return "";
}

/* Tell of a statement that was written to the script. */
static void
answer(coffer_status status, int rows)
{
	const char *state = state_of(status);

	fputs(";\n\\echo :SQLSTATE :ROW_COUNT\n", script);
	fprintf(answers, "%s %d\n", state, status ? 0 : rows);
	error = (coffer_error){0};
}

/* ------------------------------------------------------------------ statements */

/* Is the default the same on both sides? */
static bool
is_plain_default(const coffer_column *column)
{
	if (column->client_default || column->is_updated_at || column->identity ||
	    column->generated_sql)
		return false;
	return !column->default_sql || *column->default_sql == '\'' ||
	       !strcmp(column->default_sql, "false") ||
	       !strncmp(column->default_sql, "ARRAY[]", 7) ||
	       (*column->default_sql >= '0' && *column->default_sql <= '9');
}

static void
print_insert(const struct statement *statement)
{
	const coffer_table *table = &schema->tables[statement->table];

	fputs("INSERT INTO ", script);
	print_name(table->name);
	fputs(" (", script);
	for (size_t i = 0; i < statement->count; i++) {
		fputs(i ? ", " : "", script);
		print_name(table->columns[statement->given[i].column].name);
	}
	fputs(") VALUES (", script);
	for (size_t i = 0; i < statement->count; i++) {
		fputs(i ? ", " : "", script);
		print_given(&statement->given[i]);
	}
	fputs(")", script);
}

static bool
is_of_key(const coffer_table *table, uint16_t column)
{
	const coffer_index *key = &table->indexes[table->primary];

	for (size_t i = 0; i < key->column_count; i++)
		if (key->columns[i] == column)
			return true;
	return false;
}

static void
print_on_conflict(const struct statement *statement, coffer_on_conflict on_conflict)
{
	const coffer_table *table = &schema->tables[statement->table];
	const coffer_index *key = &table->indexes[table->primary];
	bool is_first = true;

	if (on_conflict == COFFER_CONFLICT_SKIP)
		fputs(" ON CONFLICT DO NOTHING", script);
	if (on_conflict != COFFER_CONFLICT_UPDATE)
		return;
	fputs(" ON CONFLICT (", script);
	for (size_t i = 0; i < key->column_count; i++) {
		fputs(i ? ", " : "", script);
		print_name(table->columns[key->columns[i]].name);
	}
	fputs(") DO UPDATE SET ", script);
	for (size_t i = 0; i < statement->count; i++) {
		const char *name = table->columns[statement->given[i].column].name;

		if (is_of_key(table, statement->given[i].column))
			continue;
		fputs(is_first ? "" : ", ", script);
		is_first = false;
		print_name(name);
		fputs(" = ", script);
		if (statement->given[i].is_increment) {
			print_name(table->name);
			fputs(".", script);
			print_name(name);
			fputs(" + ", script);
		}
		fputs("EXCLUDED.", script);
		print_name(name);
	}
}

/* A server looks at NOT NULL before it looks at keys; coffer leaves a row that is there alone. */
static bool
is_half(const struct statement *statement)
{
	const coffer_table *table = &schema->tables[statement->table];

	for (size_t i = 0; i < statement->count; i++)
		if (statement->given[i].is_null &&
		    !table->columns[statement->given[i].column].is_nullable)
			return true;
	return false;
}

static bool
has_late_key(const coffer_table *table)
{
	for (size_t i = 0; i < table->index_count; i++)
		if (table->indexes[i].is_constraint && table->indexes[i].definition &&
		    strstr(table->indexes[i].definition, "DEFERRABLE"))
			return true;
	return false;
}

/* How: a table needs a primary key and another column to be updated by, and no key that waits. */
static coffer_on_conflict
choose_on_conflict(const struct statement *statement)
{
	const coffer_table *table = &schema->tables[statement->table];
	uint32_t choice = draw(10);

	if (is_half(statement) || has_late_key(table) || choice < 6)
		return COFFER_CONFLICT_FAIL;
	if (choice < 8 || table->primary == COFFER_NO_INDEX ||
	    table->indexes[table->primary].column_count >= statement->count)
		return COFFER_CONFLICT_SKIP;
	return COFFER_CONFLICT_UPDATE;
}

static void
insert(uint32_t table)
{
	const coffer_table *of = &schema->tables[table];
	struct statement *statement = calloc(1, sizeof(*statement));
	coffer_on_conflict on_conflict;
	coffer_outcome outcome = COFFER_SKIPPED;
	coffer_status status = COFFER_INVALID;

	statement->table = table;
	for (uint16_t c = 0; c < of->column_count; c++)
		if (!is_plain_default(&of->columns[c]) || !is_likely(30) ||
		    (!of->columns[c].default_sql && !of->columns[c].is_nullable))
			give_any(statement, c);
	if (!statement->count)
		give_any(statement, 0);
	give_targets(statement, true);
	on_conflict = choose_on_conflict(statement);
	for (size_t i = 0; i < statement->count; i++)
		statement->given[i].is_increment =
			on_conflict == COFFER_CONFLICT_UPDATE && is_likely(30) &&
			(of->columns[statement->given[i].column].kind == COFFER_INT ||
			 of->columns[statement->given[i].column].kind == COFFER_FLOAT);
	read_literals(statement);
	if (!statement->is_refused)
		status = coffer_insert(txn, table, statement->sets, statement->count, on_conflict,
				       &outcome, &error);
	print_insert(statement);
	print_on_conflict(statement, on_conflict);
	answer(status, outcome != COFFER_SKIPPED);
	release(statement);
	free(statement);
}

/* WHERE the primary key is that of the row, or with none every column. */
static void
print_where(uint32_t table, const coffer_row *row)
{
	const coffer_table *of = &schema->tables[table];
	const coffer_index *key = of->primary == COFFER_NO_INDEX ? NULL : &of->indexes[of->primary];
	size_t count = key ? key->column_count : of->column_count;

	for (size_t i = 0; i < count; i++) {
		uint16_t column = key ? key->columns[i] : (uint16_t)i;
		coffer_buffer text = {0};

		fputs(i ? " AND " : " WHERE ", script);
		print_name(of->columns[column].name);
		if (add_value(&text, table, row, column)) {
			fputs(" = ", script);
			quote(text.data ? text.data : "", text.size);
		} else {
			fputs(" IS NULL", script);
		}
		coffer_buffer_release(&text);
	}
}

static void
print_update(const struct statement *statement)
{
	const coffer_table *table = &schema->tables[statement->table];

	fputs("UPDATE ", script);
	print_name(table->name);
	for (size_t i = 0; i < statement->count; i++) {
		const coffer_column *column = &table->columns[statement->given[i].column];

		fputs(i ? ", " : " SET ", script);
		print_name(column->name);
		fputs(" = ", script);
		if (statement->given[i].is_increment) {
			print_name(column->name);
			fputs(" + ", script);
		}
		print_given(&statement->given[i]);
		if (statement->given[i].is_increment)
			fprintf(script, "::%s", column->type);
	}
}

/* A few columns, keys among them; a time that the client sets at every update always. */
static void
choose_updated(struct statement *statement)
{
	const coffer_table *of = &schema->tables[statement->table];

	for (uint32_t i = 0, count = 1 + draw(3); i < count; i++) {
		const coffer_index *index =
			of->index_count ? &of->indexes[draw((uint32_t)of->index_count)] : NULL;
		uint16_t column = (uint16_t)draw((uint32_t)of->column_count);

		if (index && is_likely(30))
			column = index->columns[draw((uint32_t)index->column_count)];
		give_any(statement, column);
		if (of->columns[column].kind == COFFER_INT ||
		    of->columns[column].kind == COFFER_FLOAT)
			give(statement, column)->is_increment = is_likely(30);
	}
	for (uint16_t c = 0; c < of->column_count; c++)
		if (of->columns[c].is_updated_at)
			give_any(statement, c);
	if (is_likely(40)) {
		give_targets(statement, false);
		for (size_t i = 0; i < statement->count; i++)
			statement->given[i].is_increment = false;
	}
}

static void
update(uint32_t table, coffer_cursor *cursor)
{
	struct statement *statement = calloc(1, sizeof(*statement));
	const coffer_row *row;
	uint64_t number;
	coffer_status status = COFFER_INVALID;

	statement->table = table;
	choose_updated(statement);
	if (find_row(table, cursor, &row)) {
		read_literals(statement);
		print_update(statement);
		print_where(table, row);
		number = coffer_row_number(row);
		if (!statement->is_refused)
			status = coffer_update(txn, table, number, statement->sets,
					       statement->count, &error);
		answer(status, 1);
	}
	release(statement);
	free(statement);
}

static void
delete_row(uint32_t table, coffer_cursor *cursor)
{
	const coffer_row *row;
	uint64_t number;

	if (!find_row(table, cursor, &row))
		return;
	fputs("DELETE FROM ", script);
	print_name(schema->tables[table].name);
	print_where(table, row);
	number = coffer_row_number(row);
	answer(coffer_delete(txn, table, number, &error), 1);
}

/* ------------------------------------------------------------------ transactions */

static void
begin(void)
{
	must(coffer_txn_begin_write(store, &txn, &error), "begin");
	fputs("BEGIN;\n", script);
}

static void
end(void)
{
	if (is_likely(5)) {
		coffer_txn_end(txn);
		fputs("ROLLBACK;\n", script);
		return;
	}
	fputs("COMMIT", script);
	answer(coffer_txn_commit(txn, &error), 0);
}

static void
operate(void)
{
	uint32_t table = draw((uint32_t)schema->table_count), choice = draw(100);
	coffer_cursor *cursor;

	if (!schema->tables[table].id)
		return;
	if (choice < 50) {
		insert(table);
		return;
	}
	must(coffer_cursor_open(txn, table, &cursor, &error), "a cursor");
	/* Without a key the columns name a row, but for those whose types have no equality. */
	if (choice < 85 && schema->tables[table].primary != COFFER_NO_INDEX)
		update(table, cursor);
	else if (schema->tables[table].primary != COFFER_NO_INDEX)
		delete_row(table, cursor);
	coffer_cursor_close(cursor);
}

int
main(int count, char **arguments)
{
	uint32_t operations;

	if (count != 6) {
		fprintf(stderr, "usage: print_operations STORE SEED COUNT SCRIPT ANSWERS\n");
		return 2;
	}
	must(coffer_store_open_to_write(arguments[1], &store, &error), "open");
	schema = coffer_store_schema(store);
	seed = strtoull(arguments[2], NULL, 10) * UINT64_C(0x9e3779b97f4a7c15) + 1;
	operations = (uint32_t)strtoul(arguments[3], NULL, 10);
	script = fopen(arguments[4], "w");
	answers = fopen(arguments[5], "w");
	if (!script || !answers)
		return 1;
	fputs("\\set ON_ERROR_ROLLBACK on\nSET TimeZone = 'UTC';\n", script);
	begin();
	for (uint32_t i = 0; i < operations; i++) {
		if (!draw(12)) {
			end();
			begin();
		}
		operate();
	}
	end();
	coffer_store_close(store);
	return fclose(script) || fclose(answers);
}
