/*
 * A Prisma schema as a tree of its own words, before it means anything.
 *
 *   text --> tokens --> tree --> schema
 *        prisma_token prisma_tree  prisma_*
 *
 * Everything lives in the arena of the schema that is being made. Positions are line and column from 1.
 */
#ifndef COFFER_SCHEMA_PRISMA_H
#define COFFER_SCHEMA_PRISMA_H

#include "coffer.h"

/* format/litellm.prisma, made into a C text by the build. */
extern const char coffer_builtin_prisma[];
extern const size_t coffer_builtin_prisma_size;

/* Limits on what a text may ask for. */
enum {
	COFFER_PRISMA_SIZE_MAX = 1 << 20, /* bytes of a schema's text */
	COFFER_PRISMA_DEPTH_MAX = 16,     /* nested values */
};

struct coffer_position {
	unsigned line, column;
};

enum coffer_token_kind {
	COFFER_TOKEN_END,
	COFFER_TOKEN_NEWLINE,
	COFFER_TOKEN_WORD, /* a name; also the names of attributes, without their '@' */
	COFFER_TOKEN_NUMBER,
	COFFER_TOKEN_STRING, /* text: without quotes, escapes resolved */
	COFFER_TOKEN_DOC,    /* text: behind the three slashes */
	COFFER_TOKEN_MARK,   /* one of { } ( ) [ ] , : . ? = */
	COFFER_TOKEN_AT,     /* '@' of a field's attribute */
	COFFER_TOKEN_AT_AT,  /* "@@" of a block's */
};

struct coffer_token {
	enum coffer_token_kind kind;
	const char *text; /* NUL-terminated */
	char mark;
	struct coffer_position position;
};

/* Everything that the steps of a parse share. The first error wins. */
struct coffer_prisma {
	const char *at, *end; /* what is left of the text */
	const char *line_start;
	unsigned line;
	struct coffer_token token; /* the one to look at */
	const char *place;         /* names the text in errors */
	coffer_schema *schema;
	struct coffer_prisma_block *blocks, **blocks_tail;
	coffer_status status;
	coffer_error *error;
};

/* Read the next token into `prisma->token`. After a failure it is END for ever. */
void
coffer_prisma_next(struct coffer_prisma *prisma);

/* Record a failure at `position`, unless one is recorded. */
void
coffer_prisma_fail(struct coffer_prisma *prisma, struct coffer_position position,
		   const char *format, ...) COFFER_PRINTF(3, 4);
/* COFFER_NO_MEMORY, unless a failure is recorded. */
void
coffer_prisma_fail_memory(struct coffer_prisma *prisma);
/* Zeroed memory of the schema; a failure is recorded. */
void *
coffer_prisma_memory(struct coffer_prisma *prisma, size_t size);

enum coffer_prisma_value_kind {
	COFFER_PRISMA_STRING,
	COFFER_PRISMA_NUMBER,
	COFFER_PRISMA_WORD, /* a name, true, false */
	COFFER_PRISMA_CALL, /* name(arguments); also a field with arguments: a(sort: Desc) */
	COFFER_PRISMA_LIST,
};

struct coffer_prisma_value {
	enum coffer_prisma_value_kind kind;
	const char *text;                   /* the string, number or name */
	const char *name;                   /* of an argument that has one: `map` in (map: "x") */
	struct coffer_prisma_value *values; /* arguments or members */
	struct coffer_prisma_value *next;
	struct coffer_position position;
};

struct coffer_prisma_attribute {
	const char *name; /* "id", "db.VarChar" */
	struct coffer_prisma_value *arguments;
	struct coffer_prisma_attribute *next;
	struct coffer_position position;
};

/* A model's field, or a value of an enum (which has no type). */
struct coffer_prisma_field {
	const char *name;
	const char *type;
	const char *unsupported; /* the text of Unsupported("...") */
	bool is_list, is_optional;
	bool is_interned, is_time; /* directives in comments */
	struct coffer_prisma_attribute *attributes;
	struct coffer_prisma_field *next;
	struct coffer_position position;
	uint16_t column; /* number of its column, or COFFER_NO_COLUMN: a relation's field */
};

/* @coffer.refers a, b -> Table(c, d); @coffer.rollup day a -> b, c */
struct coffer_prisma_reference {
	const char *text; /* behind "refers" or "rollup" */
	struct coffer_prisma_reference *next;
	struct coffer_position position;
};

struct coffer_prisma_block {
	bool is_enum; /* else a model */
	const char *name;
	const char *table; /* its name at the server: @@map, else `name` */
	struct coffer_prisma_field *fields;
	struct coffer_prisma_attribute *attributes;
	struct coffer_prisma_reference *references, *rollups;
	struct coffer_prisma_block *next;
	struct coffer_position position;
	uint32_t number; /* of its table or enum in the schema */
};

/* Parse the whole text into `prisma->blocks`. */
void
coffer_prisma_read(struct coffer_prisma *prisma);

/* ------------------------------------------------------------------ from the tree to the schema */

/* The model or enum of this name, or NULL. */
struct coffer_prisma_block *
coffer_prisma_find_block(const struct coffer_prisma *prisma, const char *name, bool is_enum);
/* The field of this name, or NULL. */
struct coffer_prisma_field *
coffer_prisma_find_field(const struct coffer_prisma_block *block, const char *name);
/* The first attribute of this name, or NULL. */
const struct coffer_prisma_attribute *
coffer_prisma_find_attribute(const struct coffer_prisma_attribute *attributes, const char *name);
/* The argument of this name, or NULL; `number` is its place among those without a name, -1 for none. */
const struct coffer_prisma_value *
coffer_prisma_find_argument(const struct coffer_prisma_attribute *attribute, const char *name,
			    int number);
/* Fail at the first argument whose name is not in the NULL-terminated `names`, or beyond `positional`
 * arguments without a name. */
void
coffer_prisma_check_arguments(struct coffer_prisma *prisma,
			      const struct coffer_prisma_attribute *attribute,
			      const char *const *names, int positional);
/* The text of a string argument (NULL where `value` is NULL); fails on any other value. */
const char *
coffer_prisma_string(struct coffer_prisma *prisma, const struct coffer_prisma_value *value);
/* A copy of what a buffer holds, and the buffer released. NULL with a failure when memory is out. */
const char *
coffer_prisma_keep(struct coffer_prisma *prisma, coffer_buffer *buffer);

/* The column's type at the server, and with `is_list` of one member of it. */
void
coffer_prisma_type(struct coffer_prisma *prisma, const struct coffer_prisma_field *field,
		   coffer_column *column);
/* The column's default as the server deparses it, or the client's, or a sequence. */
void
coffer_prisma_default(struct coffer_prisma *prisma, const struct coffer_prisma_block *block,
		      const struct coffer_prisma_field *field);
/* Keys, unique and other indexes of a model whose columns are there. */
void
coffer_prisma_indexes(struct coffer_prisma *prisma, const struct coffer_prisma_block *block);
/* Foreign keys and soft relations of a model; all models' columns are there. */
void
coffer_prisma_relations(struct coffer_prisma *prisma, const struct coffer_prisma_block *block);
/* Roll-ups of a model whose columns are there. */
void
coffer_prisma_rollups(struct coffer_prisma *prisma, const struct coffer_prisma_block *block);

/* The next name of a list with commas in [*at, end), without the blanks around it. */
coffer_text
coffer_prisma_next_name(const char **at, const char *end);
/* A field's column by the name of either; COFFER_NO_COLUMN where there is none. */
uint16_t
coffer_prisma_find_column(const coffer_table *table, coffer_text name);

#endif
