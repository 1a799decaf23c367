/*
 * The subcommands: one table (main.c) says what each is called and takes, one table (options.c) what
 * its options are. Parsing, help, the manual page and the completion are made from these two.
 */
#ifndef TOOLS_COMMAND_H
#define TOOLS_COMMAND_H

#include "coffer.h"

/* Exit codes; 128 and the signal's number stand for an interruption. */
enum {
	COFFER_EXIT_DONE = 0,
	COFFER_EXIT_FAILED = 1,
	COFFER_EXIT_USAGE = 2,
	COFFER_EXIT_WARNINGS = 3,
	COFFER_EXIT_DAMAGED = 4,
	COFFER_EXIT_DIFFERENT = 6,
	COFFER_EXIT_UNREACHABLE = 7,
	COFFER_EXIT_CONFLICT = 8,
	COFFER_EXIT_NOT_FOUND = 9,
	COFFER_EXIT_NEWER = 10,
	COFFER_EXIT_BUSY = 75,
};

enum coffer_command_id {
	COFFER_COMMAND_CREATE,
	COFFER_COMMAND_GENERATE,
	COFFER_COMMAND_IMPORT,
	COFFER_COMMAND_EXPORT,
	COFFER_COMMAND_GET,
	COFFER_COMMAND_SCAN,
	COFFER_COMMAND_SQL,
	COFFER_COMMAND_REPORT,
	COFFER_COMMAND_PUT,
	COFFER_COMMAND_DELETE,
	COFFER_COMMAND_COPY,
	COFFER_COMMAND_MIGRATE,
	COFFER_COMMAND_COMPACT,
	COFFER_COMMAND_PRUNE,
	COFFER_COMMAND_SCHEMA,
	COFFER_COMMAND_INFO,
	COFFER_COMMAND_VERIFY,
	COFFER_COMMAND_RECOVER,
	COFFER_COMMAND_RECONCILE,
	COFFER_COMMAND_DIFF,
	COFFER_COMMAND_HELP,
	COFFER_COMMAND_COUNT,
};

struct coffer_arguments;

/* What it does, then the words behind `coffer`. */
struct coffer_example {
	const char *text, *words;
};

enum { COFFER_EXAMPLES_MAX = 7 };

struct coffer_command {
	enum coffer_command_id id;
	const char *name;
	const char *operands;         /* "FILE TABLE KEY..." */
	int operand_min, operand_max; /* a maximum of -1: any number */
	const char *summary;          /* a line without a full stop */
	const char *text;             /* paragraphs parted by an empty line */
	struct coffer_example examples[COFFER_EXAMPLES_MAX];
	/* Returns the exit code, everything said. */
	int (*run)(struct coffer_arguments *arguments);
};

/* In the order of coffer_command_id. */
extern const struct coffer_command coffer_commands[COFFER_COMMAND_COUNT];

/* NULL when there is none of this name. */
const struct coffer_command *
coffer_command_find(const char *name);

int
coffer_command_create(struct coffer_arguments *arguments);
int
coffer_command_generate(struct coffer_arguments *arguments);
int
coffer_command_import(struct coffer_arguments *arguments);
int
coffer_command_export(struct coffer_arguments *arguments);
int
coffer_command_get(struct coffer_arguments *arguments);
int
coffer_command_scan(struct coffer_arguments *arguments);
int
coffer_command_sql(struct coffer_arguments *arguments);
int
coffer_command_report(struct coffer_arguments *arguments);
int
coffer_command_put(struct coffer_arguments *arguments);
int
coffer_command_delete(struct coffer_arguments *arguments);
int
coffer_command_copy(struct coffer_arguments *arguments);
int
coffer_command_migrate(struct coffer_arguments *arguments);
int
coffer_command_compact(struct coffer_arguments *arguments);
int
coffer_command_prune(struct coffer_arguments *arguments);
int
coffer_command_schema(struct coffer_arguments *arguments);
int
coffer_command_info(struct coffer_arguments *arguments);
int
coffer_command_verify(struct coffer_arguments *arguments);
int
coffer_command_recover(struct coffer_arguments *arguments);
int
coffer_command_reconcile(struct coffer_arguments *arguments);
int
coffer_command_diff(struct coffer_arguments *arguments);
int
coffer_command_help(struct coffer_arguments *arguments);

#endif
