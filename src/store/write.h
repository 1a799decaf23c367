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
#include "store/rollup.h"
#include "store/store.h"

enum {
	COFFER_CHANGES_MAX = 1 << 20,     /* rows that one statement may touch */
	COFFER_CODES_REMEMBERED = 4096,   /* codes of texts met in the transaction and those before it */
	COFFER_TEXT_REMEMBERED_MAX = 256, /* bytes of such a text that is kept beside its code */
	COFFER_TEXTS_REMEMBERED_MAX = 1 << 20, /* bytes of all of them */
	COFFER_TALLY_MEMORY = 4 << 20,    /* for what the rows of one table change in its roll-ups */
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
	struct coffer_image before;  /* in the store; values NULL: there was none */
	struct coffer_image after;   /* as it is now; values NULL: it goes */
	bool is_made;                /* a turn has this image after */
};

/* One time that a change became what it is: foreign keys may lead to a row again. Its images stay as they are. */
struct coffer_turn {
	struct coffer_change *change;
	const coffer_value *from, *to; /* NULL: there was no row; there is none any more */
};

/* A key that a change came to have, or what it came to refer to. */
struct coffer_note {
	const void *what;        /* the index or the reference */
	const uint16_t *columns;
	size_t column_count;
	struct coffer_change *change;
	uint32_t next; /* note in the bucket + 1, 0 for the last */
};

/* A foreign key or a unique key of a row that waits for the end of the transaction. */
struct coffer_wait {
	const struct coffer_reference *reference; /* NULL: unique */
	uint16_t index;
	struct coffer_change *change; /* NULL: a row that the plan does not touch */
	uint64_t number;
};

/* The changes of one statement, found by table and row number, and how they came about. */
struct coffer_plan {
	struct coffer_arena arena;
	struct coffer_change **changes;
	size_t count, capacity;
	uint32_t *slots; /* hash table over the changes: number + 1, 0 empty; NULL while they are few */
	size_t slot_count;
	struct coffer_turn *turns; /* in their order */
	size_t turn_count, turn_capacity;
	struct coffer_note *notes;
	size_t note_count, note_capacity;
	uint32_t *buckets; /* hash table over the notes, in the same way */
	size_t bucket_count;
	struct coffer_wait *waits;
	size_t wait_count, wait_capacity;
};

/* Numbers of rows. */
struct coffer_numbers {
	uint64_t *list; /* on the heap */
	size_t count, capacity;
};

/* A check that waits for the end: of a foreign key, or of a unique key of a replica's row. */
struct coffer_pending {
	const struct coffer_reference *reference; /* NULL: unique */
	uint32_t table;
	uint16_t index;
	uint64_t number;
};

/* When a unique key is checked. */
enum coffer_timing {
	COFFER_AT_ONCE,
	COFFER_AFTER_STATEMENT,   /* DEFERRABLE */
	COFFER_AFTER_TRANSACTION, /* DEFERRABLE INITIALLY DEFERRED */
};

/* What one table's rows need while they are written. */
struct coffer_table_writer {
	struct coffer_encoder encoder;
	coffer_cursor *cursor; /* for looking up rows and keys */
	uint64_t last;         /* the highest row number ever given */
	enum coffer_timing *timings; /* one an index */
	bool *is_free;               /* one a column: nothing but the record depends on it */
	struct coffer_tallies tallies; /* what its roll-ups are to change by */
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
	struct coffer_known_codes *known; /* NULL until the first; the transaction's alone */
	uint32_t code;          /* the last one given; valid with has_code */
	bool has_code;          /* asked for where the pool gets a text */
	bool is_deferred;
	int64_t now;            /* one time for the whole transaction, as now() at a server */
	struct coffer_pending *pending;
	size_t pending_count, pending_capacity;
	coffer_effects effects;
};

/* What follows is work of its own in the transaction: a time, a timing of checks and effects of its own. */
void
coffer_writer_turn(struct coffer_writer *writer);

/* Take the codes that the last transaction has left, if no other one came between; leave them to the next one. Of a
 * transaction that was dropped only those are left that stood in the pool before it. */
void
coffer_writer_take_codes(struct coffer_writer *writer);
void
coffer_writer_leave_codes(struct coffer_writer *writer, bool is_committed);

/* The writer of one table, made ready. */
COFFER_CHECKED coffer_status
coffer_writer_table(struct coffer_writer *writer, uint32_t table,
		    struct coffer_table_writer **out, coffer_error *error);

/* Keep the first failure that ends the transaction; returns `status`. */
coffer_status
coffer_writer_fail(struct coffer_writer *writer, coffer_status status, const coffer_error *error);

/* What fails once something was written ends the transaction. Returns `status`, which may be COFFER_OK. */
coffer_status
coffer_writer_end_with(struct coffer_writer *writer, coffer_status status, const coffer_error *failure,
		       coffer_error *error);

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

/* Can the column hold NULL? A domain may say that it cannot. */
bool
coffer_column_takes_null(const coffer_schema *schema, const coffer_column *column);

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

/* Make ready for another turn of a row that is there: its image after is the caller's to change, what it was is in `from_out`. */
COFFER_CHECKED coffer_status
coffer_plan_open(struct coffer_writer *writer, struct coffer_change *change,
		 const coffer_value **from_out, coffer_error *error);

/* Add a turn, a note, a wait. COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_plan_turn(struct coffer_plan *plan, struct coffer_turn turn, coffer_error *error);
COFFER_CHECKED coffer_status
coffer_plan_note(struct coffer_plan *plan, struct coffer_note note, coffer_error *error);
COFFER_CHECKED coffer_status
coffer_plan_wait(struct coffer_plan *plan, struct coffer_wait wait, coffer_error *error);

/* ------------------------------------------------------------------ write_seen.c */

/* A unique key: `columns` of a row image are its values in the order of the index. */
struct coffer_wanted_key {
	uint32_t table;
	uint16_t index;
	const coffer_value *values;
	const uint16_t *columns;
	const struct coffer_change *besides; /* a row that does not count; or NULL */
};

/* Who holds a key now, by the plan so far: in `number_out` its row, 0 where it is a new one or nobody does. */
COFFER_CHECKED coffer_status
coffer_seen_holder(struct coffer_writer *writer, const struct coffer_wanted_key *key,
		   bool *is_held_out, uint64_t *number_out, coffer_error *error);

/* The rows that refer to `key`, a row of the target, by the plan so far; at most `count_max`. Free the list always. */
COFFER_CHECKED coffer_status
coffer_seen_referrers(struct coffer_writer *writer, const struct coffer_reference *reference,
		      const coffer_value *key, size_t count_max, struct coffer_numbers *numbers_out,
		      coffer_error *error);

/* Does a row that was found so still refer to the key? */
bool
coffer_seen_refers(const struct coffer_writer *writer, const struct coffer_reference *reference,
		   const coffer_value *key, uint64_t number);

/* ------------------------------------------------------------------ write_action.c */

/*
 * The image after of a change stands, or it goes: check NOT NULL and unique keys, and take note of the turn. `from` is what
 * the row was; NULL for a new one.
 */
COFFER_CHECKED coffer_status
coffer_plan_make(struct coffer_writer *writer, struct coffer_change *change,
		 const coffer_value *from, coffer_error *error);

/* Do what foreign keys say of each turn, and of those that this leads to. COFFER_CONFLICT: RESTRICT, NO ACTION, no target. */
COFFER_CHECKED coffer_status
coffer_plan_follow(struct coffer_writer *writer, coffer_error *error);

/* A column that the server generates would no longer be what its expression says; `given` (or NULL) marks those that are set. */
COFFER_CHECKED coffer_status
coffer_check_generated(const coffer_table *table, const bool *given, coffer_error *error);

/* ------------------------------------------------------------------ write_check.c */

COFFER_CHECKED coffer_status
coffer_check_nulls(const struct coffer_writer *writer, const struct coffer_change *change,
		   coffer_error *error);

/* The unique keys that a row came to have by a turn and that are checked at once. COFFER_CONFLICT: one is taken. */
COFFER_CHECKED coffer_status
coffer_check_keys(struct coffer_writer *writer, const struct coffer_turn *turn, coffer_error *error);

/* Those that are checked later: a primary key, or the others. Some are only noted for the end of the transaction. */
COFFER_CHECKED coffer_status
coffer_check_late_keys(struct coffer_writer *writer, const struct coffer_turn *turn,
		       bool is_of_primary, coffer_error *error);

/* What a row came to refer to by a turn exists; else it is refused, or waits. */
COFFER_CHECKED coffer_status
coffer_check_reference(struct coffer_writer *writer, const struct coffer_reference *reference,
		       const struct coffer_turn *turn, coffer_error *error);

/* Nobody refers to `key`, a row of the target, any more; with `is_held` it may have another holder by now. */
COFFER_CHECKED coffer_status
coffer_check_left(struct coffer_writer *writer, const struct coffer_reference *reference,
		  const coffer_value *key, bool is_holder_enough, bool is_waiting, coffer_error *error);

/*
 * The row, there now, that has the key of `change` in a unique index: its number, or 0. A key that it had before is its own.
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

/* ------------------------------------------------------------------ write_row.c, write_patch.c */

/* What a set gives: settled, checked but for NULL, in the plan's memory, and added to `old` where it is an increment. */
COFFER_CHECKED coffer_status
coffer_writer_value(struct coffer_writer *writer, const coffer_table *table, const coffer_set *set,
		    const coffer_value *old, coffer_value *value_out, coffer_error *error);

/* Which columns of a table may be written over; on the heap. COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_patch_find(const coffer_table *table, bool **free_out, coffer_error *error);

/*
 * Set columns of a row in place, where that is all that an update has to do; else `is_done_out` is false and nothing was
 * done. COFFER_NOT_FOUND: no such row. Others as for coffer_update.
 */
COFFER_CHECKED coffer_status
coffer_patch_row(struct coffer_writer *writer, uint32_t table, uint64_t number,
		 const coffer_set *sets, size_t count, bool *is_done_out, coffer_error *error);

/* ------------------------------------------------------------------ write_rollup.c */

/* A row went, came or changed: take its values before from its groups, and add those after. NULL: there was, or is, none. */
COFFER_CHECKED coffer_status
coffer_writer_tally(struct coffer_writer *writer, uint32_t table, const struct coffer_image *before,
		    const struct coffer_image *after, coffer_error *error);

/* Write what was gathered into the trees of the roll-ups. COFFER_CORRUPT: they do not have what goes. */
COFFER_CHECKED coffer_status
coffer_writer_settle_rollups(struct coffer_writer *writer, coffer_error *error);

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
