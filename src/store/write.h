/*
 * What the files of a write transaction share.
 *
 *   sets --> row image --> plan: actions, checks --> apply: pool, record, long values, indexes --> commit
 *
 * A plan is one statement: the row that was asked for and all rows that foreign keys lead to. Nothing is written
 * before the whole plan stands and every check was made.
 */
#ifndef COFFER_STORE_WRITE_H
#define COFFER_STORE_WRITE_H

#include "base/arena.h"
#include "store/encode.h"
#include "store/reference.h"
#include "store/store.h"

enum {
	COFFER_CHANGES_MAX = 1 << 20,     /* rows that one statement may touch */
	COFFER_CODES_REMEMBERED = 4096,   /* codes of texts met in the transaction */
};

/* A row's values, one a column, with the codes of its interned ones; a code of 0 of a value that is not NULL is not
 * yet known. In the plan's memory. */
struct coffer_image {
	coffer_value *values;
	uint32_t *codes;
};

struct coffer_change {
	uint32_t table;
	uint64_t number;             /* 0: a new row */
	struct coffer_image before;  /* values NULL: there was none */
	struct coffer_image after;   /* values NULL: it goes */
	bool is_expanded;            /* what refers to it was looked at */
};

/* The changes of one statement, found by table and row number. */
struct coffer_plan {
	struct coffer_arena arena;
	struct coffer_change **changes;
	size_t count, capacity;
	uint32_t *slots; /* hash table over the changes: number + 1, 0 empty; NULL while they are few */
	size_t slot_count;
	struct coffer_claim *claims; /* rows whose foreign key NO ACTION leaves to the end of the statement */
	size_t claim_count, claim_capacity;
	struct coffer_claim *unmet;  /* rows whose foreign key waits for the end of the transaction */
	size_t unmet_count, unmet_capacity;
};

/* A row that refers to another. */
struct coffer_claim {
	const struct coffer_reference *reference;
	struct coffer_change *change; /* NULL: a row that the plan does not touch */
	uint64_t number;
};

/* A check that waits for the end: of a foreign key, or of a unique key of a replica's row. */
struct coffer_pending {
	const struct coffer_reference *reference; /* NULL: unique */
	uint32_t table;
	uint16_t index;
	uint64_t number;
};

/* What one table's rows need while they are written. */
struct coffer_table_writer {
	struct coffer_encoder encoder;
	coffer_cursor *cursor; /* for looking up rows and keys */
	uint64_t last;         /* the highest row number ever given */
	bool is_ready, is_touched;
};

struct coffer_writer {
	coffer_store *store;
	coffer_txn *txn;
	struct coffer_edit *edit;
	coffer_status status;   /* the first failure after which nothing goes on */
	coffer_error failure;
	struct coffer_table_writer *tables;
	struct coffer_plan plan;
	coffer_buffer scratch;  /* of a value that is settled */
	coffer_buffer sealed;   /* a pool text or catalogue entry being sealed */
	struct coffer_remembered_code {
		uint64_t hash;
		uint32_t code; /* 0: empty */
	} *codes;
	uint32_t code;          /* the last one given; valid with has_code */
	bool has_code;
	bool is_deferred;
	int64_t now;            /* one time for the whole transaction, as now() at a server */
	struct coffer_pending *pending;
	size_t pending_count, pending_capacity;
	coffer_effects effects;
};

/* The writer of one table, made ready. */
COFFER_CHECKED coffer_status
coffer_writer_table(struct coffer_writer *writer, uint32_t table,
		    struct coffer_table_writer **out, coffer_error *error);

/* Keep the first failure that ends the transaction; returns `status`. */
coffer_status
coffer_writer_fail(struct coffer_writer *writer, coffer_status status, const coffer_error *error);

/* The writer of a transaction that can still write. INVALID: it only reads; else the failure that ended it. */
COFFER_CHECKED coffer_status
coffer_writer_of(coffer_txn *txn, struct coffer_writer **writer_out, coffer_error *error);

/* Put an entry of a tree; remove one, which may be missing only where the store is damaged. */
COFFER_CHECKED coffer_status
coffer_writer_put(struct coffer_writer *writer, uint32_t tree, struct coffer_bytes key,
		  struct coffer_bytes value, coffer_error *error);
COFFER_CHECKED coffer_status
coffer_writer_remove(struct coffer_writer *writer, uint32_t tree, struct coffer_bytes key,
		     coffer_error *error);

/* Put a catalogue entry; remove one, if it is there. */
COFFER_CHECKED coffer_status
coffer_writer_put_entry(struct coffer_writer *writer, const char *name, const void *payload,
			size_t size, coffer_error *error);
COFFER_CHECKED coffer_status
coffer_writer_remove_entry(struct coffer_writer *writer, const char *name, coffer_error *error);

/* The highest row number ever given in a table. */
COFFER_CHECKED coffer_status
coffer_writer_find_last(struct coffer_writer *writer, uint32_t table, uint64_t *number_out,
			coffer_error *error);

/* ------------------------------------------------------------------ write_plan.c */

void
coffer_plan_clear(struct coffer_plan *plan);
void
coffer_plan_release(struct coffer_plan *plan);

/* The change planned for a row, or NULL. */
struct coffer_change *
coffer_plan_find(const struct coffer_plan *plan, uint32_t table, uint64_t number);

/* Plan a change; `number` 0 for a new row. COFFER_LIMIT: over COFFER_CHANGES_MAX. */
COFFER_CHECKED coffer_status
coffer_plan_add(struct coffer_plan *plan, uint32_t table, uint64_t number,
		struct coffer_change **change_out, coffer_error *error);

/* An image of `columns` NULLs; a copy of one, whose texts are shared. COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_plan_image(struct coffer_plan *plan, const coffer_table *table, struct coffer_image *out,
		  coffer_error *error);
COFFER_CHECKED coffer_status
coffer_plan_copy(struct coffer_plan *plan, const coffer_table *table,
		 const struct coffer_image *from, struct coffer_image *out, coffer_error *error);

/* Give a value memory of the plan's own where it borrows. */
COFFER_CHECKED coffer_status
coffer_plan_keep(struct coffer_plan *plan, coffer_value *value, coffer_error *error);

/* Plan a change of a row that is there: its image before is read, its image after is the same. COFFER_NOT_FOUND. A row that
 * is planned already is given again. */
COFFER_CHECKED coffer_status
coffer_plan_row(struct coffer_writer *writer, uint32_t table, uint64_t number,
		struct coffer_change **change_out, coffer_error *error);

/* Note a claim in one of the plan's lists. */
COFFER_CHECKED coffer_status
coffer_plan_claim(struct coffer_claim **list, size_t *count, size_t *capacity,
		  struct coffer_claim claim, coffer_error *error);

/* ------------------------------------------------------------------ write_action.c, write_check.c */

/* Add what foreign keys do when the changes planned so far happen. COFFER_CONFLICT: RESTRICT, NO ACTION. */
COFFER_CHECKED coffer_status
coffer_plan_expand(struct coffer_writer *writer, coffer_error *error);

/* NOT NULL, unique keys and foreign keys of every planned row. */
COFFER_CHECKED coffer_status
coffer_plan_check(struct coffer_writer *writer, coffer_error *error);

/*
 * The row, there now and not planned to go or to change its key, that has the key of `change` in a unique index: its
 * number, or 0.
 */
COFFER_CHECKED coffer_status
coffer_plan_holder(struct coffer_writer *writer, const struct coffer_change *change,
		   uint16_t index, uint64_t *number_out, coffer_error *error);

/* Note a check for the end. */
COFFER_CHECKED coffer_status
coffer_writer_pend(struct coffer_writer *writer, struct coffer_pending pending,
		   coffer_error *error);
/* Make the checks that were noted. */
COFFER_CHECKED coffer_status
coffer_writer_check_pending(struct coffer_writer *writer, coffer_error *error);

/* ------------------------------------------------------------------ write_apply.c */

/* Write the whole plan; new rows get their numbers. After a failure the transaction can only be ended. */
COFFER_CHECKED coffer_status
coffer_plan_apply(struct coffer_writer *writer, coffer_error *error);

/* Put the entries `row/<table>` as SPEC.md 6.6 wants them. */
COFFER_CHECKED coffer_status
coffer_writer_settle_rows(struct coffer_writer *writer, coffer_error *error);

/* ------------------------------------------------------------------ write_pool.c */

/* The code of a text, given now if it has none. COFFER_FULL: codes or equal hashes ran out. */
COFFER_CHECKED coffer_status
coffer_writer_code(struct coffer_writer *writer, coffer_text text, uint32_t *code_out,
		   coffer_error *error);

/* ------------------------------------------------------------------ write_default.c */

/*
 * What a column gets that was not given, settled and in the plan's memory; NULL without a default.
 * COFFER_INVALID: an expression that only a server evaluates. COFFER_LIMIT: a sequence at its end.
 */
COFFER_CHECKED coffer_status
coffer_writer_default(struct coffer_writer *writer, uint32_t table, uint16_t column,
		      coffer_value *value_out, coffer_error *error);

/* The same where foreign keys SET DEFAULT: the server's default alone, no client's. */
COFFER_CHECKED coffer_status
coffer_writer_server_default(struct coffer_writer *writer, uint32_t table, uint16_t column,
			     coffer_value *value_out, coffer_error *error);

/* ------------------------------------------------------------------ write_sequence.c */

/* The next number of a sequence, whose state moves on. COFFER_LIMIT: at its end. */
COFFER_CHECKED coffer_status
coffer_writer_next_value(struct coffer_writer *writer, size_t sequence, int64_t *value_out,
			 coffer_error *error);

#endif
