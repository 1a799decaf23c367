/*
 * Inside the writer of Prisma: parsing what it writes gives the same schema again, in so far as Prisma
 * has words for it. The rest stands in comments.
 */
#ifndef COFFER_SCHEMA_WRITE_PRISMA_H
#define COFFER_SCHEMA_WRITE_PRISMA_H

#include "coffer.h"

/* `given` if it is there; else `name` if it is a word of Prisma's; else one made of it and `number`. */
void
coffer_prisma_write_name(coffer_buffer *out, const char *name, const char *given, size_t number);
/* True where write_name would write another name than `name`. */
bool
coffer_prisma_is_renamed(const char *name, const char *given);

void
coffer_prisma_write_string(coffer_buffer *out, const char *text);
/* "/// " and `text`, each of its lines. */
void
coffer_prisma_write_comment(coffer_buffer *out, const char *indent, const char *label,
			    const char *text);

void
coffer_prisma_write_table_name(coffer_buffer *out, const coffer_schema *schema, const char *table);
void
coffer_prisma_write_field_name(coffer_buffer *out, const coffer_table *table, uint16_t column);
/* "[a, b]" */
void
coffer_prisma_write_fields(coffer_buffer *out, const coffer_table *table, const uint16_t *columns,
			   size_t count);

/* Write a type as "String" and "@db.VarChar(3)"; false, nothing written, where Prisma has none. */
bool
coffer_prisma_write_type(const coffer_schema *schema, const char *type, coffer_buffer *scalar,
			 coffer_buffer *attribute);

/* " @default(...)", with the value in Prisma's words where it has some, else dbgenerated("..."). */
void
coffer_prisma_write_default(coffer_buffer *out, const coffer_schema *schema,
			    const coffer_table *table, const coffer_column *column,
			    const char *scalar);

/* The primary key's or a unique index's attribute on the field itself, where it has one column. */
void
coffer_prisma_write_field_key(coffer_buffer *out, const coffer_table *table, uint16_t column);
/* Lines of @@id, @@unique, @@index; a comment for what Prisma cannot say. */
void
coffer_prisma_write_indexes(coffer_buffer *out, const coffer_table *table);

/* Fields of relations from and to the table. */
void
coffer_prisma_write_relations(coffer_buffer *out, const coffer_schema *schema, uint32_t table);
/* Directives of soft relations, in front of the model. */
void
coffer_prisma_write_references(coffer_buffer *out, const coffer_schema *schema,
			       const coffer_table *table);
/* Directives of roll-ups, in front of the model. */
void
coffer_prisma_write_rollups(coffer_buffer *out, const coffer_table *table);

#endif
