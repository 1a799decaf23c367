/*
 * coffer: the books of an LLM gateway in one file.
 *
 * A store is one file (SPEC.md). It is made whole by a load (coffer_load_...) or by
 * coffer_generate, changed row by row in write transactions, and read through read transactions: each sees
 * one snapshot. Everything here
 * is safe to call from several threads as long as each transaction, cursor, load and schema is
 * used by one thread at a time; a coffer_store may be shared.
 *
 * Conventions
 * - Functions that can fail return coffer_status and take a caller-owned `error` last; NULL is
 *   allowed there. 0 is success, a positive status is an answer, a negative one a failure.
 * - Outputs are named `..._out` and are set empty at entry.
 * - Texts are UTF-8. `const char *` is NUL-terminated, coffer_text is not.
 * - close, free and end functions accept NULL.
 * - The library never prints, exits, installs signal handlers or changes the locale.
 */
#ifndef COFFER_H
#define COFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define COFFER_API __attribute__((visibility("default")))
#define COFFER_CHECKED __attribute__((warn_unused_result))
#define COFFER_PRINTF(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

/* Version of the library. The format has a version of its own (SPEC.md 6.1). */
#define COFFER_VERSION "0.1.0"

/* ------------------------------------------------------------------ limits (SPEC.md 11) */

enum {
	COFFER_NAME_SIZE_MAX = 63,       /* bytes in a table's, column's or index's name */
	COFFER_TABLES_MAX = 4096,        /* tables in a store */
	COFFER_COLUMNS_MAX = 1600,       /* columns in a table, as in Postgres */
	COFFER_INDEXES_MAX = 256,        /* indexes of a table */
	COFFER_KEY_COLUMNS_MAX = 32,     /* columns in an index or a relation, as in Postgres */
	COFFER_ROLLUPS_MAX = 64,         /* roll-ups of a table */
	COFFER_ROLLUP_SUMS_MAX = 8,      /* columns that a roll-up sums */
	COFFER_VALUE_SIZE_MAX = (1 << 30) - 1, /* bytes in a value */
	COFFER_DIGEST_SIZE = 32,         /* bytes in a content digest */
};

/* ------------------------------------------------------------------ status and error */

/* Every status, its pinned number and what it means in general. */
#define COFFER_STATUS_LIST(X) \
	X(OK, 0, "success") \
	X(NOT_FOUND, 1, "not found") \
	X(NO_MEMORY, -1, "out of memory") \
	X(IO, -2, "input or output failed") \
	X(INVALID, -3, "invalid input") \
	X(LIMIT, -4, "beyond a limit of the format") \
	X(NOT_A_COFFER, -5, "not a coffer store") \
	X(UNSUPPORTED, -6, "made by a newer coffer") \
	X(CORRUPT, -7, "damaged") \
	X(FULL, -8, "no space left") \
	X(BUSY, -9, "in use") \
	X(CONFLICT, -10, "conflict") \
	X(EXISTS, -11, "exists already") \
	X(INTERRUPTED, -12, "interrupted") \
	X(UNREACHABLE, -13, "source or target unreachable or refused")

typedef enum coffer_status {
#define COFFER_STATUS_MEMBER(name, number, text) COFFER_##name = (number),
	COFFER_STATUS_LIST(COFFER_STATUS_MEMBER)
#undef COFFER_STATUS_MEMBER
} coffer_status;

/* The meaning of `status` in a few words; static storage. */
COFFER_API const char *
coffer_status_text(coffer_status status);

/*
 * What went wrong, where. Caller-owned, no heap behind it; a zeroed one is empty.
 * `place` names the table, key, column, file or line: "LiteLLM_SpendLogs[17].metadata".
 * `message` is one line that says what was found and what was expected, never a password.
 */
typedef struct coffer_error {
	coffer_status status;
	char place[320];
	char message[512];
} coffer_error;

/* Record a failure in `error` (may be NULL) and return `status`. The first failure wins. */
COFFER_API coffer_status
coffer_error_set(coffer_error *error, coffer_status status, const char *format, ...)
	COFFER_PRINTF(3, 4);

/* Put a place in front of the place that `error` has; joined by '.' unless it ends in a space or the other begins with
 * '['. Returns its status. */
COFFER_API coffer_status
coffer_error_at(coffer_error *error, const char *format, ...) COFFER_PRINTF(2, 3);

/* Put a file in front of the place that `error` has, "FILE: PLACE", unless it stands there. Returns its status. */
COFFER_API coffer_status
coffer_error_in(coffer_error *error, const char *path);

/* ------------------------------------------------------------------ a growing text */

/*
 * Bytes of the caller's that grow; a zeroed one is empty and ready, release frees it. A failed allocation is
 * sticky: `is_failed` is set, later writes do nothing, and whoever writes asks once at the end. `data` is
 * NUL-terminated once anything was written; it moves when the buffer grows.
 */
typedef struct coffer_buffer {
	char *data;
	size_t size, capacity;
	bool is_failed;
} coffer_buffer;

/* Make room for `size` more bytes and a NUL. False when memory is out. */
COFFER_API bool
coffer_buffer_reserve(coffer_buffer *buffer, size_t size);
COFFER_API void
coffer_buffer_append(coffer_buffer *buffer, const void *data, size_t size);
COFFER_API void
coffer_buffer_text(coffer_buffer *buffer, const char *text);
COFFER_API void
coffer_buffer_printf(coffer_buffer *buffer, const char *format, ...) COFFER_PRINTF(2, 3);
/* Forget the content, keep the memory. */
COFFER_API void
coffer_buffer_clear(coffer_buffer *buffer);
COFFER_API void
coffer_buffer_release(coffer_buffer *buffer);

/* ------------------------------------------------------------------ values */

/* A text that is not NUL-terminated. `data` may be NULL when `size` is 0. */
typedef struct coffer_text {
	const char *data;
	size_t size;
} coffer_text;

/* How the values of a column are held (SPEC.md 4.3). COFFER_NULL is a value's kind only. */
typedef enum coffer_kind {
	COFFER_NULL,
	COFFER_BOOL,
	COFFER_INT,        /* int2, int4, int8 */
	COFFER_FLOAT,      /* float4, float8 */
	COFFER_TIME,       /* timestamp, timestamptz */
	COFFER_TEXT,       /* text, varchar */
	COFFER_JSON,       /* json, jsonb: the text as Postgres prints it */
	COFFER_TEXT_ARRAY, /* text[] */
	COFFER_BYTES,      /* bytea */
	COFFER_OTHER,      /* an enum or any other type: the server's text form */
} coffer_kind;

/*
 * One value. A column of kind TEXT_ARRAY holds NULL, TEXT_ARRAY (one dimension from 1, or empty;
 * `text` is the packed form that coffer_array_pack makes) or OTHER (any other shape, the server's
 * text form). Every other column holds NULL or its own kind.
 */
typedef struct coffer_value {
	coffer_kind kind;
	union {
		bool boolean;
		int64_t integer; /* INT */
		int64_t time;    /* TIME: microseconds since 2000-01-01; INT64_MIN and _MAX are the infinities */
		double real;     /* FLOAT; a float4 widened bit by bit */
		coffer_text text; /* TEXT, JSON, BYTES, OTHER; TEXT_ARRAY packed */
	};
} coffer_value;

/* Bytes that coffer_array_pack needs at the most for these elements. An element with NULL data is NULL;
 * an empty text has non-NULL data. */
COFFER_API size_t
coffer_array_size_max(const coffer_text *elements, size_t count);

/* Pack `elements` into `out` of coffer_array_size_max() bytes; returns the bytes used. */
COFFER_API size_t
coffer_array_pack(const coffer_text *elements, size_t count, void *out);

typedef struct coffer_array_reader {
	coffer_text rest;
	size_t left; /* elements not yet read */
} coffer_array_reader;

/*
 * Read a packed array element by element: `reader_out->left` is their number, and next() gives one
 * (NULL data for a NULL element) that borrows from the value.
 *
 * COFFER_CORRUPT    the bytes are not a packed array
 * COFFER_NOT_FOUND  (next) no element is left
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_array_open(coffer_text packed, coffer_array_reader *reader_out);
COFFER_API COFFER_CHECKED coffer_status
coffer_array_next(coffer_array_reader *reader, coffer_text *element_out);

/* The bounds of an array of any shape: `sizes` elements in each dimension, numbered from `lowers` on. */
enum { COFFER_ARRAY_DIMENSIONS_MAX = 6 };
typedef struct coffer_array_shape {
	size_t dimensions; /* 0: an empty array */
	int32_t sizes[COFFER_ARRAY_DIMENSIONS_MAX];
	int32_t lowers[COFFER_ARRAY_DIMENSIONS_MAX];
} coffer_array_shape;

/*
 * Read Postgres' text form of a text[], of any shape: "{a,NULL,\"b c\"}", "[2:3]={{a},{b}}". `packed_out` are its
 * elements from the first to the last, packed as one array, and borrows from `memory`, whose content is replaced.
 *
 * COFFER_INVALID    not the text form of an array; elements are not checked to be UTF-8
 * COFFER_LIMIT      packed it takes more than COFFER_VALUE_SIZE_MAX
 * COFFER_NO_MEMORY
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_array_parse(coffer_text text, coffer_array_shape *shape_out, coffer_buffer *memory,
		   coffer_text *packed_out, coffer_error *error);

/* Append the text form of an array as Postgres prints it. CORRUPT: not a packed array, or not of so many elements. */
COFFER_API COFFER_CHECKED coffer_status
coffer_array_format(const coffer_array_shape *shape, coffer_text packed, coffer_buffer *out);

/* Room for any text that the next two write, with its NUL. */
enum { COFFER_SCALAR_TEXT_SIZE = 48 };

/*
 * A time as Postgres prints it in DateStyle ISO: "2024-11-05 10:20:30.123", "infinity", "0044-03-15
 * 00:00:00 BC"; with `zone` "+00" behind the seconds. Returns its length.
 */
COFFER_API size_t
coffer_time_print(int64_t time, bool zone, char out[COFFER_SCALAR_TEXT_SIZE]);
/* The same where `out` begins with what was printed of the time `last`: a time of the same day takes less. */
COFFER_API size_t
coffer_time_print_near(int64_t last, int64_t time, bool zone, char out[COFFER_SCALAR_TEXT_SIZE]);

/*
 * Read a time as Postgres reads it for a timestamptz in the zone UTC: ISO 8601's extended form and what that
 * prints, looser where Postgres is ("T" or blanks, "+05:30", any number of digits in a fraction, rounded). A
 * column's precision is not known here. COFFER_INVALID: not a time, or none that Postgres can hold.
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_time_parse(coffer_text text, int64_t *time_out);

/* The shortest decimal that reads back to the same bits: "0.1", "5e-324", "-0", "NaN", "Infinity".
 * `width` is 4 or 8: the column's. Returns its length. */
COFFER_API size_t
coffer_float_print(double real, int width, char out[COFFER_SCALAR_TEXT_SIZE]);

/* ------------------------------------------------------------------ the schema */

/* A default that the gateway's client makes, not the server (LiteLLM through Prisma). */
typedef enum coffer_client_default {
	COFFER_CLIENT_NONE,
	COFFER_CLIENT_UUID,
	COFFER_CLIENT_CUID,
	COFFER_CLIENT_NOW,
} coffer_client_default;

typedef enum coffer_identity {
	COFFER_IDENTITY_NONE,
	COFFER_IDENTITY_ALWAYS,
	COFFER_IDENTITY_BY_DEFAULT,
} coffer_identity;

/* Texts are NULL where there is none. SQL texts are as the server deparses them with the
 * schema alone in search_path, so names of the same schema stand unqualified. */
typedef struct coffer_column {
	const char *name;
	const char *field;         /* its name in Prisma where that differs */
	const char *type;          /* as format_type() prints it: "timestamp(3) without time zone" */
	const char *base_type;     /* of a domain: what lies under it, as format_type() prints it */
	const char *default_sql;   /* DEFAULT expression */
	const char *generated_sql; /* GENERATED ALWAYS AS (this) STORED */
	const char *collation;     /* quoted name, where it is not the type's own */
	const char *comment;
	coffer_identity identity;
	coffer_client_default client_default;
	bool is_nullable;
	bool is_updated_at;  /* the client sets it at every update */
	bool is_interned;    /* held as pool codes (TEXT and JSON only); SPEC.md 8.1 */
	/* Derived by coffer_schema_settle: */
	coffer_kind kind;
	uint8_t width;       /* INT 2, 4, 8; FLOAT 4, 8; else 0 */
	bool has_zone;       /* TIME: timestamptz */
	bool is_binary_json; /* JSON: jsonb */
	uint16_t position;   /* its element in the record */
	/* Of a store, not of its schema: set where one is opened or made. SPEC.md 4.11. */
	bool is_compressed;  /* values may be held as zstd frames */
	uint8_t dictionary;  /* that new ones are compressed with; 0: none */
} coffer_column;

/* How an index stands in the store. */
typedef enum coffer_tree_kind {
	COFFER_TREE_NONE,    /* carried for the server only */
	COFFER_TREE_HASHED,  /* a unique key: hash of the key's values, row number */
	COFFER_TREE_ORDERED, /* fixed-width values, row number */
} coffer_tree_kind;

/* An index, a primary key or a unique constraint; or an index of coffer's own for a relation. */
typedef struct coffer_index {
	const char *name;
	/* As declared at the server: a constraint's text ("PRIMARY KEY (a)") or what follows USING in
	 * CREATE INDEX ("btree (a DESC) WHERE b"). NULL for an index of coffer's own. */
	const char *definition;
	const char *comment;
	const char *attached_to; /* a partition's: the parent's index that it is attached to */
	bool is_primary;
	bool is_unique;
	bool is_constraint;      /* by ALTER TABLE ADD CONSTRAINT; else by CREATE INDEX */
	bool is_plain;           /* no predicate, no expression: the columns say all */
	bool nulls_not_distinct;
	bool is_replica_identity;
	bool is_clustered;
	uint16_t *columns;       /* declared key columns, by number, up to the first expression */
	size_t column_count;
	/* Derived by coffer_schema_settle: */
	coffer_tree_kind tree;
	uint16_t *key_columns;   /* the columns of the key in the store */
	size_t key_column_count;
} coffer_index;

typedef enum coffer_action {
	COFFER_NO_ACTION,
	COFFER_RESTRICT,
	COFFER_CASCADE,
	COFFER_SET_NULL,
	COFFER_SET_DEFAULT,
} coffer_action;

/* A foreign key, or a soft relation that the gateway uses without one. */
typedef struct coffer_relation {
	const char *name;        /* the constraint's; of a soft one "table.columns" */
	const char *comment;
	uint16_t *columns;       /* the referencing columns */
	size_t column_count;
	const char *target;      /* the referenced table; "*" of a soft one: any table */
	const char **target_columns; /* by name; as many as columns; NULL for "*" */
	coffer_action on_update, on_delete;
	const char *definition_tail; /* what follows the actions: "DEFERRABLE INITIALLY DEFERRED", " NOT VALID"
	                              * column lists of ON DELETE SET NULL (a): see `delete_columns` */
	uint16_t *delete_columns;    /* ON DELETE SET NULL or DEFAULT of these columns alone */
	size_t delete_column_count;
	bool is_match_full;
	bool is_soft;            /* indexed and followed, never enforced */
	bool is_inherited;       /* a partition's, made by its parent's: not declared again */
	/* Derived by coffer_schema_settle: */
	uint32_t target_table;   /* number in schema->tables, or COFFER_NO_TABLE */
	uint16_t index;          /* of this table, whose key starts with the columns; or COFFER_NO_INDEX */
	uint16_t target_index;   /* a HASHED index of the target, or COFFER_NO_INDEX */
} coffer_relation;

#define COFFER_NO_TABLE UINT32_MAX
#define COFFER_NO_INDEX UINT16_MAX
#define COFFER_NO_COLUMN UINT16_MAX
#define COFFER_NO_ROLLUP UINT16_MAX

/* A check or exclusion constraint: carried, not enforced by coffer. */
typedef struct coffer_check {
	const char *name;
	const char *definition; /* "CHECK ((a > 0))", "EXCLUDE USING gist (...)" */
	const char *comment;
	bool is_exclusion;
	bool is_inherited;
} coffer_check;

/* The time that a group of a roll-up spans, in UTC where the column has a zone. */
typedef enum coffer_rollup_unit {
	COFFER_ROLLUP_HOUR = 1,
	COFFER_ROLLUP_DAY,
} coffer_rollup_unit;

/*
 * Counts and exact sums of a table's rows by time, and by one column besides: kept with every write, so that a report
 * need not read the rows. SPEC.md 10.1.
 */
typedef struct coffer_rollup {
	const char *name;       /* unique in its table; settling makes it of what follows: "hour", "day_team_id" */
	coffer_rollup_unit unit;
	uint16_t time_column;   /* TIME */
	uint16_t column;        /* TEXT, interned; COFFER_NO_COLUMN: none, all rows of a time are one group */
	uint16_t *sums;         /* INT or FLOAT columns */
	size_t sum_count;
	/* Derived by coffer_schema_settle: */
	uint32_t id;            /* in checksums: unlike any table's and any other roll-up's */
} coffer_rollup;

typedef struct coffer_table {
	const char *name;
	const char *model;          /* its name in Prisma where that differs */
	const char *comment;
	const char *partition_key;  /* of a partitioned table: "RANGE (\"startTime\")" */
	const char *partition_of;   /* of a partition: its parent */
	const char *partition_bound; /* "FOR VALUES FROM (...) TO (...)", "DEFAULT" */
	const char *options;        /* reloptions: "fillfactor=70, autovacuum_enabled=false" */
	bool is_unlogged;
	char replica_identity;      /* 'd' default, 'n' nothing, 'f' full, 'i' an index */
	bool is_known;              /* one of the built-in schema's */
	uint16_t time_column;       /* appended to ordered keys and used as arrival order; or COFFER_NO_COLUMN */
	coffer_column *columns;
	size_t column_count;
	coffer_index *indexes;
	size_t index_count;
	coffer_relation *relations;
	size_t relation_count;
	coffer_check *checks;
	size_t check_count;
	coffer_rollup *rollups;     /* in a store only where its features say so */
	size_t rollup_count;
	/* Derived by coffer_schema_settle: */
	uint32_t id;                /* in checksums; never reused. 0: no rows of its own (a partition) */
	uint16_t primary;           /* number of the primary key in indexes, or COFFER_NO_INDEX */
} coffer_table;

typedef struct coffer_enum {
	const char *name;
	const char *comment;
	const char **labels;
	size_t label_count;
} coffer_enum;

typedef struct coffer_domain {
	const char *name;
	const char *comment;
	const char *type;        /* the base type, as format_type() prints it */
	const char *collation;
	const char *default_sql;
	bool is_not_null;
	coffer_check *checks;
	size_t check_count;
} coffer_domain;

typedef struct coffer_sequence {
	const char *name;
	const char *comment;
	const char *type;        /* "integer", "bigint", "smallint" */
	int64_t start, increment, minimum, maximum, cache;
	bool is_cycle;
	const char *owner_table; /* OWNED BY; NULL where none */
	const char *owner_column;
	bool is_identity;        /* the column's identity makes it */
	bool is_unlogged;
	/* Its state: */
	int64_t last_value;
	bool is_called;
} coffer_sequence;

typedef struct coffer_view {
	const char *name;
	const char *comment;
	const char *definition; /* the SELECT, as the server deparses it */
	const char *options;    /* "security_barrier=true" */
	bool is_materialized;
	bool is_populated;
	coffer_index *indexes;  /* of a materialized view */
	size_t index_count;
} coffer_view;

/* What a store describes. Owns all its texts and arrays; they live until coffer_schema_free. */
typedef struct coffer_schema {
	const char *name;         /* the Postgres schema that it was read from: "public" */
	const char *comment;
	coffer_enum *enums;
	size_t enum_count;
	coffer_domain *domains;
	size_t domain_count;
	coffer_sequence *sequences;
	size_t sequence_count;
	coffer_table *tables;
	size_t table_count;
	coffer_view *views;       /* in an order in which they can be created */
	size_t view_count;
	struct coffer_arena *arena; /* private */
} coffer_schema;

COFFER_API COFFER_CHECKED coffer_status
coffer_schema_new(coffer_schema **schema_out, coffer_error *error);
COFFER_API void
coffer_schema_free(coffer_schema *schema);

/* A copy of a settled schema, sequence states too, to be freed. COFFER_NO_MEMORY, COFFER_LIMIT. */
COFFER_API COFFER_CHECKED coffer_status
coffer_schema_copy(const coffer_schema *schema, coffer_schema **copy_out, coffer_error *error);

/* A copy of `text` that lives as long as the schema; NULL for NULL or when memory is out. */
COFFER_API char *
coffer_schema_text(coffer_schema *schema, const char *text);
/* Zeroed memory with the schema's lifetime, 8-byte aligned; NULL when memory is out. */
COFFER_API void *
coffer_schema_memory(coffer_schema *schema, size_t size);

/*
 * Append one zeroed member to an array of the schema and return it; NULL when memory is out.
 * Appending moves the array: earlier pointers into the same array die, numbers stay.
 */
COFFER_API coffer_enum *coffer_schema_add_enum(coffer_schema *schema);
COFFER_API coffer_domain *coffer_schema_add_domain(coffer_schema *schema);
COFFER_API coffer_sequence *coffer_schema_add_sequence(coffer_schema *schema);
COFFER_API coffer_table *coffer_schema_add_table(coffer_schema *schema);
COFFER_API coffer_view *coffer_schema_add_view(coffer_schema *schema);
COFFER_API coffer_column *coffer_table_add_column(coffer_schema *schema, coffer_table *table);
COFFER_API coffer_index *coffer_table_add_index(coffer_schema *schema, coffer_table *table);
COFFER_API coffer_relation *coffer_table_add_relation(coffer_schema *schema, coffer_table *table);
COFFER_API coffer_check *coffer_table_add_check(coffer_schema *schema, coffer_table *table);
COFFER_API coffer_rollup *coffer_table_add_rollup(coffer_schema *schema, coffer_table *table);
COFFER_API coffer_check *coffer_domain_add_check(coffer_schema *schema, coffer_domain *domain);
COFFER_API coffer_index *coffer_view_add_index(coffer_schema *schema, coffer_view *view);

/*
 * Check a schema that was put together and derive what is marked so above: kinds from types, known
 * tables' soft relations, interned columns, time column, roll-ups and client defaults from the built-in
 * schema, indexes for relations, record order, ids, keys of indexes. Idempotent.
 *
 * COFFER_INVALID  a name twice, a relation to nowhere, a column number out of range, a roll-up over columns of
 *                 other kinds than it takes
 * COFFER_LIMIT    a name, or a number of tables, columns or indexes, beyond its limit
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_schema_settle(coffer_schema *schema, coffer_error *error);

/* Parse a Prisma schema and settle it. `place` names the text in errors ("schema.prisma").
 * COFFER_INVALID with the line and column in the place; COFFER_LIMIT. */
COFFER_API COFFER_CHECKED coffer_status
coffer_schema_parse_prisma(coffer_text prisma, const char *place, coffer_schema **schema_out,
			   coffer_error *error);

/*
 * Write the schema as a JSON document whose first member is "schema": "coffer/schema/1": all that a schema says, the
 * states of sequences too, and what settling derives for whoever reads it. Columns stand by name.
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_schema_write_json(const coffer_schema *schema, coffer_buffer *out, coffer_error *error);

/*
 * Read such a document and settle it: an equal schema. What settling derives is passed over, so that it need not be
 * there; any other member that is unknown is refused. `place` names the text in errors.
 *
 * COFFER_INVALID  not JSON, or not such a document; and as for coffer_schema_settle
 * COFFER_LIMIT    a list beyond its limit
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_schema_parse_json(coffer_text json, const char *place, coffer_schema **schema_out,
			 coffer_error *error);

/*
 * The same, and the rows of a store can be read by it: `id` of tables and `position` of columns, without which the document
 * is refused, are those of the store that it was written of, and are not made anew.
 *
 * COFFER_INVALID  also: a column is held in another way than its type says here: another version's document
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_schema_parse_layout(coffer_text json, const char *place, coffer_schema **schema_out,
			   coffer_error *error);

/* The built-in schema, parsed and settled: LiteLLM v1.52, sixteen tables. */
COFFER_API COFFER_CHECKED coffer_status
coffer_schema_builtin(coffer_schema **schema_out, coffer_error *error);

/* Write the schema in Prisma's language; what Prisma cannot say stands in `///` comments. */
COFFER_API COFFER_CHECKED coffer_status
coffer_schema_write_prisma(const coffer_schema *schema, coffer_buffer *out, coffer_error *error);

/* Parts of the Postgres DDL, in the order in which a load runs them. */
typedef enum coffer_ddl_part {
	COFFER_DDL_BEFORE_DATA = 1, /* types, sequences, tables */
	COFFER_DDL_AFTER_DATA = 2,  /* keys, indexes, checks not valid, foreign keys, views, comments */
	COFFER_DDL_ALL = 3,
} coffer_ddl_part;

/*
 * Write the schema as Postgres DDL, one statement a line group ended by ";\n", all names unqualified
 * (search_path says the schema). With `schema_name` a leading CREATE SCHEMA IF NOT EXISTS and
 * SET search_path; NULL: none. Sequence states are not in it.
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_schema_write_sql(const coffer_schema *schema, coffer_ddl_part parts, const char *schema_name,
			coffer_buffer *out, coffer_error *error);

/* A double-quoted SQL identifier, quoted only where Postgres' quote_ident would. */
COFFER_API void
coffer_buffer_identifier(coffer_buffer *out, const char *name);

/* One difference between two schemas. The texts live for the call only. */
typedef struct coffer_schema_difference {
	const char *place;   /* "LiteLLM_TeamTable.alias" */
	const char *what;    /* "column", "type", "nullability", "primary key", "index", ... */
	const char *left, *right; /* NULL where absent */
} coffer_schema_difference;

/* Compare two settled schemas by name; `found` is called for each difference. Returns their number. */
COFFER_API size_t
coffer_schema_compare(const coffer_schema *left, const coffer_schema *right,
		      void (*found)(void *context, const coffer_schema_difference *difference),
		      void *context);

/* Number of the table, column, index or roll-up of this name; COFFER_NO_... where there is none. */
COFFER_API uint32_t coffer_schema_find_table(const coffer_schema *schema, const char *name);
COFFER_API uint16_t coffer_table_find_column(const coffer_table *table, const char *name);
COFFER_API uint16_t coffer_table_find_index(const coffer_table *table, const char *name);
COFFER_API uint16_t coffer_table_find_rollup(const coffer_table *table, const char *name);

/* Is the column one of the primary key's? */
COFFER_API bool coffer_table_is_key_column(const coffer_table *table, uint16_t column);

/* ------------------------------------------------------------------ values as text */

/*
 * The text forms are those of Postgres 12 to 18 under the session that coffer pins: DateStyle ISO, zone UTC,
 * extra_float_digits 3, bytea_output hex, UTF-8. What every one of these servers refuses is refused, and so is
 * what only some of them take (hexadecimal integers, "1_000"), but for the infinities and the odd scales of
 * numeric, which Postgres 14 and 15 brought. Also refused, though a server takes it:
 *
 * - times by a clock ("now", "today"), by a zone's name ("Europe/Paris", "EST") or in another order than year,
 *   month, day; a time that its own precision rounds beyond the year 294276;
 * - JSON nested deeper than COFFER_JSON_DEPTH_MAX.
 *
 * The normal form is known of all types that have a kind, of their domains, and of numeric, uuid, date,
 * character(n) and the schema's enums. A text of any other type (inet, interval, time, arrays other than
 * text[] ...) is kept as given when it is UTF-8: it has to be what the server's output function prints.
 *
 * In all three functions a failure's message names the type and the beginning of a short value, never text or
 * documents; the caller puts table, row and column in front (coffer_error_at).
 *
 * COFFER_INVALID    not a value of the type, out of its range, or too long for it
 * COFFER_LIMIT      beyond a limit: COFFER_VALUE_SIZE_MAX, COFFER_JSON_DEPTH_MAX, what jsonb can hold
 * COFFER_NO_MEMORY
 */

/*
 * Read `text` as the input function of the column's type reads it; the value is settled already. It borrows
 * from `text`, where that is the normal form already, or from `memory`, which is cleared first: one buffer for
 * each value that is to live at the same time. Statuses as above; `value_out` is NULL then.
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_value_parse(const coffer_schema *schema, const coffer_column *column, coffer_text text,
		   coffer_buffer *memory, coffer_value *value_out, coffer_error *error);

/*
 * Append the text that the type's output function gives. Reading it back gives an equal value.
 *
 * COFFER_INVALID    NULL, which has no text, or a value of another kind than the column's
 * COFFER_CORRUPT    not a packed array
 * COFFER_NO_MEMORY  a part of the text may stand in `out`
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_value_print(const coffer_column *column, const coffer_value *value, coffer_buffer *out,
		   coffer_error *error);

/*
 * Bring a value of the column's kind into the form in which Postgres stores it in a column of this type: a
 * document into jsonb's normal form, a time to its precision, a text into its length, a label or a number of a
 * type without a kind checked. NULL stays NULL. What changes is put into `memory`, which is cleared first and
 * must not be what `value` borrows from. Settling twice changes nothing more. Statuses as above; `value` is as
 * it was then.
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_value_settle(const coffer_schema *schema, const coffer_column *column, coffer_value *value,
		    coffer_buffer *memory, coffer_error *error);

/* ------------------------------------------------------------------ JSON */

/* Arrays and objects within one another. A server with its default stack takes about 13,000. */
enum { COFFER_JSON_DEPTH_MAX = 16384 };

typedef enum coffer_json_type {
	COFFER_JSON_END, /* of the document: nothing but white space follows it */
	COFFER_JSON_OBJECT,
	COFFER_JSON_OBJECT_END,
	COFFER_JSON_ARRAY,
	COFFER_JSON_ARRAY_END,
	COFFER_JSON_NAME, /* of a member; its value comes next */
	COFFER_JSON_STRING,
	COFFER_JSON_NUMBER,
	COFFER_JSON_TRUE,
	COFFER_JSON_FALSE,
	COFFER_JSON_NULL,
} coffer_json_type;

/* Not a text: the string has \u0000 or half of a surrogate pair. json takes it, jsonb and text do not. */
#define COFFER_JSON_NO_TEXT SIZE_MAX

typedef struct coffer_json_token {
	coffer_json_type type;
	coffer_text text;    /* borrowed, as it stands there; of NAME and STRING what is between the quotes */
	size_t decoded_size; /* of NAME and STRING; text.size where no escape is in it, or COFFER_JSON_NO_TEXT */
	bool is_normal;      /* NAME, STRING, NUMBER: written as jsonb writes it */
} coffer_json_token;

/* A place in a document. Private but for `depth`. */
typedef struct coffer_json_reader {
	const char *begin, *at, *end;
	const char *fault;
	unsigned depth; /* arrays and objects that are open */
	unsigned state;
	uint64_t is_object[COFFER_JSON_DEPTH_MAX / 64];
} coffer_json_reader;

/* Begin to read a document, which is borrowed until the last token. */
COFFER_API void
coffer_json_reader_init(coffer_json_reader *reader, coffer_text document);

/*
 * The next token, lossless: numbers and strings as they are written. All of Postgres' rules for the type json
 * hold, UTF-8 included. After END the token is END again, after a failure the failure.
 *
 * COFFER_INVALID  not JSON; the message says what was expected at which byte
 * COFFER_LIMIT    nested deeper than COFFER_JSON_DEPTH_MAX
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_json_next(coffer_json_reader *reader, coffer_json_token *token_out, coffer_error *error);

/* The next value whole, be it a scalar or a tree, as it stands there. INVALID where none comes; else as above. */
COFFER_API COFFER_CHECKED coffer_status
coffer_json_next_value(coffer_json_reader *reader, coffer_text *value_out, coffer_error *error);

/* Write the text that a NAME or STRING stands for: `decoded_size` bytes, which must not be COFFER_JSON_NO_TEXT. `out`
 * may be where the token's text begins: it only gets shorter. */
COFFER_API void
coffer_json_decode(const coffer_json_token *token, char *out);

/* The other way: append `text` as a string of JSON. The quote, the backslash and what is below U+0020 are escaped, as
 * in jsonb's normal form, and nothing else. */
COFFER_API void
coffer_json_string(coffer_buffer *out, coffer_text text);

/* ------------------------------------------------------------------ a store */

typedef struct coffer_store coffer_store;
typedef struct coffer_txn coffer_txn;
typedef struct coffer_cursor coffer_cursor;
typedef struct coffer_row coffer_row;

/*
 * Open the store at `path` for reading. A store that this process has open already is shared. The file is mapped: one
 * that is cut, or whose disk fails, while it is read ends the process by SIGBUS; who cannot accept that opens an origin.
 * Of a stranger's file no read crashes, and each row that comes has a valid checksum; that nothing is missing only coffer_verify
 * tells, which is not called here.
 *
 * COFFER_IO            no such file, or it cannot be read
 * COFFER_NOT_A_COFFER  a file of another kind
 * COFFER_UNSUPPORTED   whole, but needs a feature that this version does not know
 * COFFER_CORRUPT       cut, or its catalogue is damaged
 * COFFER_BUSY          being replaced at this moment, or was while somebody had it open; try again
 *
 * Who cannot have its lock file, PATH-lock, be it for want of rights or of room, reads without it (SPEC.md 3.5): any read may
 * then fail with COFFER_BUSY when others have committed twice since its transaction began, and a transaction cannot begin any
 * more when they have replaced the file. Whoever is to write gets COFFER_IO, and where the lock file is another user's, who may
 * not write the store.
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_store_open(const char *path, coffer_store **store_out, coffer_error *error);
COFFER_API void
coffer_store_close(coffer_store *store);

/*
 * A store that is no file of its own: bytes in memory, or a part of a file, such as a member of an archive that is not
 * compressed. It is borrowed until the store is closed, and nobody changes it meanwhile. What stands in `fd` is read, not
 * mapped: a file that is cut or fails under the reader gives an error, where a map would end the process by SIGBUS.
 */
typedef struct coffer_origin {
	const void *memory;    /* NULL: read from `fd` */
	int fd;
	uint64_t offset;       /* of the first byte in `fd` */
	uint64_t size;         /* bytes of the store */
	size_t cache_size_max; /* bytes of pages of `fd` kept in memory; 0: 16 MiB */
} coffer_origin;

/* Open it for reading. No lock is taken and no file is made. Status as for coffer_store_open, but COFFER_BUSY. */
COFFER_API COFFER_CHECKED coffer_status
coffer_store_open_origin(const coffer_origin *origin, coffer_store **store_out, coffer_error *error);

/* The settled schema; borrowed, lives until the store is closed. Sequence states as of the open. */
COFFER_API const coffer_schema *
coffer_store_schema(const coffer_store *store);

/* What a store says of itself. Texts live until the store is closed. */
typedef struct coffer_store_facts {
	uint32_t format_version;
	uint64_t seed;                 /* of the hashes in keys */
	const char *const *features;   /* NULL-terminated: needed to read */
	const char *const *write_features; /* NULL-terminated: needed to write */
	uint32_t page_size;
	uint64_t file_size;
	uint64_t transaction;          /* number of the last one that was committed, by whomever */
} coffer_store_facts;
COFFER_API void
coffer_store_describe(const coffer_store *store, coffer_store_facts *facts_out);

/* Provenance: steps, each a list of named facts ("server_version", "15.18"). Borrowed from the store. */
typedef struct coffer_fact {
	const char *name, *value;
} coffer_fact;
typedef struct coffer_step {
	coffer_fact *facts;
	size_t fact_count;
} coffer_step;
COFFER_API const coffer_step *
coffer_store_provenance(const coffer_store *store, size_t *count_out);

/* Begin a read transaction: one snapshot of the store. It pins pages: end it soon.
 * COFFER_BUSY: no reader slot is free, or the file outgrew the map while other transactions are open. */
COFFER_API COFFER_CHECKED coffer_status
coffer_txn_begin(coffer_store *store, coffer_txn **txn_out, coffer_error *error);
/* End a transaction; of a write transaction, drop its changes. */
COFFER_API void
coffer_txn_end(coffer_txn *txn);

/*
 * Let go of a read transaction's pages while nothing is read, as between two statements, so that writers can use those that are
 * freed; and take it up again. Meanwhile it can only be resumed or ended, its cursors closed. `is_same_out`: nobody has
 * committed, and it goes on as it was, cursors and all; else it can only be ended, after its cursors. Status of resume as for
 * coffer_txn_begin; after a failure it rests.
 */
COFFER_API void
coffer_txn_rest(coffer_txn *txn);
COFFER_API COFFER_CHECKED coffer_status
coffer_txn_resume(coffer_txn *txn, bool *is_same_out, coffer_error *error);

/* Whether what stands at `data` stays and does not change until the transaction ends, so that a value that borrows from a row
 * need not be copied: texts and bytes that a file that is mapped, or memory, holds as they are. False tells nothing. */
COFFER_API bool
coffer_txn_holds(const coffer_txn *txn, const void *data);

/* Rows, and bytes by tree. `table` is a number in the schema. */
COFFER_API COFFER_CHECKED coffer_status
coffer_table_count(coffer_txn *txn, uint32_t table, uint64_t *rows_out, coffer_error *error);
/* Call `tree` for each tree with its name as SPEC.md 3 spells it. */
COFFER_API COFFER_CHECKED coffer_status
coffer_store_trees(coffer_txn *txn,
		   void (*tree)(void *context, const char *name, uint64_t entries, uint64_t bytes),
		   void *context, coffer_error *error);

/*
 * A cursor is a place in one table. Rows that it gives are borrowed until its next call or close. A lookup
 * ends the scan that the cursor was in.
 * Many cursors may be open in one transaction; all are closed before it ends.
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_cursor_open(coffer_txn *txn, uint32_t table, coffer_cursor **cursor_out, coffer_error *error);
COFFER_API void
coffer_cursor_close(coffer_cursor *cursor);

/*
 * The row with this unique key. `index` is the number of a HASHED index of the table; `key` has one
 * value a key column, each of the column's kind and not NULL (but where NULLS NOT DISTINCT holds).
 *
 * COFFER_NOT_FOUND  no such row; `error` untouched
 * COFFER_INVALID    the index is not a unique one, or a value is of another kind
 * COFFER_CORRUPT    a record's checksum or structure is wrong, or more than 64 equal hashes
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_cursor_get(coffer_cursor *cursor, uint16_t index, const coffer_value *key,
		  const coffer_row **row_out, coffer_error *error);

/* The row with this row number. COFFER_NOT_FOUND, COFFER_CORRUPT as above. */
COFFER_API COFFER_CHECKED coffer_status
coffer_cursor_get_number(coffer_cursor *cursor, uint64_t number, const coffer_row **row_out,
			 coffer_error *error);

/*
 * Which rows, in which order. With COFFER_NO_INDEX: all, in order of row number. Else those of an
 * ORDERED index whose first `equal_count` key columns equal `equal` and whose next key column, where
 * `from` or `to` is given, lies in [from, to), in the index's order. A text column takes equality only.
 */
typedef struct coffer_scan {
	uint16_t index;
	const coffer_value *equal;
	size_t equal_count;
	const coffer_value *from; /* NULL: from the start; inclusive */
	const coffer_value *to;   /* NULL: to the end; exclusive */
	bool is_reverse;
} coffer_scan;

/* Begin a scan; it borrows nothing from `scan`. next() gives a row, or COFFER_NOT_FOUND at the end.
 * In a file that is mapped a record's checksum is checked when a cursor's scans first come to it in the transaction; what
 * is looked up is checked each time. COFFER_INVALID: the scan does not fit the index; of next(): a write has ended the scan. */
COFFER_API COFFER_CHECKED coffer_status
coffer_cursor_scan(coffer_cursor *cursor, const coffer_scan *scan, coffer_error *error);
COFFER_API COFFER_CHECKED coffer_status
coffer_cursor_next(coffer_cursor *cursor, const coffer_row **row_out, coffer_error *error);
/* As next, but without reading the record: its number alone (counts from an index). */
COFFER_API COFFER_CHECKED coffer_status
coffer_cursor_next_number(coffer_cursor *cursor, uint64_t *number_out, coffer_error *error);
/* Pass over rows that follow the one whose number next_number gave last, as many of the scan as can be counted at once:
 * `count_out` of them, which may be 0 where there are more. None of them can be asked any more: the next one is next's.
 * COFFER_INVALID: as next_number. */
COFFER_API COFFER_CHECKED coffer_status
coffer_cursor_pass(coffer_cursor *cursor, uint64_t *count_out, coffer_error *error);
/* The row whose number next_number gave last, held against the index's entry as next does: next is the two in one.
 * COFFER_INVALID: the scan gave no entry, or has ended, be it by a lookup or a write. */
COFFER_API COFFER_CHECKED coffer_status
coffer_cursor_row(coffer_cursor *cursor, const coffer_row **row_out, coffer_error *error);

/*
 * Of the entry that next_number gave last: the value of the index's key column number `position` (coffer_index.key_columns)
 * as the entry says it, without reading the row. Nothing but a verification binds an entry to its row. `value_out` is
 * borrowed as a row's values are.
 *
 * COFFER_INVALID  the scan stands on no entry of an index, no such key column, or one of kind FLOAT, whose keys lose bits
 * COFFER_CORRUPT  the entry is not of the column's form, or its text is missing or damaged
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_cursor_key(coffer_cursor *cursor, size_t position, coffer_value *value_out,
		  coffer_error *error);

/*
 * Follow relation number `relation` of `row`'s table to the row it refers to: `target` is a cursor on
 * the referenced table. COFFER_NOT_FOUND: a NULL member, or an orphan.
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_row_follow(const coffer_row *row, uint16_t relation, coffer_cursor *target,
		  const coffer_row **row_out, coffer_error *error);

/* The other way: start a scan of `source` (a cursor on the referencing table) over the rows whose
 * relation number `relation` refers to `row`. */
COFFER_API COFFER_CHECKED coffer_status
coffer_row_referrers(const coffer_row *row, coffer_cursor *source, uint16_t relation, bool is_reverse,
		     coffer_error *error);

COFFER_API uint64_t
coffer_row_number(const coffer_row *row);

/*
 * Column number `column` of a row: only the elements up to it are walked, a code is expanded, a long
 * value fetched. `value_out` borrows from the row, which keeps what a compressed value was expanded to until it
 * stands on another record: to ask for a column again costs little.
 *
 * COFFER_CORRUPT      the element is not of the column's form, or code or long value are missing or wrong
 * COFFER_UNSUPPORTED  a value form of a later feature (zstd, split documents)
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_row_get(const coffer_row *row, uint16_t column, coffer_value *value_out, coffer_error *error);

/* As coffer_row_get, but an interned value comes as its pool code in `code_out` (0: NULL) unexpanded.
 * COFFER_INVALID: the column is not interned. */
COFFER_API COFFER_CHECKED coffer_status
coffer_row_get_code(const coffer_row *row, uint16_t column, uint32_t *code_out, coffer_error *error);

/* ------------------------------------------------------------------ roll-ups */

/* A sum kept exactly: a whole number of 192 bits, in two's complement. */
typedef struct coffer_fixed {
	uint64_t low, middle;
	int64_t high;
} coffer_fixed;

enum { COFFER_FIXED_EXPONENT = -96 }; /* of the unit in which floats are summed: 2^-96 */

/* The float nearest to `fixed` times 2^exponent, the even one of two. */
COFFER_API double
coffer_fixed_round(const coffer_fixed *fixed, int exponent);

/* What one of the summed columns comes to in a group. */
typedef struct coffer_rollup_sum {
	uint64_t values;    /* that are not NULL */
	uint64_t unfit;     /* of them, floats that `total` lacks, since they are no whole number of units below 2^127: where
	                     * there are any, only the rows say the sum */
	coffer_fixed total; /* in units of 1 of an INT column, of 2^COFFER_FIXED_EXPONENT of a FLOAT */
} coffer_rollup_sum;

/* The rows of one span of time, and of one value of the roll-up's column. */
typedef struct coffer_rollup_group {
	coffer_value time;   /* the first of the span, in microseconds; NULL: of rows without a time; the infinities are spans */
	uint32_t code;       /* the pool code of the column's value; 0: NULL, or no column */
	coffer_value value;  /* the column's; NULL where the roll-up has none */
	uint64_t rows;       /* never 0: a group without rows is not there */
	const coffer_rollup_sum *sums; /* one a column that is summed */
} coffer_rollup_group;

/* Which groups, in order of their times, NULL first; of one time in order of codes, which is not that of texts. */
typedef struct coffer_rollup_scan {
	const coffer_value *from;  /* TIME; NULL: from the first on, those without a time too. Inclusive, of a group's first time */
	const coffer_value *to;    /* NULL: to the end. Exclusive */
	const coffer_value *equal; /* the column's value, TEXT or NULL; NULL pointer: any */
} coffer_rollup_scan;

typedef struct coffer_rollup_cursor coffer_rollup_cursor;

/*
 * A place in a roll-up: number `rollup` of the table in the schema. In a write transaction it shows what was written so far,
 * and the next write ends its scan. Close it before the transaction ends.
 *
 * COFFER_INVALID  no such roll-up
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_rollup_open(coffer_txn *txn, uint32_t table, uint16_t rollup, coffer_rollup_cursor **cursor_out,
		   coffer_error *error);
COFFER_API void
coffer_rollup_close(coffer_rollup_cursor *cursor);

/*
 * Begin a scan; it borrows nothing. next() gives a group that lives until the next call, or COFFER_NOT_FOUND at the end. With
 * `equal` the groups of other values are passed over by a seek for each span.
 *
 * COFFER_INVALID  a bound that is no time, `equal` of a roll-up without a column; of next(): a write has ended the scan
 * COFFER_CORRUPT  a group's key or value is not what SPEC.md 10.1 allows, or its checksum is wrong
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_rollup_seek(coffer_rollup_cursor *cursor, const coffer_rollup_scan *scan, coffer_error *error);
COFFER_API COFFER_CHECKED coffer_status
coffer_rollup_next(coffer_rollup_cursor *cursor, const coffer_rollup_group **group_out,
		   coffer_error *error);

/* The content digest of the transaction's snapshot (SPEC.md 9.4): the same rows give the same
 * digest, whatever their order, codes or page size. Uses bounded memory and temporary files. */
COFFER_API COFFER_CHECKED coffer_status
coffer_store_digest(coffer_txn *txn, uint8_t digest_out[COFFER_DIGEST_SIZE], coffer_error *error);

/* ------------------------------------------------------------------ bulk load */

/* Called now and then from long work; returning false interrupts it (COFFER_INTERRUPTED). */
typedef bool (*coffer_progress)(void *context, const char *what, uint64_t rows, uint64_t bytes);

typedef struct coffer_load_options {
	bool is_forced;          /* replace a store that exists */
	bool has_seed;           /* else the seed is random */
	uint64_t seed;
	size_t memory_size;      /* for sorting; 0: the default of 152 MiB */
	bool is_plain;           /* no value is compressed, however long */
	coffer_progress progress;
	void *progress_context;
} coffer_load_options;

typedef struct coffer_load coffer_load;

/*
 * Make a new store at `path` from whole tables. The file is written beside `path` under a temporary
 * name and takes its place in coffer_load_finish; until then, and after abort, `path` is untouched.
 * A symbolic link is followed.
 * `schema` is settled and is borrowed until the end; interned columns are marked in it as sampled.
 * From the first hundred kilobytes on a thread of the load's own, which takes no signals, puts entries into the
 * file; a load that finds no room on the disk may tell so some rows later.
 *
 * COFFER_EXISTS    `path` exists and is_forced is not set
 * COFFER_CONFLICT  it is no regular file
 * COFFER_IO        the folder cannot be written
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_load_begin(const char *path, coffer_schema *schema, const coffer_load_options *options,
		  coffer_load **load_out, coffer_error *error);

/* Begin the rows of table number `table`; each table at most once, in any order. Ends the table before. */
COFFER_API COFFER_CHECKED coffer_status
coffer_load_table(coffer_load *load, uint32_t table, coffer_error *error);

/*
 * Add one row: `values` has one a column, in the schema's order; borrowed for the call.
 *
 * COFFER_INVALID  a value of another kind or out of its column's range, NULL where not nullable, text
 *                 that is not UTF-8
 * COFFER_LIMIT    a value over COFFER_VALUE_SIZE_MAX
 * COFFER_FULL     disk full; no code left in the pool
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_load_row(coffer_load *load, const coffer_value *values, coffer_error *error);

/* Add a fact to this step of the store's provenance. */
COFFER_API COFFER_CHECKED coffer_status
coffer_load_fact(coffer_load *load, const char *name, const char *value, coffer_error *error);

/*
 * End the last table, sync and put the file in its place. Frees `load`, whatever it returns.
 *
 * COFFER_CONFLICT  two rows have one unique key
 * COFFER_BUSY      is_forced, but somebody has the old store open
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_load_finish(coffer_load *load, coffer_error *error);
/* Remove what was written and free `load`. */
COFFER_API void
coffer_load_abort(coffer_load *load);

/* An empty store at `path` of this schema. Status as for coffer_load_begin and _finish. */
COFFER_API COFFER_CHECKED coffer_status
coffer_store_create(const char *path, coffer_schema *schema, const coffer_load_options *options,
		    coffer_error *error);

/* ------------------------------------------------------------------ writing rows */

/*
 * Open the store at `path` for reading and writing. Several processes may write: one transaction at a time.
 *
 * COFFER_BUSY         this process has the store open for reading only
 * COFFER_UNSUPPORTED  it needs a feature to be written that this version does not know
 * COFFER_IO           no permission to write
 * others              as for coffer_store_open
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_store_open_to_write(const char *path, coffer_store **store_out, coffer_error *error);

/*
 * Begin a write transaction; waits for the one that another thread or process has open. It reads as well, its own
 * changes included; but what its cursors give is borrowed until the next write only, which ends their scans, too.
 * coffer_txn_end drops the changes. One thread begins, uses and ends it.
 *
 * COFFER_BUSY     the store was replaced since it was opened: open it again; or this thread has one open already
 * COFFER_INVALID  the store is open for reading only
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_txn_begin_write(coffer_store *store, coffer_txn **txn_out, coffer_error *error);

/*
 * Make the changes last: they are on disk when it returns COFFER_OK, and none is when it returns anything else. Frees
 * `txn` whatever it returns. Every cursor of `txn` is closed before.
 *
 * COFFER_CONFLICT  a foreign key that is checked at the end leads nowhere, or rows have one key: those of a replica, or of
 *                  a constraint that is INITIALLY DEFERRED
 * COFFER_FULL      the disk is full
 * COFFER_IO        the medium failed; when that was in the last step, every later transaction says so too until all who have
 *                  the store open in this process have closed it
 * others           the failure that a write of this transaction ended with
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_txn_commit(coffer_txn *txn, coffer_error *error);

/* Check foreign keys at the end of the transaction from now on, so that rows may come before those that they refer to. */
COFFER_API void
coffer_txn_defer(coffer_txn *txn);

/*
 * A piece of work of one thread in a write transaction that it shares with those of others. It writes and reads through
 * `txn` as in a transaction of its own, sees what the pieces before it wrote, closes its cursors, and neither commits nor
 * ends. It may run in another thread than the one that waits for it, and more than once, when a transaction had to be
 * dropped: what it leaves in `context` counts only after coffer_group_write has said COFFER_OK, and all but its last run
 * is void. Time, coffer_txn_defer and coffer_txn_effects are the piece's own; what was left to the end is checked behind it.
 * Any status but COFFER_OK means that nothing of it is to be kept.
 */
typedef coffer_status (*coffer_group_work)(coffer_txn *txn, void *context, coffer_error *error);

/*
 * Do `work` in the store's next write transaction, together with what other threads of this process bring meanwhile, and
 * with one sync for all of them; returns when it is durable. A lone thread waits for nobody. Pieces run in the order in
 * which they came, through one `store`. One that is refused or fails takes nothing with it: the others are made again
 * without it if need be. The store is closed when all calls have returned.
 *
 * COFFER_INVALID  the store is open for reading only
 * COFFER_BUSY     the store was replaced since it was opened: open it again; or this thread has a write transaction open
 *                 already, as every piece has
 * others          what `work` returned, or as for coffer_txn_begin_write and _commit: nothing of the piece is there then
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_group_write(coffer_store *store, coffer_group_work work, void *context, coffer_error *error);

/* What a write gives of one column. */
typedef struct coffer_set {
	uint16_t column;
	bool is_increment; /* add `value` to what is there: INT and FLOAT; NULL stays NULL. In a new row the value itself */
	bool is_settled;   /* `value` is in the type's normal form: coffer_value_parse or a store gave it */
	coffer_value value;
} coffer_set;

/* What to do with a row whose key is taken. */
typedef enum coffer_on_conflict {
	COFFER_CONFLICT_FAIL,
	COFFER_CONFLICT_SKIP,   /* leave the row that is there; of any unique key, whatever else the new one lacks */
	COFFER_CONFLICT_UPDATE, /* set what was given in the row that is there; of the primary key */
} coffer_on_conflict;

typedef enum coffer_outcome {
	COFFER_SKIPPED,
	COFFER_INSERTED,
	COFFER_UPDATED,
} coffer_outcome;

/*
 * Write a row as Postgres and Prisma would. A column that is not given gets its default: what the client makes (uuid, cuid,
 * now), else what DEFAULT says, else NULL. Values are brought into the form that the server stores. Everything is checked
 * before the first byte is written: a refusal leaves the transaction as it was, to be gone on with; but a sequence has
 * moved on, as at a server. Values are borrowed for the call, and may be those of a row of this transaction.
 *
 * COFFER_CONFLICT  a unique key is taken, or a foreign key leads nowhere
 * COFFER_INVALID   a value that the column cannot hold, NULL where not nullable, a column given twice, a default that only
 *                  a server can evaluate
 * COFFER_LIMIT     a value, or a sequence, beyond its limit
 * COFFER_FULL      disk or map full, or no code left in the pool: the transaction can only be ended
 * COFFER_CORRUPT   what has to be read is damaged: likewise
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_insert(coffer_txn *txn, uint32_t table, const coffer_set *sets, size_t set_count,
	      coffer_on_conflict on_conflict, coffer_outcome *outcome_out, coffer_error *error);

/*
 * Set columns of the row numbered `number` (coffer_row_number). A key that changes takes with it what refers to it, as the
 * foreign keys say: CASCADE, SET NULL, SET DEFAULT; RESTRICT and NO ACTION refuse. All of it in a server's order: rows wait
 * in a queue, and of several foreign keys the first in the schema goes first. Columns that the client sets at every
 * update are set to now unless they are given.
 *
 * COFFER_NOT_FOUND  no such row
 * others            as for coffer_insert; COFFER_LIMIT also when one update would touch over a million rows
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_update(coffer_txn *txn, uint32_t table, uint64_t number, const coffer_set *sets,
	      size_t set_count, coffer_error *error);

/* Delete a row, and do to those that refer to it what their foreign keys say. Status as for coffer_update. */
COFFER_API COFFER_CHECKED coffer_status
coffer_delete(coffer_txn *txn, uint32_t table, uint64_t number, coffer_error *error);

/* Rows that the transaction wrote so far, those that foreign keys led to included. */
typedef struct coffer_effects {
	uint64_t inserted, updated, deleted;
	uint64_t bytes; /* put into the file's trees */
} coffer_effects;
COFFER_API void
coffer_txn_effects(const coffer_txn *txn, coffer_effects *effects_out);

/*
 * Rows as they stand at a source that is followed: no defaults, no foreign keys, no actions, values in normal form. `values`
 * has one a column; `number` is that of the row that it replaces, or 0 for a new one. Unique keys are checked at the
 * commit, so that rows may trade them.
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_replica_put(coffer_txn *txn, uint32_t table, const coffer_value *values, uint64_t number,
		   coffer_error *error);
COFFER_API COFFER_CHECKED coffer_status
coffer_replica_delete(coffer_txn *txn, uint32_t table, uint64_t number, coffer_error *error);
/*
 * Does what a row refers to by enforced foreign keys exist, as the transaction leaves it? A source has seen to that itself: it is to
 * be asked where not all that the source did was done here. A row that is not there refers to nothing.
 * COFFER_CONFLICT  it does not: the key and the foreign key are named
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_replica_check(coffer_txn *txn, uint32_t table, uint64_t number, coffer_error *error);

/* Set the state of sequence number `sequence` of the schema. COFFER_INVALID: outside of its bounds. */
COFFER_API COFFER_CHECKED coffer_status
coffer_txn_set_sequence(coffer_txn *txn, size_t sequence, int64_t last_value, bool is_called,
			coffer_error *error);

/* Add a step to the store's provenance. COFFER_LIMIT: 4,096 steps are there. */
COFFER_API COFFER_CHECKED coffer_status
coffer_txn_add_step(coffer_txn *txn, const coffer_step *step, coffer_error *error);

typedef struct coffer_copy_options {
	bool is_forced; /* replace a store that exists */
	/* With is_forced: the store that is replaced must be as this transaction left it (coffer_store_facts), so that
	 * nothing that others wrote is lost: else COFFER_BUSY. 0: whatever it is. */
	uint64_t transaction;
	coffer_progress progress;
	void *progress_context;
} coffer_copy_options;

/*
 * Write one snapshot of `store` into a new file, entry by entry: the same rows, numbers and codes, and nothing that was
 * deleted. Others may write to the store meanwhile. Status as for a load.
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_store_copy(coffer_store *store, const char *path, const coffer_copy_options *options,
		  coffer_error *error);

/* What a migration does not carry: a table, column or sequence of the old schema, and how much of it there was. */
typedef struct coffer_loss {
	const char *place; /* "LiteLLM_TeamTable.alias" */
	const char *what;  /* "table", "column", "sequence" */
	uint64_t values;   /* rows of the table; values of the column that are not NULL; of a sequence 0 */
} coffer_loss;

typedef struct coffer_migrate_options {
	bool is_forced; /* replace a store that exists */
	bool is_plain;  /* as of coffer_load_options */
	void (*lost)(void *context, const coffer_loss *loss);
	void *lost_context;
	coffer_progress progress;
	void *progress_context;
} coffer_migrate_options;

/*
 * Write one snapshot of `store` into a new file with another schema, which is settled and borrowed as for a load. Tables
 * and columns are matched by name; a value of another type goes by its text; a column that is added gets its default, as
 * ADD COLUMN gives it (what a client makes: one a row). What has no place in the new schema is given to `lost`.
 *
 * COFFER_INVALID  a value that the new column cannot hold, a column that is NOT NULL and has no value: with table, row, column
 * others          as for reading a store, and as for a load
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_store_migrate(coffer_store *store, const char *path, coffer_schema *schema,
		     const coffer_migrate_options *options, coffer_error *error);

typedef struct coffer_rewrite_options {
	const char *path; /* of the new store; NULL: it takes the place of the old one */
	bool is_forced;   /* replace a store that exists at `path` */
	bool is_plain;    /* as of coffer_load_options */
	coffer_progress progress;
	void *progress_context;
} coffer_rewrite_options;

typedef struct coffer_rewrite_summary {
	uint64_t rows_read, rows; /* of the old store, of the new one */
	bool is_step_left_out;    /* the provenance has no room for another step */
} coffer_rewrite_summary;

/*
 * Write `store` anew: the same rows in the same order under the same numbers, sequences and seed as they are, without what
 * was deleted and without pool texts that no row uses; its columns judged anew, with the features of a new store and what
 * coffer_schema_settle derives for its tables today: a store of an older coffer gets its roll-ups so. Closes `store`, whatever it returns. A new file is written beside the old one and takes its place, owner, mode and access list; others may
 * read the old one until then. It takes as much disk as an import of the rows, besides the old file.
 *
 * COFFER_BUSY         somebody else has the store open as it begins or as the new file is to take its place, or has written
 *                     to it since it was opened: it is as it was
 * COFFER_UNSUPPORTED  it has a feature that this version cannot write
 * COFFER_INVALID      it is no file of its own
 * others              as for reading a store, and as for a load
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_store_compact(coffer_store *store, const coffer_rewrite_options *options,
		     coffer_rewrite_summary *summary_out, coffer_error *error);

typedef struct coffer_prune_options {
	coffer_rewrite_options rewrite;
	int64_t before;             /* what has a time below this is old; NULL is not, -infinity is */
	const char *const *tables;  /* NULL-terminated names; NULL: every table with a time column */
	const char *const *columns; /* NULL-terminated names: old values of these go; NULL: old rows go whole */
	bool is_dry_run;            /* count, and write nothing */
	/* Called for each table with the number of its rows that go, or change, before anything is written. */
	void (*table)(void *context, const char *name, uint64_t rows);
	void *table_context;
} coffer_prune_options;

/*
 * Write `store` anew, as coffer_store_compact does, without the old rows of its logs: tables with a column that the schema
 * marks as the time of its rows (coffer_table.time_column). Or with the old rows, and in them the column's default, as the
 * server makes it, else NULL, in place of each of `columns`. `pruned_out` is the number of rows that go or change; where it is
 * 0 nothing is written, unless the new store has a path of its own. Closes `store`, whatever it returns.
 *
 * COFFER_NOT_FOUND  no such table, or a column that none of the tables has
 * COFFER_INVALID    a table without such a column; a column that is the time, of a unique key or of a foreign key, or that is
 *                   NOT NULL and has no default; a default that only a server can evaluate
 * COFFER_CONFLICT   a row that stays refers by an enforced foreign key to one that would go
 * others            as for coffer_store_compact
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_store_prune(coffer_store *store, const coffer_prune_options *options, uint64_t *pruned_out,
		   coffer_rewrite_summary *summary_out, coffer_error *error);

/* ------------------------------------------------------------------ generate */

/* When the gateway is of: what its spend logs hold. */
typedef enum coffer_era {
	COFFER_ERA_OLDER, /* the built-in schema's, late 2024 */
	COFFER_ERA_TODAY, /* 2026: twelve columns more, metadata of 2 to 5 KB; other tables as in the older */
} coffer_era;

typedef struct coffer_generate_options {
	uint64_t rows;            /* of LiteLLM_SpendLogs; the other tables in proportion */
	uint64_t seed;            /* the same rows and seed: the same rows, and the same bytes with the same libraries */
	coffer_era era;
	uint32_t prompts_percent; /* of today's spend logs that keep prompts and response, at most 100 */
	const char *const *tables; /* NULL-terminated names; NULL: all sixteen */
	bool is_forced;
	bool is_plain;            /* as of coffer_load_options */
	coffer_progress progress;
	void *progress_context;
} coffer_generate_options;

/* Write a reproducible, realistic gateway into a new store. Integer arithmetic only; no clock, path or
 * host in its provenance. Status as for a load; COFFER_INVALID: an unknown table's name, prompts in the older era. */
COFFER_API COFFER_CHECKED coffer_status
coffer_generate(const char *path, const coffer_generate_options *options, coffer_error *error);

/* ------------------------------------------------------------------ recover */

typedef struct coffer_recover_options {
	bool is_forced; /* replace a store that exists */
	/* Taken where the damaged store's own is lost; NULL: none. Tables' ids and columns' positions, kinds and interned marks must
	 * be that store's: of another store of the same origin, or read by coffer_schema_parse_layout. Its roll-ups are made anew
	 * unless the store is known to have had none. */
	const coffer_schema *schema;
	/* Called for each thing that is lost: "page 17", "LiteLLM_SpendLogs[9]", and what of it. */
	void (*lost)(void *context, const char *place, const char *message);
	void *lost_context;
	/* Called for each table of the schema, once its rows are written: how many; `table` lives for the call. NULL: not told. */
	void (*table)(void *context, const char *table, uint64_t rows);
	void *table_context;
	coffer_progress progress;
	void *progress_context;
} coffer_recover_options;

typedef struct coffer_recover_summary {
	uint64_t tables, rows;      /* written */
	uint64_t rows_lost;         /* that were found and cannot be read whole, or that a table says it had */
	uint64_t entries_lost;      /* whose checksum is wrong */
	uint64_t pages_lost;
	bool is_mixed;              /* the list of free pages, or a page's own of its entries, is lost: former states of rows may have come along */
	bool is_description_lost;   /* the catalogue's entry `schema` or `format` */
	bool is_schema_given;       /* its own is lost, the one of the options was taken */
	bool is_schema_proven;      /* and what is left of its own has the checksum of that one */
} coffer_recover_summary;

/*
 * Write every row of the damaged store at `damaged` whose record is intact into a new store at `path`, its indexes made anew.
 * No tree of it is believed: each page in use is looked at, and what has a right checksum is taken. The file is read
 * through a map: one that is cut meanwhile ends the process by SIGBUS.
 *
 * COFFER_NOT_A_COFFER  no page of an LMDB file is in it
 * A schema that is given in place of a lost one and is not proven to be the store's is held against the names of its trees, as
 * far as they can be read, and each row against its columns; two columns of one kind in the wrong order no row shows.
 *
 * COFFER_CORRUPT       its description, the catalogue's entry `schema` or `format`, is lost, and no schema given; not one row
 *                      could be recovered, and its trees do not say that it had none: what is at `path` stays as it was
 * COFFER_UNSUPPORTED   made by a newer coffer
 * COFFER_INVALID       `path` is the damaged store; the schema that is given is not that store's
 * others               as for a load
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_store_recover(const char *damaged, const char *path, const coffer_recover_options *options,
		     coffer_recover_summary *summary_out, coffer_error *error);

/* ------------------------------------------------------------------ verify */

typedef struct coffer_finding {
	const char *invariant; /* "I7": its number in SPEC.md 9 */
	coffer_status status;  /* CORRUPT or UNSUPPORTED; CONFLICT of a constraint */
	const char *place;     /* "LiteLLM_SpendLogs[17].metadata", "index/.../..." */
	const char *message;
} coffer_finding;

typedef struct coffer_verify_options {
	uint64_t findings_max; /* stop after so many; 0: all */
	void (*found)(void *context, const coffer_finding *finding);
	void *found_context;
	coffer_progress progress;
	void *progress_context;
	/* At most so many threads of its own read large tables, up to 16; 1: none; 0: one for each processor that the process may
	 * use, up to 8. Findings are the same, in the same order. */
	unsigned threads;
} coffer_verify_options;

typedef struct coffer_verify_summary {
	uint64_t findings, tables, rows, long_values, pool_texts, index_entries, rollup_groups, bytes;
} coffer_verify_summary;

/*
 * Re-read the store at `path` and check every invariant of SPEC.md 9: checksums, forms, pool, indexes
 * against rows in both directions, constraints, sequences, features. Each finding is reported. `found` and `progress` are
 * called by the calling thread alone. Threads of verify's own take no signals but those that they cause, and have ended when it returns.
 *
 * COFFER_OK            every check was made; `summary_out->findings` says how many failed
 * COFFER_CORRUPT       damaged so that it cannot be opened
 * others               as for coffer_store_open; COFFER_INTERRUPTED
 */
COFFER_API COFFER_CHECKED coffer_status
coffer_verify(const char *path, const coffer_verify_options *options,
	      coffer_verify_summary *summary_out, coffer_error *error);

/* The same of a store that is no file of its own. */
COFFER_API COFFER_CHECKED coffer_status
coffer_verify_origin(const coffer_origin *origin, const coffer_verify_options *options,
		     coffer_verify_summary *summary_out, coffer_error *error);

#ifdef __cplusplus
}
#endif

#endif
