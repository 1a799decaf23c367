/*
 * For tests that write rows one statement at a time: a store that is open for writing, a transaction of it, and statements
 * as short as tests want them. What fails without being asked to fails the test.
 */
#ifndef COFFER_TESTS_WRITING_H
#define COFFER_TESTS_WRITING_H

#include "coffer.h"

/* The store under test; opened by each test's setup. */
extern struct writing {
	coffer_store *store;
	coffer_txn *txn;
	coffer_error error; /* of the last call */
	char folder[40];
	char path[64];
} writing;

/* Setup and teardown of a group: a folder for the store. */
int
make_folder(void **state);
int
remove_folder(void **state);

/* Open the store that lies at the path; make one of a Prisma schema, changed where Prisma has no words. */
void
begin(void);
void
begin_with(const char *prisma, void (*change)(coffer_schema *schema));

/* Commit, and begin the next transaction. */
void
commit(void);

/* Verify finds nothing in what was committed. */
void
must_be_whole(void);

/* Teardown of a test: commit and close, and the store is whole. */
int
end_whole(void **state);

void
must(coffer_status status);

/* What is expected to be refused is, and with these words somewhere in it. */
void
must_refuse(coffer_status status, coffer_status wanted, const char *place, const char *words);

extern const coffer_value null;
coffer_value
text(const char *data);
coffer_value
integer(int64_t number);
coffer_value
real(double number);

/* A column and its value; a '+' in front of the name increments. */
struct pair {
	const char *column;
	coffer_value value;
};
#define PAIRS(...) ((const struct pair[]){__VA_ARGS__, {NULL, {.kind = COFFER_NULL}}})

uint32_t
table_number(const char *name);
uint16_t
column_number(const char *table, const char *name);

/* Statements; rows are named by their primary keys of one column. */
coffer_status
insert(const char *table, const struct pair *pairs);
coffer_status
insert_as(const char *table, coffer_on_conflict on_conflict, coffer_outcome *outcome,
	  const struct pair *pairs);
coffer_status
update(const char *table, coffer_value key, const struct pair *pairs);
coffer_status
delete_row(const char *table, coffer_value key);

/* The row in a transaction; its number; is there one? */
coffer_status
find_in(coffer_txn *in, const char *table, coffer_value key, coffer_cursor **cursor,
	const coffer_row **row);
uint64_t
number_of(const char *table, coffer_value key);
bool
is_there(const char *table, coffer_value key);

/* A column of a row in the output function's text; "NULL" for one. Lives until the next call. */
const char *
show(const char *table, coffer_value key, const char *column);

uint64_t
count_rows(const char *table);

#endif
