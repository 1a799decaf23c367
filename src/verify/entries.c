/*
 * The catalogue's entries, one by one: known, sound, canonical, and all there. SPEC.md 6.
 */
#include "verify/verify.h"

#include "format/catalogue.h"
#include "format/checksum.h"
#include "store/catalogue.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ENTRY_NAME_SIZE = 96 };

static struct coffer_spot
spot_of(const char *entry)
{
	return (struct coffer_spot){.base = "catalogue", .entry = entry};
}

static void
report(struct coffer_verifier *verifier, const char *entry, const char *message)
{
	coffer_verifier_report(verifier, COFFER_CATALOGUE, COFFER_CORRUPT, spot_of(entry), "%s",
			       message);
}

static bool
is_same(const void *left, size_t left_size, struct coffer_bytes right)
{
	return left_size == right.size && !memcmp(left, right.data, left_size);
}

/* ------------------------------------------------------------------ one check an entry */

static void
check_schema(struct coffer_verifier *verifier, const char *name, struct coffer_bytes payload)
{
	coffer_buffer again = {0};
	coffer_error error = {0};
	coffer_status status;

	status = coffer_catalogue_encode_schema(verifier->schema, &again, &error);
	if (status)
		coffer_verifier_fail(verifier, status, error.message);
	else if (again.is_failed)
		coffer_verifier_fail(verifier, COFFER_NO_MEMORY, "no memory for the catalogue");
	else if (!is_same(again.data, again.size, payload))
		report(verifier, name, coffer_fault_text(COFFER_FAULT_NOT_CANONICAL));
	coffer_buffer_release(&again);
}

static void
check_source(struct coffer_verifier *verifier, const char *name, struct coffer_bytes payload)
{
	coffer_buffer again = {0};
	coffer_error error = {0};
	coffer_step *steps;
	coffer_status status;
	size_t count;

	status = coffer_catalogue_decode_steps(payload.data, payload.size, verifier->schema, &steps,
					       &count, &error);
	if (status == COFFER_CORRUPT)
		coffer_verifier_report(verifier, COFFER_PROVENANCE, status, spot_of(name), "%s",
				       error.message);
	else if (status || (status = coffer_catalogue_encode_steps(steps, count, &again, &error)))
		coffer_verifier_fail(verifier, status, error.message);
	else if (again.is_failed)
		coffer_verifier_fail(verifier, COFFER_NO_MEMORY, "no memory for the catalogue");
	else if (!is_same(again.data, again.size, payload))
		coffer_verifier_report(verifier, COFFER_PROVENANCE, COFFER_CORRUPT, spot_of(name),
				       "%s", coffer_fault_text(COFFER_FAULT_NOT_CANONICAL));
	coffer_buffer_release(&again);
}

static const coffer_sequence *
find_sequence(const struct coffer_verifier *verifier, const char *name)
{
	for (size_t i = 0; i < verifier->schema->sequence_count; i++)
		if (!strcmp(verifier->schema->sequences[i].name, name))
			return &verifier->schema->sequences[i];
	return NULL;
}

static void
check_sequence(struct coffer_verifier *verifier, const char *name, struct coffer_bytes payload)
{
	const coffer_sequence *sequence = find_sequence(verifier, name + strlen("sequence/"));
	uint8_t again[COFFER_SEQUENCE_ENTRY_MAX];
	enum coffer_fault fault;
	int64_t last_value;
	bool is_called;

	if (!sequence) {
		report(verifier, name, "the schema has no sequence of this name");
		return;
	}
	fault = coffer_sequence_entry_decode(payload.data, payload.size, &last_value, &is_called);
	if (!fault &&
	    !is_same(again, coffer_sequence_entry_encode(last_value, is_called, again), payload))
		fault = COFFER_FAULT_NOT_CANONICAL;
	if (fault)
		report(verifier, name, coffer_fault_text(fault));
	else if (last_value < sequence->minimum || last_value > sequence->maximum)
		coffer_verifier_report(verifier, COFFER_SEQUENCES, COFFER_CONFLICT, spot_of(name),
				       "the last value is %" PRId64 ", expected %" PRId64
				       " to %" PRId64,
				       last_value, sequence->minimum, sequence->maximum);
}

/* The highest number in use; 0 when the table is empty. */
static uint64_t
last_row(struct coffer_verifier *verifier, uint32_t table)
{
	struct coffer_place *place = coffer_verifier_place(verifier, verifier->tables[table].rows);
	struct coffer_bytes key = {NULL, 0};
	uint64_t number = 0;

	if (coffer_verifier_move(verifier, verifier->tables[table].rows, place, COFFER_MOVE_LAST,
				 &key) &&
	    key.size == COFFER_ROW_KEY_SIZE)
		number = coffer_verify_row_number(key.data);
	coffer_place_close(place);
	return number;
}

static void
check_row_entry(struct coffer_verifier *verifier, const char *name, struct coffer_bytes payload)
{
	uint32_t table = coffer_schema_find_table(verifier->schema, name + strlen("row/"));
	uint8_t again[COFFER_ROW_ENTRY_MAX];
	enum coffer_fault fault;
	uint64_t number;

	if (table == COFFER_NO_TABLE || !verifier->schema->tables[table].id) {
		report(verifier, name, "the schema has no table of this name with rows of its own");
		return;
	}
	fault = coffer_row_entry_decode(payload.data, payload.size, &number);
	if (!fault && !is_same(again, coffer_row_entry_encode(number, again), payload))
		fault = COFFER_FAULT_NOT_CANONICAL;
	if (fault)
		coffer_verifier_report(verifier, COFFER_ROW_ENTRIES, COFFER_CORRUPT, spot_of(name),
				       "%s", coffer_fault_text(fault));
	else if (number <= last_row(verifier, table) || number > COFFER_ROW_NUMBER_MAX)
		coffer_verifier_report(verifier, COFFER_ROW_ENTRIES, COFFER_CORRUPT, spot_of(name),
				       "the number is %" PRIu64
				       ", expected above that of the last row, %" PRIu64,
				       number, last_row(verifier, table));
}

static void
check_frames_entry(struct coffer_verifier *verifier, const char *name, struct coffer_bytes payload)
{
	uint32_t table = coffer_schema_find_table(verifier->schema, name + strlen("frames/"));
	const char *message;

	if (!verifier->frames)
		message = "not an entry that a catalogue has";
	else if (table == COFFER_NO_TABLE || !verifier->schema->tables[table].id)
		message = "the schema has no table of this name with rows of its own";
	else
		message = coffer_verify_frames_entry(verifier, &verifier->schema->tables[table],
						     payload);
	if (message)
		report(verifier, name, message);
}

/* Its numbers were checked when it was read: here that it is well-formed, canonical, and of a table. */
static void
check_rollups(struct coffer_verifier *verifier, const char *name, struct coffer_bytes payload)
{
	uint32_t number = coffer_schema_find_table(verifier->schema, name + strlen("rollups/"));
	coffer_table again = {.name = name + strlen("rollups/")};
	coffer_buffer bytes = {0};
	coffer_error error = {0};
	coffer_status status;

	if (number == COFFER_NO_TABLE || !(verifier->features & COFFER_FEATURE_ROLLUPS)) {
		report(verifier, name,
		       number == COFFER_NO_TABLE ? "the schema has no table of this name"
						 : "the feature rollups is not there");
		return;
	}
	status = coffer_catalogue_decode_rollups(payload.data, payload.size, verifier->schema, &again,
						 &error);
	if (status == COFFER_CORRUPT)
		report(verifier, name, error.message);
	else if (status || (status = coffer_catalogue_encode_rollups(&again, &bytes, &error)))
		coffer_verifier_fail(verifier, status, error.message);
	else if (!again.rollup_count || !is_same(bytes.data, bytes.size, payload))
		report(verifier, name, coffer_fault_text(COFFER_FAULT_NOT_CANONICAL));
	coffer_buffer_release(&bytes);
}

/* ------------------------------------------------------------------ the walk */

typedef void (*entry_check)(struct coffer_verifier *verifier, const char *name,
			    struct coffer_bytes payload);

/* `format` was checked when it was read. */
static void
check_nothing(struct coffer_verifier *verifier, const char *name, struct coffer_bytes payload)
{
	(void)verifier;
	(void)name;
	(void)payload;
}

static entry_check
find_check(const char *name)
{
	static const struct {
		const char *name;
		entry_check check;
		bool is_prefix;
	} checks[] = {
		{"format", check_nothing, false}, {"schema", check_schema, false},
		{"source", check_source, false},  {"sequence/", check_sequence, true},
		{"row/", check_row_entry, true},  {"frames/", check_frames_entry, true},
		{"rollups/", check_rollups, true},
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (checks[i].is_prefix ? !strncmp(name, checks[i].name, strlen(checks[i].name))
					: !strcmp(name, checks[i].name))
			return checks[i].check;
	return NULL;
}

static void
check_entry(struct coffer_verifier *verifier, struct coffer_bytes key, struct coffer_bytes value)
{
	char name[ENTRY_NAME_SIZE] = "";
	struct coffer_bytes payload;
	entry_check check;

	(void)snprintf(name, sizeof(name), "%.*s", (int)(key.size < 512 ? key.size : 512),
		       (const char *)key.data);
	check = strlen(name) == key.size ? find_check(name) : NULL;
	if (!check && coffer_strangers_have(&verifier->strangers, name))
		return;
	if (!check)
		report(verifier, name, "not an entry that a catalogue has");
	else if (coffer_verifier_unseal(verifier, COFFER_CATALOGUE, spot_of(name),
					COFFER_ID_CATALOGUE, key, value, &payload))
		check(verifier, name, payload);
}

static void
check_presence(struct coffer_verifier *verifier, const char *name)
{
	struct coffer_bytes key = {(const uint8_t *)name, strlen(name)}, value;

	if (!coffer_verifier_get(verifier, verifier->catalogue, key, &value))
		report(verifier, name, "the entry is missing");
}

void
coffer_verify_catalogue(struct coffer_verifier *verifier)
{
	char name[sizeof("sequence/") + COFFER_NAME_SIZE_MAX];
	struct coffer_walk walk;

	coffer_walk_open(&walk, verifier, verifier->catalogue, "catalogue");
	while (coffer_walk_next(&walk))
		check_entry(verifier, walk.key, walk.value);
	coffer_walk_close(&walk);
	check_presence(verifier, "source");
	for (size_t i = 0; i < verifier->schema->sequence_count; i++) {
		(void)snprintf(name, sizeof(name), "sequence/%s",
			       verifier->schema->sequences[i].name);
		check_presence(verifier, name);
	}
}
