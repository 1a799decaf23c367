/*
 * The table of options and the parser that it feeds. getopt_long finds the options wherever they stand;
 * `--` ends them. What it refuses is said in our own words, with the nearest name.
 */
#include "options.h"

#include "report.h"
#include "transfer/suggest.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ONE(name) (1u << COFFER_COMMAND_##name)
#define COMPARERS (ONE(RECONCILE) | ONE(DIFF))
#define WRITERS (ONE(GET) | ONE(SCAN) | ONE(SQL) | ONE(REPORT) | ONE(SCHEMA) | ONE(INFO) | ONE(VERIFY) | COMPARERS)
#define SELECTORS (ONE(IMPORT) | ONE(EXPORT) | COMPARERS)
#define MAKERS \
	(ONE(CREATE) | ONE(GENERATE) | ONE(IMPORT) | ONE(COPY) | ONE(MIGRATE) | ONE(COMPACT) | ONE(PRUNE) | ONE(RECOVER))
#define READERS \
	(ONE(EXPORT) | ONE(GET) | ONE(SCAN) | ONE(SQL) | ONE(REPORT) | ONE(COPY) | ONE(MIGRATE) | ONE(SCHEMA) | ONE(INFO) | \
	 ONE(DIFF) | ONE(RECONCILE))
#define EVERY (ONE(COUNT) - 1)

const struct coffer_option coffer_options[] = {
	{COFFER_OPTION_SCHEMA, 0, "schema", "S", ONE(CREATE),
	 "the tables: a Prisma schema, or what schema --json wrote where the name ends in .json; - "
	 "reads a Prisma schema from standard input"},
	{COFFER_OPTION_SCHEMA, 0, "schema", "S", ONE(MIGRATE),
	 "the new schema: a Prisma schema, or what schema --json wrote where the name ends in "
	 ".json; - "
	 "reads a Prisma schema from standard input"},
	{COFFER_OPTION_SCHEMA, 0, "schema", "S", ONE(RECOVER),
	 "where DAMAGED has lost its own schema: a store of the same tables, or what schema --json wrote of one where the "
	 "name ends in .json"},
	{COFFER_OPTION_SCHEMA, 0, "schema", "NAME", ONE(IMPORT),
	 "the schema to import (public, or the only one of a dump)"},
	{COFFER_OPTION_ROWS, 0, "rows", "N", ONE(GENERATE),
	 "rows of LiteLLM_SpendLogs, the other tables in proportion (10000)"},
	{COFFER_OPTION_SEED, 0, "seed", "S", ONE(GENERATE),
	 "another gateway for another number; the same one, the same rows (1)"},
	{COFFER_OPTION_ERA, 0, "era", "ERA", ONE(GENERATE),
	 "what the spend logs are like: older (late 2024, the default) or today (2026: twelve "
	 "columns more, metadata of 2 to 8 KB)"},
	{COFFER_OPTION_PROMPTS, 0, "prompts", "PERCENT", ONE(GENERATE),
	 "of today's spend logs so many of 100 keep prompts and response: 5 to 50 KB, a few 2 MB "
	 "(0)"},
	{COFFER_OPTION_TABLE, 0, "table", "TABLE", ONE(GENERATE),
	 "only this table; may be repeated"},
	{COFFER_OPTION_CREATE, 0, "create", NULL, ONE(EXPORT),
	 "make the store's tables in the target; an object that exists is a conflict"},
	{COFFER_OPTION_APPEND, 0, "append", NULL, ONE(EXPORT),
	 "add rows to the tables of the target; a key that exists is a conflict"},
	{COFFER_OPTION_UPSERT, 0, "upsert", NULL, ONE(EXPORT),
	 "add rows or, where their key exists in the target, update those that differ"},
	{COFFER_OPTION_REPLACE, 0, "replace", NULL, ONE(EXPORT),
	 "empty the tables of the target, then add rows"},
	{COFFER_OPTION_PRESET, 0, "preset", "NAME", SELECTORS,
	 "only these tables: keys (keys, users, teams, budgets, organisations, models and what "
	 "they "
	 "refer to), logs (spend, error and audit logs) or all"},
	{COFFER_OPTION_TABLE, 0, "table", "TABLE", SELECTORS,
	 "only this table, or this one beside the preset's; may be repeated"},
	{COFFER_OPTION_EXCLUDE_TABLE, 0, "exclude-table", "TABLE", SELECTORS,
	 "not this table; may be repeated"},
	{COFFER_OPTION_SINCE, 0, "since", "TIME", SELECTORS,
	 "of the logs only what is from TIME on, a time or an age such as 90d; other tables whole"},
	{COFFER_OPTION_FORMAT, 0, "format", "FORMAT", ONE(EXPORT),
	 "of a folder's files: ndjson (the default) or csv"},
	{COFFER_OPTION_UPDATE, 0, "update", NULL, ONE(IMPORT),
	 "bring FILE, which exists, up to what SOURCE holds now; with --force also from another "
	 "database than its rows came from"},
	{COFFER_OPTION_WINDOW, 0, "window", "TIME", ONE(IMPORT),
	 "with --update: how late rows of the logs may come, such as 90s, 10m, 2h or 1d (10m)"},
	{COFFER_OPTION_CONNECTIONS, 0, "connections", "N", ONE(IMPORT),
	 "read a server over N connections, up to 16, in one snapshot (1); the store is the same"},
	{COFFER_OPTION_PLAIN, 0, "plain", NULL, ONE(GENERATE) | ONE(IMPORT) | ONE(MIGRATE) | ONE(COMPACT) | ONE(PRUNE),
	 "compress no value: a larger store, which is read without zstd"},
	{COFFER_OPTION_INDEX, 0, "index", "INDEX", ONE(GET) | ONE(DELETE),
	 "look KEY up in this unique index: its name, or its columns parted by commas"},
	{COFFER_OPTION_INDEX, 0, "index", "INDEX", ONE(SCAN),
	 "rows in the order of this index: its name, or its first columns parted by commas"},
	{COFFER_OPTION_RELATED, 0, "related", NULL, ONE(GET),
	 "also the rows that it refers to and the rows that refer to it, as one document"},
	{COFFER_OPTION_KEY, 0, "key", "V", ONE(SCAN),
	 "the index's first column equals V; repeated, the column behind it"},
	{COFFER_OPTION_FROM, 0, "from", "V", ONE(SCAN),
	 "the next column of the index is V or above; of a time also an age such as 7d"},
	{COFFER_OPTION_TO, 0, "to", "V", ONE(SCAN), "the next column of the index is below V"},
	{COFFER_OPTION_REVERSE, 0, "reverse", NULL, ONE(SCAN), "from the last row to the first"},
	{COFFER_OPTION_REVERSE, 0, "reverse", NULL, ONE(GET),
	 "with --related: the newest rows that refer to it, not the oldest"},
	{COFFER_OPTION_LIMIT, 'n', "limit", "N", ONE(SCAN), "at most N rows"},
	{COFFER_OPTION_LIMIT, 'n', "limit", "N", ONE(GET),
	 "with --related: at most N rows of each relation that refer to it (10)"},
	{COFFER_OPTION_SUBSET, 0, "subset", NULL, ONE(RECONCILE),
	 "rows that SOURCE alone has are no difference: every row of FILE has to be there"},
	{COFFER_OPTION_LIMIT, 'n', "limit", "N", COMPARERS,
	 "tell at most N differing rows of each table (10; with --ndjson all)"},
	{COFFER_OPTION_NDJSON, 0, "ndjson", NULL, COMPARERS,
	 "every difference as a JSON object on a line of its own, and nothing else"},
	{COFFER_OPTION_COLUMNS, 'c', "columns", "A,B", ONE(GET) | ONE(SCAN),
	 "these columns in this order; may be repeated"},
	{COFFER_OPTION_BEFORE, 0, "before", "TIME", ONE(PRUNE),
	 "what is from before TIME goes: a time, or an age such as 90d, counted back from now"},
	{COFFER_OPTION_TABLE, 0, "table", "TABLE", ONE(PRUNE),
	 "of this log alone; may be repeated"},
	{COFFER_OPTION_COLUMNS, 'c', "columns", "A,B", ONE(PRUNE),
	 "empty these columns of the old rows, and keep the rows; may be repeated"},
	{COFFER_OPTION_DRY_RUN, 0, "dry-run", NULL, ONE(PRUNE),
	 "say what would go, and write nothing"},
	{COFFER_OPTION_COUNT_ROWS, 0, "count", NULL, ONE(SCAN) | ONE(REPORT),
	 "only the number of rows"},
	{COFFER_OPTION_FROM, 0, "from", "TIME", ONE(REPORT),
	 "only what is from TIME on: a time, or an age such as 7d, counted back from now"},
	{COFFER_OPTION_TO, 0, "to", "TIME", ONE(REPORT), "only what is before TIME"},
	{COFFER_OPTION_BEFORE, 0, "before", "TIME", ONE(REPORT),
	 "what retention would keep begins with TIME"},
	{COFFER_OPTION_AT, 0, "at", "TIME", ONE(REPORT), "what time it is"},
	{COFFER_OPTION_KEY, 0, "key", "KEY", ONE(REPORT),
	 "only this key: the hash that the gateway keeps, not the secret"},
	{COFFER_OPTION_USER, 0, "user", "USER", ONE(REPORT), "only this user"},
	{COFFER_OPTION_TEAM, 0, "team", "TEAM", ONE(REPORT), "only this team"},
	{COFFER_OPTION_END_USER, 0, "end-user", "USER", ONE(REPORT), "only this end user"},
	{COFFER_OPTION_ORGANIZATION, 0, "organization", "ORGANIZATION", ONE(REPORT),
	 "only this organisation"},
	{COFFER_OPTION_MODEL, 0, "model", "MODEL", ONE(REPORT), "only this model"},
	{COFFER_OPTION_MODEL_GROUP, 0, "model-group", "GROUP", ONE(REPORT),
	 "only this model group: the name that callers use"},
	{COFFER_OPTION_MODEL_ID, 0, "model-id", "ID", ONE(REPORT), "only this deployment"},
	{COFFER_OPTION_REQUEST, 0, "request", "ID", ONE(REPORT), "only this request"},
	{COFFER_OPTION_SESSION, 0, "session", "ID", ONE(REPORT), "only this session"},
	{COFFER_OPTION_TAG, 0, "tag", "TAG", ONE(REPORT), "only this tag"},
	{COFFER_OPTION_STATUS, 0, "status", "STATUS", ONE(REPORT),
	 "only requests of this status: success or failure"},
	{COFFER_OPTION_CODE, 0, "code", "CODE", ONE(REPORT), "only this code of errors"},
	{COFFER_OPTION_MIN_SPEND, 0, "min-spend", "AMOUNT", ONE(REPORT),
	 "only what cost AMOUNT or more"},
	{COFFER_OPTION_MAX_SPEND, 0, "max-spend", "AMOUNT", ONE(REPORT),
	 "only what cost AMOUNT or less"},
	{COFFER_OPTION_ALIAS, 0, "alias", "TEXT", ONE(REPORT), "only what has TEXT in its alias"},
	{COFFER_OPTION_ROLE, 0, "role", "ROLE", ONE(REPORT), "only users of this role"},
	{COFFER_OPTION_EMAIL, 0, "email", "ADDRESS", ONE(REPORT),
	 "only the user with this mail address"},
	{COFFER_OPTION_CHANGED_BY, 0, "changed-by", "USER", ONE(REPORT),
	 "only changes by this user"},
	{COFFER_OPTION_CHANGED_BY_KEY, 0, "changed-by-key", "KEY", ONE(REPORT),
	 "only changes by this key"},
	{COFFER_OPTION_ACTION, 0, "action", "ACTION", ONE(REPORT),
	 "only changes of this kind: created, updated, deleted, blocked ..."},
	{COFFER_OPTION_TABLE, 0, "table", "TABLE", ONE(REPORT),
	 "only changes of this table, by its full name"},
	{COFFER_OPTION_OBJECT, 0, "object", "ID", ONE(REPORT), "only changes of this row"},
	{COFFER_OPTION_ORDER, 0, "order", "WORD", ONE(REPORT),
	 "which rows come first: the first word of the report's, or another"},
	{COFFER_OPTION_LIMIT, 'n', "limit", "N", ONE(REPORT), "at most N rows"},
	{COFFER_OPTION_OFFSET, 0, "offset", "N", ONE(REPORT), "without the first N rows"},
	{COFFER_OPTION_SQL, 0, "sql", NULL, ONE(REPORT),
	 "print the statement, values put in, and do not run it"},
	{COFFER_OPTION_MODE, 0, "mode", "MODE", ONE(SQL) | ONE(REPORT),
	 "how rows are printed: table, box, markdown, csv, json (an array of objects for each statement) or ndjson"},
	{COFFER_OPTION_HEADER, 0, "header", "on|off", ONE(SQL) | ONE(REPORT),
	 "the names of the columns in front of the rows (on)"},
	{COFFER_OPTION_NULL, 0, "null", "TEXT", ONE(SQL) | ONE(REPORT),
	 "what stands for NULL: the word NULL, in csv nothing; JSON has its own"},
	{COFFER_OPTION_WIDTH, 0, "width", "N", ONE(SQL) | ONE(REPORT),
	 "in table and box cut a cell at N columns (60); 0: nowhere"},
	{COFFER_OPTION_PARAM, 0, "param", "NAME[:TYPE]=VALUE", ONE(SQL),
	 "the value of a parameter, :NAME or ?N; may be repeated"},
	{COFFER_OPTION_ATTACH, 0, "attach", "NAME=FILE", ONE(SQL),
	 "another store, whose tables are NAME.TABLE; may be repeated"},
	{COFFER_OPTION_UPDATE, 0, "update", NULL, ONE(PUT),
	 "set the columns that are given in the rows with these keys, which must exist"},
	{COFFER_OPTION_UPSERT, 0, "upsert", NULL, ONE(PUT),
	 "the same where the key exists, else insert the row"},
	{COFFER_OPTION_SKIP_EXISTING, 0, "skip-existing", NULL, ONE(PUT),
	 "leave a row out when a unique key of it exists"},
	{COFFER_OPTION_INCREMENT, 0, "increment", "COLUMN", ONE(PUT),
	 "with --update or --upsert: add what is given to this column, where NULL stays NULL; may "
	 "be repeated"},
	{COFFER_OPTION_BATCH, 0, "batch", "N", ONE(PUT),
	 "commit after each N rows, and when the stream pauses"},
	{COFFER_OPTION_ACK, 0, "ack", NULL, ONE(PUT),
	 "print the number of the last line that is done, after each commit: it and those before it "
	 "are durable or left out"},
	{COFFER_OPTION_KEEP_GOING, 0, "keep-going", NULL, ONE(PUT),
	 "leave a line out that is refused or beyond a limit, say why and go on; the exit code is then 3"},
	{COFFER_OPTION_PRISMA, 0, "prisma", NULL, ONE(SCHEMA),
	 "in Prisma's language (the default)"},
	{COFFER_OPTION_SQL, 0, "sql", NULL, ONE(SCHEMA), "as Postgres DDL"},
	{COFFER_OPTION_DIFF, 0, "diff", "OTHER", ONE(SCHEMA),
	 "what differs from OTHER, a store or a .prisma or .json file; exit code 6 if anything "
	 "does"},
	{COFFER_OPTION_DIGEST, 0, "digest", NULL, ONE(INFO),
	 "also the digest of the content: the same rows give the same digest"},
	{COFFER_OPTION_TREES, 0, "trees", NULL, ONE(INFO),
	 "also the entries and bytes of every tree"},
	{COFFER_OPTION_FINDINGS, 0, "findings", "N", ONE(VERIFY), "stop after N findings"},
	{COFFER_OPTION_COMPLETION, 0, "completion", NULL, ONE(HELP), NULL},
	{COFFER_OPTION_MAN, 0, "man", NULL, ONE(HELP), NULL},
	{COFFER_OPTION_UNVERIFIED, 0, "unverified", NULL, READERS,
	 "do not verify a store that is new to this machine; the exit code is then 3, not 0"},
	{COFFER_OPTION_OUTPUT, 'o', "output", "PATH", WRITERS,
	 "write to this file, not to standard output; - is standard output"},
	{COFFER_OPTION_FORCE, 'f', "force", NULL, MAKERS | WRITERS, "replace a file that exists"},
	{COFFER_OPTION_FORCE, 'f', "force", NULL, ONE(EXPORT),
	 "replace a file that exists, or a folder if coffer wrote everything in it"},
	{COFFER_OPTION_JSON, 0, "json", NULL, EVERY & ~ONE(SCHEMA) & ~ONE(HELP),
	 "the result, and an error, as a JSON document"},
	{COFFER_OPTION_JSON, 0, "json", NULL, ONE(SCHEMA),
	 "the whole model as a JSON document, and an error too"},
	{COFFER_OPTION_QUIET, 'q', "quiet", NULL, EVERY & ~ONE(HELP), "no progress and no notes"},
	{COFFER_OPTION_HELP, 'h', "help", NULL, EVERY, "this help"},
};
const size_t coffer_option_count = sizeof(coffer_options) / sizeof(coffer_options[0]);

enum {
	LONG_BASE = 256, /* getopt's values of options lie above all letters */
	LONGS_MAX = sizeof(coffer_options) / sizeof(coffer_options[0]) + 1,
};

/* What getopt_long takes, made from the table for one command. */
struct grammar {
	struct option longs[LONGS_MAX];
	int count;
	char letters[2 * LONGS_MAX + 2];
};

static void
make_grammar(struct grammar *grammar, const struct coffer_command *command)
{
	char *letter = grammar->letters;

	memset(grammar, 0, sizeof(*grammar));
	*letter++ = ':';
	for (size_t i = 0; i < coffer_option_count; i++) {
		const struct coffer_option *option = &coffer_options[i];

		if (!(option->commands & 1u << command->id))
			continue;
		grammar->longs[grammar->count++] = (struct option){
			.name = option->name,
			.has_arg = option->argument ? required_argument : no_argument,
			.val = LONG_BASE + (int)i,
		};
		if (!option->letter)
			continue;
		*letter++ = option->letter;
		if (option->argument)
			*letter++ = ':';
	}
}

/* The option behind a value of getopt_long's, NULL for none of ours. */
static const struct coffer_option *
option_of(const struct coffer_command *command, int value)
{
	if (value >= LONG_BASE)
		return &coffer_options[value - LONG_BASE];
	for (size_t i = 0; i < coffer_option_count; i++)
		if (value && coffer_options[i].letter == value &&
		    coffer_options[i].commands & 1u << command->id)
			return &coffer_options[i];
	return NULL;
}

static int
refuse_unknown(const struct coffer_arguments *arguments, const struct grammar *grammar,
	       const char *word)
{
	char name[64]; /* without a value behind '=' */
	int size = snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2),
	    begun = 0;
	struct coffer_suggestion suggestion = {.word = name};

	for (int i = 0; i < grammar->count; i++) {
		const struct coffer_option *option =
			option_of(arguments->command, grammar->longs[i].val);

		begun += !strncmp(option->name, name, (size_t)size);
		if (option->help)
			coffer_suggestion_offer(&suggestion, option->name);
	}
	if (begun > 1)
		return coffer_report_usage(arguments, "'--%s' may mean several options", name);
	if (suggestion.best)
		return coffer_report_usage(arguments, "unknown option '--%s', did you mean '--%s'?",
					   name, suggestion.best);
	return coffer_report_usage(arguments, "unknown option '--%s'", name);
}

static int
refuse(const struct coffer_arguments *arguments, const struct grammar *grammar, int answer,
       const char *word)
{
	const struct coffer_option *option = option_of(arguments->command, optopt);

	if (answer == ':' && option)
		return coffer_report_usage(arguments, "option '--%s' needs %s", option->name,
					   option->argument);
	if (option)
		return coffer_report_usage(arguments, "option '--%s' takes no value", option->name);
	if (optopt)
		return coffer_report_usage(arguments, "unknown option '-%c'", optopt);
	return refuse_unknown(arguments, grammar, word);
}

/* How many operands there are is the command's to say; help may be asked for with any. */
static int
check_operands(const struct coffer_arguments *arguments)
{
	const struct coffer_command *command = arguments->command;

	if (coffer_option_is_given(arguments, COFFER_OPTION_HELP))
		return COFFER_EXIT_DONE;
	if (arguments->operand_count < command->operand_min)
		return coffer_report_usage(arguments, "needs %s", command->operands);
	if (command->operand_max >= 0 && arguments->operand_count > command->operand_max)
		return coffer_report_usage(arguments, "'%s' is one operand too many: takes %s",
					   arguments->operands[command->operand_max],
					   command->operands);
	return COFFER_EXIT_DONE;
}

bool
coffer_arguments_ask_json(int count, char **words)
{
	for (int i = 1; i < count && strcmp(words[i], "--"); i++)
		if (!strcmp(words[i], "--json"))
			return true;
	return false;
}

int
coffer_arguments_parse(struct coffer_arguments *arguments, const struct coffer_command *command,
		       int count, char **words)
{
	struct grammar grammar;
	int answer;

	*arguments = (struct coffer_arguments){
		.command = command,
		.is_json = coffer_arguments_ask_json(count, words),
		.given = calloc((size_t)count + 1, sizeof(*arguments->given)),
	};
	if (!arguments->given)
		return coffer_report_usage(arguments, "no memory for the arguments");
	make_grammar(&grammar, command);
	opterr = 0;
	optind = 0;
	while ((answer = getopt_long(count, words, grammar.letters, grammar.longs, NULL)) != -1) {
		if (answer == '?' || answer == ':')
			return refuse(arguments, &grammar, answer, words[optind - 1]);
		arguments->given[arguments->given_count++] =
			(struct coffer_option_given){option_of(command, answer)->id, optarg};
	}
	arguments->is_json = coffer_option_is_given(arguments, COFFER_OPTION_JSON);
	arguments->is_quiet = coffer_option_is_given(arguments, COFFER_OPTION_QUIET);
	arguments->operands = words + optind;
	arguments->operand_count = count - optind;
	return check_operands(arguments);
}

void
coffer_arguments_release(struct coffer_arguments *arguments)
{
	free(arguments->given);
	arguments->given = NULL;
}

char *
coffer_option_next(const struct coffer_arguments *arguments, enum coffer_option_id id,
		   size_t *position)
{
	while (*position < arguments->given_count) {
		const struct coffer_option_given *given = &arguments->given[(*position)++];

		if (given->id == id)
			return given->value;
	}
	return NULL;
}

char *
coffer_option_value(const struct coffer_arguments *arguments, enum coffer_option_id id)
{
	char *last = NULL, *value;
	size_t position = 0;

	while ((value = coffer_option_next(arguments, id, &position)))
		last = value;
	return last;
}

bool
coffer_option_is_given(const struct coffer_arguments *arguments, enum coffer_option_id id)
{
	for (size_t i = 0; i < arguments->given_count; i++)
		if (arguments->given[i].id == id)
			return true;
	return false;
}

int
coffer_option_number(const struct coffer_arguments *arguments, enum coffer_option_id id,
		     uint64_t otherwise, uint64_t *number_out)
{
	const char *text = coffer_option_value(arguments, id), *name = "";
	char *end;

	*number_out = otherwise;
	if (!text)
		return COFFER_EXIT_DONE;
	for (size_t i = 0; i < coffer_option_count; i++)
		if (coffer_options[i].id == id)
			name = coffer_options[i].name;
	errno = 0;
	*number_out = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno)
		return coffer_report_usage(
			arguments, "option '--%s': '%s' is not a whole number from 0", name, text);
	return COFFER_EXIT_DONE;
}
