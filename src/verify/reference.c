/*
 * Foreign keys: what a row refers to exists. Looked at are those that the server enforces, over columns whose
 * equality at the server is equality of the values that we hold. SPEC.md 7.3.
 */
#include "verify/verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct coffer_reference {
	const coffer_relation *relation;
	const coffer_table *target;
	const coffer_index *index;  /* a unique key of the target over the referenced columns */
	uint32_t tree;              /* of that key */
	struct coffer_place *place; /* in its tree */
	uint16_t
		columns[COFFER_KEY_COLUMNS_MAX]; /* the referencing ones in the order of that key */
};

/* ------------------------------------------------------------------ which ones */

/* A column's type is spelled as the server prints it, quoted where it must be. */
static bool
is_enum(const coffer_schema *schema, const char *type)
{
	coffer_buffer name = {0};
	bool is_one = false;

	for (size_t i = 0; !is_one && i < schema->enum_count; i++) {
		coffer_buffer_clear(&name);
		coffer_buffer_identifier(&name, schema->enums[i].name);
		is_one = !name.is_failed && !strcmp(name.data, type);
	}
	coffer_buffer_release(&name);
	return is_one;
}

/* A numeric 1.0 equals 1.00 and a collation may hold "a" equal to "A": that only the server can say. */
static bool
is_compared_by_value(const coffer_schema *schema, const coffer_column *column)
{
	const char *type = column->base_type ? column->base_type : column->type;

	switch (column->kind) {
	case COFFER_BOOL:
	case COFFER_INT:
	case COFFER_FLOAT:
	case COFFER_TIME:
	case COFFER_BYTES:
		return true;
	case COFFER_TEXT:
		return !column->collation;
	case COFFER_OTHER:
		return !strcmp(type, "uuid") || is_enum(schema, type);
	default:
		return false;
	}
}

static bool
is_comparable(const coffer_schema *schema, const coffer_column *left, const coffer_column *right)
{
	return left->kind == right->kind && left->has_zone == right->has_zone &&
	       is_compared_by_value(schema, left) && is_compared_by_value(schema, right);
}

/* Where column number `column` of the target stands in the relation; its size when it does not. */
static size_t
find_member(const coffer_relation *relation, const coffer_table *target, uint16_t column)
{
	size_t i = 0;

	while (i < relation->column_count &&
	       strcmp(relation->target_columns[i], target->columns[column].name) != 0)
		i++;
	return i;
}

/* Does this index of the target answer? A foreign key may name the columns in another order. */
static bool
fits(const coffer_schema *schema, const coffer_table *table, struct coffer_reference *reference,
     const coffer_index *index)
{
	const coffer_relation *relation = reference->relation;

	if (index->tree != COFFER_TREE_HASHED || index->key_column_count != relation->column_count)
		return false;
	for (size_t k = 0; k < index->key_column_count; k++) {
		size_t member = find_member(relation, reference->target, index->key_columns[k]);

		if (member == relation->column_count ||
		    !is_comparable(schema, &table->columns[relation->columns[member]],
				   &reference->target->columns[index->key_columns[k]]))
			return false;
		reference->columns[k] = relation->columns[member];
	}
	reference->index = index;
	return true;
}

static bool
is_enforced(const coffer_schema *schema, const coffer_relation *relation)
{
	const char *tail = relation->definition_tail;

	return !relation->is_soft && relation->target_table < schema->table_count &&
	       relation->column_count && relation->target_columns &&
	       !(tail && (strstr(tail, "NOT VALID") || strstr(tail, "NOT ENFORCED")));
}

static bool
open_place(struct coffer_table_check *check, struct coffer_reference *reference, uint32_t tree)
{
	reference->tree = tree;
	reference->place = coffer_verifier_place(check->verifier, tree);
	return reference->place != NULL;
}

static void
open_reference(struct coffer_table_check *check, const coffer_relation *relation)
{
	const coffer_schema *schema = check->verifier->schema;
	struct coffer_reference reference = {.relation = relation};

	if (!is_enforced(schema, relation) ||
	    check->verifier->tables[relation->target_table].is_unreadable)
		return;
	reference.target = &schema->tables[relation->target_table];
	for (size_t i = 0; i < reference.target->index_count && !reference.index; i++)
		if (fits(schema, check->table, &reference, &reference.target->indexes[i]) &&
		    open_place(check, &reference,
			       check->verifier->tables[relation->target_table].indexes[i]))
			check->references[check->reference_count++] = reference;
}

bool
coffer_check_references_open(struct coffer_table_check *check)
{
	check->references = calloc(check->table->relation_count + 1, sizeof(*check->references));
	if (!check->references)
		return false;
	for (size_t i = 0; i < check->table->relation_count; i++)
		open_reference(check, &check->table->relations[i]);
	return true;
}

void
coffer_check_references_close(struct coffer_table_check *check)
{
	for (size_t i = 0; i < check->reference_count; i++)
		coffer_place_close(check->references[i].place);
	free(check->references);
	check->references = NULL;
	check->reference_count = 0;
}

/* ------------------------------------------------------------------ each row */

static bool
has_key(struct coffer_table_check *check, const struct coffer_reference *reference, uint64_t row)
{
	struct coffer_verifier *verifier = check->verifier;

	for (size_t k = 0; k < reference->index->key_column_count; k++) {
		uint16_t from = reference->columns[k], to = reference->index->key_columns[k];
		struct coffer_element element;
		coffer_value left, right;

		if (!coffer_verifier_fetch(verifier, reference->relation->target_table, row, to,
					   &element) ||
		    !coffer_verifier_value(verifier, &check->table->columns[from],
					   &check->elements[from], &check->expansion, &left) ||
		    !coffer_verifier_value(verifier, &reference->target->columns[to], &element,
					   &check->expansion_other, &right) ||
		    !coffer_verify_is_equal(&left, &right))
			return false;
	}
	return true;
}

/* A row of the right hash that is there but damaged is a finding of its own, and counts as the one looked for. */
static bool
may_have_key(struct coffer_table_check *check, const struct coffer_reference *reference,
	     uint64_t row)
{
	uint32_t target = reference->relation->target_table;

	return has_key(check, reference, row) ||
	       (coffer_verifier_has_row(check->verifier, target, row) &&
		!coffer_verifier_is_sound(check->verifier, target, row));
}

static bool
find_target(struct coffer_table_check *check, const struct coffer_reference *reference,
	    uint64_t hash)
{
	uint8_t wanted[COFFER_HASH_SIZE];
	struct coffer_bytes key = {wanted, sizeof(wanted)};
	enum coffer_move move = COFFER_MOVE_SEEK;

	for (size_t i = 0; i < sizeof(wanted); i++)
		wanted[i] = (uint8_t)(hash >> (8 * (sizeof(wanted) - 1 - i)));
	for (int equal = 0; equal < COFFER_EQUAL_HASHES_MAX; equal++, move = COFFER_MOVE_NEXT) {
		if (!coffer_verifier_move(check->verifier, reference->tree, reference->place, move,
					  &key) ||
		    key.size != COFFER_HASH_KEY_SIZE || memcmp(key.data, wanted, sizeof(wanted)))
			return false;
		if (may_have_key(check, reference,
				 coffer_verify_row_number(key.data + COFFER_HASH_SIZE)))
			return true;
	}
	return false;
}

static void
check_reference(struct coffer_table_check *check, const struct coffer_reference *reference)
{
	size_t columns = reference->index->key_column_count, nulls = 0;
	uint64_t hash = check->verifier->seed;

	for (size_t k = 0; k < columns; k++) {
		uint16_t column = reference->columns[k];
		coffer_value value;

		if (!coffer_verifier_value(check->verifier, &check->table->columns[column],
					   &check->elements[column], &check->expansion, &value))
			return;
		nulls += value.kind == COFFER_NULL;
		hash = coffer_verify_hash(hash, &value);
	}
	if (nulls && (nulls == columns || !reference->relation->is_match_full))
		return;
	if (nulls || !find_target(check, reference, hash))
		coffer_verifier_report(
			check->verifier, COFFER_FOREIGN_KEYS, COFFER_CONFLICT,
			(struct coffer_spot){
				.base = check->table->name,
				.row = check->row,
				.column = check->table->columns[reference->columns[0]].name,
			},
			nulls ? "%s refers to %s with some columns NULL, expected all or none"
			      : "%s refers to a row of %s that does not exist",
			reference->relation->name, reference->target->name);
}

void
coffer_check_references(struct coffer_table_check *check)
{
	for (size_t i = 0; i < check->reference_count; i++)
		check_reference(check, &check->references[i]);
}
