/* The options of all subcommands in one table, and what was given on a command line. */
#ifndef TOOLS_OPTIONS_H
#define TOOLS_OPTIONS_H

#include "command.h"

enum coffer_option_id {
	COFFER_OPTION_ACTION,
	COFFER_OPTION_ALIAS,
	COFFER_OPTION_APPEND,
	COFFER_OPTION_AT,
	COFFER_OPTION_ATTACH,
	COFFER_OPTION_BATCH,
	COFFER_OPTION_BEFORE,
	COFFER_OPTION_CHANGED_BY,
	COFFER_OPTION_CHANGED_BY_KEY,
	COFFER_OPTION_CODE,
	COFFER_OPTION_COLUMNS,
	COFFER_OPTION_COMPLETION,
	COFFER_OPTION_COUNT_ROWS,
	COFFER_OPTION_CONNECTIONS,
	COFFER_OPTION_CREATE,
	COFFER_OPTION_DIFF,
	COFFER_OPTION_DIGEST,
	COFFER_OPTION_DRY_RUN,
	COFFER_OPTION_EMAIL,
	COFFER_OPTION_END_USER,
	COFFER_OPTION_ERA,
	COFFER_OPTION_EXCLUDE_TABLE,
	COFFER_OPTION_FINDINGS,
	COFFER_OPTION_FORCE,
	COFFER_OPTION_FORMAT,
	COFFER_OPTION_FROM,
	COFFER_OPTION_HEADER,
	COFFER_OPTION_HELP,
	COFFER_OPTION_INCREMENT,
	COFFER_OPTION_INDEX,
	COFFER_OPTION_JSON,
	COFFER_OPTION_ACK,
	COFFER_OPTION_KEEP_GOING,
	COFFER_OPTION_KEY,
	COFFER_OPTION_LIMIT,
	COFFER_OPTION_MAN,
	COFFER_OPTION_MAX_SPEND,
	COFFER_OPTION_MIN_SPEND,
	COFFER_OPTION_MODE,
	COFFER_OPTION_MODEL,
	COFFER_OPTION_MODEL_GROUP,
	COFFER_OPTION_MODEL_ID,
	COFFER_OPTION_NDJSON,
	COFFER_OPTION_NULL,
	COFFER_OPTION_OBJECT,
	COFFER_OPTION_OFFSET,
	COFFER_OPTION_ORDER,
	COFFER_OPTION_ORGANIZATION,
	COFFER_OPTION_OUTPUT,
	COFFER_OPTION_PARAM,
	COFFER_OPTION_PLAIN,
	COFFER_OPTION_PRESET,
	COFFER_OPTION_PRISMA,
	COFFER_OPTION_PROMPTS,
	COFFER_OPTION_QUIET,
	COFFER_OPTION_RELATED,
	COFFER_OPTION_REPLACE,
	COFFER_OPTION_REQUEST,
	COFFER_OPTION_REVERSE,
	COFFER_OPTION_ROLE,
	COFFER_OPTION_ROWS,
	COFFER_OPTION_SCHEMA,
	COFFER_OPTION_SEED,
	COFFER_OPTION_SESSION,
	COFFER_OPTION_SINCE,
	COFFER_OPTION_SKIP_EXISTING,
	COFFER_OPTION_SQL,
	COFFER_OPTION_STATUS,
	COFFER_OPTION_SUBSET,
	COFFER_OPTION_TABLE,
	COFFER_OPTION_TAG,
	COFFER_OPTION_TEAM,
	COFFER_OPTION_TO,
	COFFER_OPTION_TREES,
	COFFER_OPTION_UNVERIFIED,
	COFFER_OPTION_UPDATE,
	COFFER_OPTION_UPSERT,
	COFFER_OPTION_USER,
	COFFER_OPTION_WIDTH,
	COFFER_OPTION_WINDOW,
};

/* An option may stand here twice, for commands that mean another thing by it. */
struct coffer_option {
	enum coffer_option_id id;
	char letter; /* 0: none */
	const char *name;
	const char *argument; /* what it takes; NULL: nothing */
	unsigned commands;    /* bit set of coffer_command_id */
	const char *help;     /* a line; NULL: left out of help, manual and completion */
};

extern const struct coffer_option coffer_options[];
extern const size_t coffer_option_count;

struct coffer_option_given {
	enum coffer_option_id id;
	char *value; /* NULL where the option takes none */
};

/* A parsed command line. Borrows from argv. */
struct coffer_arguments {
	const struct coffer_command *command;
	struct coffer_option_given *given;
	size_t given_count;
	char **operands;
	int operand_count;
	bool is_json, is_quiet;
	bool is_unverified; /* a store is read that nobody has verified here */
};

/* Is --json among the words? Known before the parsing, so that a fault in it is told as it was asked for. */
bool
coffer_arguments_ask_json(int count, char **words);

/*
 * Parse what follows the program's name: `words[0]` is the subcommand's name. Returns an exit code, a
 * fault said; release always.
 */
int
coffer_arguments_parse(struct coffer_arguments *arguments, const struct coffer_command *command,
		       int count, char **words);
void
coffer_arguments_release(struct coffer_arguments *arguments);

bool
coffer_option_is_given(const struct coffer_arguments *arguments, enum coffer_option_id id);
/* The value of the last one given, or NULL. */
char *
coffer_option_value(const struct coffer_arguments *arguments, enum coffer_option_id id);
/* The values of an option that may be repeated, one a call; NULL at the end. `position` starts at 0. */
char *
coffer_option_next(const struct coffer_arguments *arguments, enum coffer_option_id id,
		   size_t *position);
/* A number from 0, or `otherwise` where the option is not given. Returns an exit code. */
int
coffer_option_number(const struct coffer_arguments *arguments, enum coffer_option_id id,
		     uint64_t otherwise, uint64_t *number_out);

#endif
