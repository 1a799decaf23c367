/*
 * Which stores a command reads, writes and makes, and what is done and said where nothing is known of one. What is known
 * stands in src/trust/known.c.
 */
#include "trust.h"

#include "progress.h"
#include "reading.h"
#include "report.h"
#include "transfer/schema_file.h"
#include "trust/known.h"

#include <stdlib.h>

/* Which operands of a command are stores: bit N is operand N. */
struct operands {
	unsigned read, written, made, found_whole;
};

static const struct operands all[COFFER_COMMAND_COUNT] = {
	[COFFER_COMMAND_CREATE] = {.made = 1},
	[COFFER_COMMAND_GENERATE] = {.made = 1},
	[COFFER_COMMAND_IMPORT] = {.read = 1, .made = 2},
	[COFFER_COMMAND_EXPORT] = {.read = 1},
	[COFFER_COMMAND_GET] = {.read = 1},
	[COFFER_COMMAND_SCAN] = {.read = 1},
	[COFFER_COMMAND_SQL] = {.read = 1},
	[COFFER_COMMAND_REPORT] = {.read = 2},
	[COFFER_COMMAND_PUT] = {.written = 1},
	[COFFER_COMMAND_DELETE] = {.written = 1},
	[COFFER_COMMAND_COPY] = {.read = 1, .made = 2},
	[COFFER_COMMAND_MIGRATE] = {.read = 1, .made = 2},
	[COFFER_COMMAND_COMPACT] = {.read = 1, .made = 1},
	[COFFER_COMMAND_PRUNE] = {.read = 1, .made = 1},
	[COFFER_COMMAND_RECOVER] = {.made = 2},
	[COFFER_COMMAND_SCHEMA] = {.read = 1},
	[COFFER_COMMAND_DIFF] = {.read = 3},
	[COFFER_COMMAND_RECONCILE] = {.read = 3},
	[COFFER_COMMAND_INFO] = {.read = 1},
	[COFFER_COMMAND_VERIFY] = {.found_whole = 1},
};

enum { OPERANDS_LOOKED_AT = 2 };

static struct operands
operands_of(const struct coffer_arguments *arguments)
{
	enum coffer_command_id id = arguments->command->id;
	struct operands operands = all[id];

	if (id == COFFER_COMMAND_IMPORT && coffer_option_is_given(arguments, COFFER_OPTION_UPDATE))
		operands.written = operands.made;
	else if (id == COFFER_COMMAND_COMPACT || id == COFFER_COMMAND_PRUNE)
		operands.made <<= arguments->operand_count - 1; /* of FILE and NEW the last */
	if (coffer_option_is_given(arguments, COFFER_OPTION_DRY_RUN))
		operands.made = 0;
	return operands;
}

const char *
coffer_trust_store(const struct coffer_arguments *arguments)
{
	unsigned used = 0;
	int only = -1;

	if (arguments->command && !coffer_option_is_given(arguments, COFFER_OPTION_ATTACH))
		used = operands_of(arguments).read | operands_of(arguments).written;
	for (int i = 0; i < OPERANDS_LOOKED_AT; i++)
		if (used == 1u << i && i < arguments->operand_count)
			only = i;
	return only < 0 ? NULL : arguments->operands[only];
}

/* A machine that cannot remember verifies again: slow, but right. */
static void
remember(const struct coffer_arguments *arguments, const struct coffer_known_file *identity,
	 bool is_live)
{
	char *path;

	if (coffer_known_remember(identity, is_live))
		return;
	path = coffer_known_path(identity);
	coffer_report_note(arguments, "cannot remember that the store was verified: %s%s",
			   path ? path : "there is no state folder", path ? " is not writable" : "");
	free(path);
}

/* A dump is no store, and what is neither is the command's own to report; but what is one gives no answer before a
 * verification of it came to its end. */
static int
verify(const struct coffer_arguments *arguments, const char *path,
       const struct coffer_known_file *identity, bool is_live)
{
	struct coffer_progress_line line;
	coffer_error error = {0};
	coffer_status status;

	coffer_progress_begin(&line, arguments);
	line.title = "verify";
	line.bytes_expected = identity->size;
	status = coffer_known_verify(path, coffer_progress_tell, &line, &error);
	coffer_progress_clear();
	if (status == COFFER_NOT_A_COFFER)
		return COFFER_EXIT_DONE;
	if (status)
		return coffer_report_error(arguments, &error);
	remember(arguments, identity, is_live);
	return COFFER_EXIT_DONE;
}

static int
check(struct coffer_arguments *arguments, const char *path, bool is_written)
{
	struct coffer_known_file identity;
	enum coffer_standing standing;

	if (!coffer_known_identify(path, &identity))
		return COFFER_EXIT_DONE;
	standing = coffer_known_look_up(&identity);
	if (standing == COFFER_STANDING_UNKNOWN &&
	    !coffer_option_is_given(arguments, COFFER_OPTION_UNVERIFIED))
		return verify(arguments, path, &identity, is_written);
	if (standing == COFFER_STANDING_UNKNOWN) {
		arguments->is_unverified = true;
		coffer_report_note(arguments, "%s: not verified: what is missing from an answer does not show",
				   path);
	} else if (is_written && standing == COFFER_STANDING_SEALED) {
		remember(arguments, &identity, true);
	}
	return COFFER_EXIT_DONE;
}

/* A store that rows of another are read by. */
static int
check_schema(struct coffer_arguments *arguments)
{
	const char *path = coffer_option_value(arguments, COFFER_OPTION_SCHEMA);

	if (arguments->command->id != COFFER_COMMAND_RECOVER || !path || coffer_schema_file_is(path))
		return COFFER_EXIT_DONE;
	return check(arguments, path, false);
}

/* Stores that are no operands. */
static int
check_attached(struct coffer_arguments *arguments)
{
	size_t position = 0;
	const char *word, *path;
	int code = COFFER_EXIT_DONE;

	while (!code && (word = coffer_option_next(arguments, COFFER_OPTION_ATTACH, &position)))
		if ((path = coffer_attached_path(word)))
			code = check(arguments, path, false);
	return code;
}

int
coffer_trust_check(struct coffer_arguments *arguments)
{
	const struct operands operands = operands_of(arguments);
	int code = COFFER_EXIT_DONE;

	for (int i = 0; !code && i < OPERANDS_LOOKED_AT && i < arguments->operand_count; i++)
		if ((operands.read | operands.written) & 1u << i)
			code = check(arguments, arguments->operands[i], operands.written & 1u << i);
	if (!code)
		code = check_schema(arguments);
	return code ? code : check_attached(arguments);
}

void
coffer_trust_learn(const struct coffer_arguments *arguments, int code)
{
	const struct operands operands = operands_of(arguments);
	struct coffer_known_file identity;

	if ((code != COFFER_EXIT_DONE && code != COFFER_EXIT_WARNINGS) || arguments->is_unverified)
		return;
	for (int i = 0; i < OPERANDS_LOOKED_AT && i < arguments->operand_count; i++)
		if ((operands.made | operands.found_whole) & 1u << i &&
		    coffer_known_identify(arguments->operands[i], &identity) &&
		    coffer_known_look_up(&identity) == COFFER_STANDING_UNKNOWN)
			remember(arguments, &identity, false);
}
