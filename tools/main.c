/*
 * The coffer command: the table of subcommands, and the way to one of them.
 */
#include "help.h"
#include "interrupt.h"
#include "output.h"
#include "postgres_link.h"
#include "report.h"
#include "transfer/suggest.h"
#include "trust.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FORMAT_VERSION 1 /* SPEC.md 6.1 */

const struct coffer_command coffer_commands[COFFER_COMMAND_COUNT] = {
	{
		COFFER_COMMAND_CREATE,
		"create",
		"FILE",
		1,
		1,
		"make an empty store",
		"FILE is made with the gateway's sixteen tables and no rows, or with the tables of "
		"another schema.",
		{{"The gateway's tables", "create empty.coffer"},
		 {"Tables of your own", "create own.coffer --schema schema.prisma"}},
		coffer_command_create,
	},
	{
		COFFER_COMMAND_GENERATE,
		"generate",
		"FILE",
		1,
		1,
		"make a store with a realistic gateway in it",
		"FILE is filled with made-up teams, users, keys, budgets and spend logs in the "
		"shape, size "
		"and skew of a busy gateway. The same rows and seed give the same content on every "
		"machine. Under ERAS coffer(1) says what the rows are like.",
		{{"A small gateway", "generate demo.coffer"},
		 {"A million spend logs", "generate large.coffer --rows 1000000 --seed 7"},
		 {"Spend logs as they are today, a twentieth of them with their prompts",
		  "generate today.coffer --era today --prompts 5"},
		 {"Two tables of it", "generate some.coffer --table spendlogs --table teamtable"}},
		coffer_command_generate,
	},
	{
		COFFER_COMMAND_IMPORT,
		"import",
		"SOURCE FILE",
		2,
		2,
		"take a Postgres schema, a dump or a folder of files into a store",
		"Every table of one schema is read in one snapshot. FILE takes its place when all "
		"of it is "
		"there; an import that fails leaves the old file or none.\n\n"
		"SOURCE is a URL as gateways have it "
		"(postgresql://user@host/database?schema=public), a "
		"conninfo string (host=... dbname=...), env:NAME for the value of an environment "
		"variable, or "
		"postgres: for what the PG* variables, the service and the pass file say. "
		"Prefer env:NAME to a password in the list of processes.\n\n"
		"With --connections a server is read over several connections that share the "
		"snapshot of the first. Tables of more than 8 MiB are cut into pieces, by what "
		"the server's statistics know of their times or (from version 14 on) by blocks; "
		"FILE is the same to the byte as over one. Where not so many connections can be "
		"had, a note says why and the import goes on with those that there are. Each one "
		"is work for the server at the same time, and up to 12 MiB here.\n\n"
		"SOURCE is also a dump, as pg_dump writes it: plain (with COPY or --inserts), an "
		"archive (-Fc, -Ft or the folder of -Fd, which pg_restore reads: it must be on "
		"PATH), a pipe, or - for standard input. A dump made with --data-only gets the "
		"definitions of the gateway's tables by their names. Values of generated columns "
		"are in no dump: they are NULL until a server makes them again.\n\n"
		"Or it is another store, or a folder with a file of .ndjson or .csv for each "
		"table: "
		"under FOLDERS coffer(1) says what is in it.\n\n"
		"What is not carried, such as functions and triggers, is listed; the exit code is "
		"then 3.\n\n"
		"With --update FILE is brought up to what SOURCE holds now, in one transaction. "
		"Tables with a "
		"time column (the spend, error and audit logs) are logs: what is newer than the "
		"last time in "
		"FILE, less a window for what comes late, is added, and nothing is taken away "
		"(rows of a file or a store from before are passed over, and said to be). "
		"Other tables "
		"are compared row by row; rows that are gone in SOURCE are removed. Others may "
		"read FILE "
		"meanwhile, and wait to write; "
		"a stream is read to its end before that. Where SOURCE's schema is not FILE's "
		"any more nothing is done; nor, with the exit code 8, where a foreign key would lead nowhere "
		"since a log has other rows here than there. "
		"A FILE that was imported as a part stays that part.\n\n"
		"Of a part, foreign keys that lead out of it are followed and not enforced, views "
		"that may read what is left out are left out too, and 'coffer info' says which "
		"part "
		"it is.",
		{{"From the gateway's own setting", "import env:DATABASE_URL gateway.coffer"},
		 {"Keys, users, teams and budgets without the logs",
		  "import --preset keys env:DATABASE_URL keys.coffer"},
		 {"The logs of this year",
		  "import --preset logs --since 2026-01-01 env:DATABASE_URL logs.coffer"},
		 {"From a dump, in place of the old file",
		  "import --force gateway.sql gateway.coffer"},
		 {"From a folder of csv or ndjson", "import books gateway.coffer"},
		 {"What has changed since then",
		  "import --update env:DATABASE_URL gateway.coffer"}},
		coffer_command_import,
	},
	{
		COFFER_COMMAND_EXPORT,
		"export",
		"FILE TARGET",
		2,
		2,
		"put a store into a Postgres database, a file of SQL or a folder of files",
		"Every row is copied in one transaction: all or nothing. TARGET has the forms of "
		"import's SOURCE; its schema is the one that TARGET names, else the store's "
		"own. One transaction has one connection: there is no --connections here.\n\n"
		"TARGET is SQL when its name ends in .sql, or when it is - for standard output: "
		"definitions and rows in one transaction, for psql to load into an empty database. "
		"Under SQL coffer(1) says more.\n\n"
		"TARGET is a folder when there is one of that name, when a / stands behind the "
		"name, or with --format: then each table becomes a file of ndjson or csv, and the "
		"schema stands beside them. Under FOLDERS coffer(1) says more.\n\n"
		"With --create the tables, indexes, constraints, sequences and views of FILE are "
		"made in TARGET. The other modes fill tables that TARGET has. Tables and columns "
		"are matched by name. A column that TARGET lacks must be NULL in every row; one "
		"that FILE lacks gets its default. Rows go in the order of TARGET's foreign keys. "
		"The key of --upsert is TARGET's own: the primary key, else a unique index without "
		"NULLs; how many rows were inserted, updated and the same is said by table. "
		"Sequences are moved forward, never back; with --replace they stand as in FILE. "
		"--replace empties the tables of FILE and no others: it refuses where a row of "
		"another table refers to one.",
		{{"Into an empty database", "export gateway.coffer env:TARGET_URL --create"},
		 {"Into another schema",
		  "export gateway.coffer 'postgresql://me@host/db?schema=copy' --create"},
		 {"What is new or has changed, into a gateway's database",
		  "export edge.coffer env:DATABASE_URL --upsert"},
		 {"The budgets as they were",
		  "export gateway.coffer env:DATABASE_URL --upsert --table budgettable"},
		 {"Into a file for psql", "export gateway.coffer gateway.sql"},
		 {"Into a folder of csv", "export gateway.coffer books/ --format csv"}},
		coffer_command_export,
	},
	{
		COFFER_COMMAND_GET,
		"get",
		"FILE TABLE KEY...",
		3,
		-1,
		"print one row",
		"The row whose primary key is KEY, one word for each column of the key, as a JSON "
		"object. "
		"With --related the rows that it refers to and those that refer to it stand beside "
		"it: of "
		"each relation the first ten, the oldest first, and their number.",
		{{"A team", "get gateway.coffer teamtable 6f1c9e0a-7d57-4d2a-9b0e-2a4c8f6f3f11"},
		 {"A key with its team, user and newest spend",
		  "get gateway.coffer verificationtoken TOKEN --related --reverse"},
		 {"By another unique index",
		  "get gateway.coffer usertable ID --index sso_user_id"}},
		coffer_command_get,
	},
	{
		COFFER_COMMAND_SCAN,
		"scan",
		"FILE TABLE",
		2,
		2,
		"print rows, one JSON object a line",
		"All rows of TABLE in the order of their arrival or, with --index, in the order of "
		"an index. "
		"--key holds the first columns of the index fast, --from and --to bound the next "
		"one. "
		"Under ROWS coffer(1) says how values are written.",
		{{"The newest spend", "scan gateway.coffer spendlogs --reverse --limit 3"},
		 {"A day of it, two columns", "scan gateway.coffer spendlogs --index startTime "
					      "--from 2024-11-05 --to 2024-11-06 "
					      "-c model,spend"},
		 {"How often one end user called",
		  "scan gateway.coffer spendlogs --index end_user --key someone --count"},
		 {"A table into a file", "scan gateway.coffer teamtable -o teams.ndjson"}},
		coffer_command_scan,
	},
	{
		COFFER_COMMAND_SQL,
		"sql",
		"FILE [QUERY]",
		1,
		2,
		"ask a store questions in SQL",
		"QUERY is answered by SQLite's engine, to which every table of FILE is a table. Without "
		"QUERY the statements come from standard input, as a script that ends with the first "
		"failure; on a terminal they are typed, with editing, history and completion, which the static binary lacks. Under "
		"QUERIES coffer(1) says what a column is there, and which commands begin with a dot.\n\n"
		"Rows are printed as a table on a terminal, else as ndjson, as scan does; --json is --mode "
		"json. csv is RFC 4180's, where NULL is empty and an empty text is \"\". In the other modes "
		"control characters are escaped, and table and box cut long cells.\n\n"
		"SQL only reads: put and delete write. It makes TEMP tables and views, and touches no file "
		"but FILE and those of --attach, whose tables are NAME.TABLE.\n\n"
		"The value of --param is a text unless :TYPE says int, real, blob (hexadecimal digits) or "
		"null. NAME is what stands behind :, @ or $ in a statement, or the number of a ?.",
		{{"What each model has cost",
		  "sql gateway.coffer 'SELECT model, sum(spend) FROM LiteLLM_SpendLogs GROUP BY model'"},
		 {"A value that comes from elsewhere",
		  "sql gateway.coffer --param who=alice 'SELECT * FROM LiteLLM_UserTable WHERE user_id = "
		  ":who'"},
		 {"Two stores in one statement",
		  "sql new.coffer --attach old=old.coffer 'SELECT team_id FROM LiteLLM_TeamTable EXCEPT "
		  "SELECT team_id FROM old.LiteLLM_TeamTable'"},
		 {"For a spreadsheet",
		  "sql gateway.coffer --mode csv -o teams.csv 'SELECT * FROM LiteLLM_TeamTable'"},
		 {"Which tables are there", "sql gateway.coffer .tables"}},
		coffer_command_sql,
	},
	{
		COFFER_COMMAND_REPORT,
		"report",
		"[NAME [FILE]]",
		0,
		2,
		"answer what a gateway asks of its books",
		"NAME is one of the reports that are listed without it, each with what it takes: the logs by page, key, user, "
		"team or session; spend by day, key, team, model or tag; the keys, users and teams; "
		"what is due, what retention would remove, who changed what, what failed. Each is a "
		"statement of SQL, which --sql prints, with the values that were given put in; with "
		"FILE as it is run there.\n\n"
		"Times are those of the logs, from --from on and before --to, which comes behind it. Reports of logs that are "
		"given neither take the 30 days (28 in key-model) up to the end of the day of the "
		"newest log in FILE, not up to now, and say so on standard error; those of the logs of "
		"one key, user, team, end user, session or request take all. A report that shows a part of its "
		"rows says there how many there are.\n\n"
		"Spend is added exactly and rounded once, so that a sum does not depend on the order "
		"of the rows; it is printed with the fewest digits that read back as the same double "
		"precision number. What has no user, team or model group has an empty text or NULL "
		"there: in sums that is one group, whose name is NULL, and top-end-users leaves it "
		"out. A filter takes the text as it is.\n\n"
		"Rows are printed as coffer sql prints them. A report that needs what FILE does not "
		"have says so; columns of newer gateways are left out where FILE has none.",
		{{"What there is", "report"},
		 {"Spend of the last 30 days in the store", "report daily gateway.coffer"},
		 {"Who spent it, for a spreadsheet",
		  "report top-keys gateway.coffer --limit 100 --mode csv -o keys.csv"},
		 {"A day's logs of a team, the dearest first",
		  "report logs gateway.coffer --team TEAM_ID --from 2024-11-05 --to 2024-11-06 "
		  "--order dearest"},
		 {"What would go if logs were kept from October on",
		  "report retention gateway.coffer --before 2024-10-01"},
		 {"Its statement, to go on from", "report daily-teams --sql"}},
		coffer_command_report,
	},
	{
		COFFER_COMMAND_PUT,
		"put",
		"FILE TABLE",
		2,
		2,
		"write rows from standard input into a store",
		"Each line of standard input is a row of TABLE, a JSON object as under ROWS in "
		"coffer(1). A column that a row does not name gets its default (what the gateway's "
		"client makes, else what DEFAULT says, else NULL); null is SQL NULL. Values are "
		"stored in the form in which Postgres stores them, and NOT NULL, unique keys and "
		"foreign keys are enforced. All rows are one transaction: a row that is refused "
		"leaves the store as it was. With --batch each N rows are one, and so is what has "
		"come when the stream pauses: of a pipe what came while the last commit was made "
		"durable. With --ack the lines that are done are acknowledged, so that whoever feeds "
		"the stream knows what it need not send again. The first line that is refused ends it, unless "
		"--keep-going leaves such lines out; a row then has to come behind those that it "
		"refers to.\n\n"
		"New values are compressed as those of their column that an import or a compact found worth "
		"it; in a store that was only created they are plain until a compact.\n\n"
		"Several processes may write to one store, and others read it meanwhile.",
		{{"A table of another store",
		  "scan old.coffer teamtable | coffer put new.coffer teamtable"},
		 {"Logs as they come", "put edge.coffer spendlogs --batch 100 --skip-existing"},
		 {"For weeks, whatever a line may be",
		  "put edge.coffer spendlogs --batch 100 --skip-existing --keep-going"},
		 {"Rows with an acknowledgement",
		  "put edge.coffer spendlogs --batch 1000 --ack --skip-existing"},
		 {"Spend added to keys",
		  "put edge.coffer verificationtoken --update --increment spend"}},
		coffer_command_put,
	},
	{
		COFFER_COMMAND_DELETE,
		"delete",
		"FILE TABLE KEY...",
		3,
		-1,
		"delete one row",
		"The row whose primary key is KEY, one word for each column of the key. What "
		"refers "
		"to it by a foreign key goes, is set to NULL or to its default, or forbids it, as "
		"the foreign key says. Deleting is not erasing: coffer compact writes a file without "
		"what was deleted.",
		{{"A key", "delete gateway.coffer verificationtoken TOKEN"},
		 {"A membership", "delete gateway.coffer teammembership USER_ID TEAM_ID"}},
		coffer_command_delete,
	},
	{
		COFFER_COMMAND_COPY,
		"copy",
		"FILE NEW",
		2,
		2,
		"write a consistent copy of a store",
		"One snapshot of FILE, which others may be writing to, as the new store NEW: the "
		"same rows, without free pages and without what was deleted.",
		{{"A backup of a live store", "copy edge.coffer backup.coffer"}},
		coffer_command_copy,
	},
	{
		COFFER_COMMAND_MIGRATE,
		"migrate",
		"FILE NEW",
		2,
		2,
		"write a store anew with another schema",
		"Tables and columns are matched by name. A column that is added gets its default; "
		"a "
		"value of another type is read from its text. Tables and columns with values that "
		"the new schema has no place for are named, and the exit code is then 3; a value "
		"that a new column cannot hold is named, and nothing is written.",
		{{"To a newer gateway's schema",
		  "migrate gateway.coffer newer.coffer --schema schema.prisma"}},
		coffer_command_migrate,
	},
	{
		COFFER_COMMAND_COMPACT,
		"compact",
		"FILE [NEW]",
		1,
		2,
		"write a store anew, and give back what it does not use",
		"FILE is written anew with the same rows: without free pages, what was deleted and texts "
		"that no row uses any more, its columns looked at as those of an import are. A store of an "
		"older coffer gets what a new one has: roll-ups, compressed values. The rows keep their "
		"order and their numbers; the digest of the content stays what it was.\n\n"
		"The new file is written beside FILE and takes its place when all of it is there, with its "
		"owner, mode and access list; until then FILE is as it was. Another name of the old file, a hard "
		"link, keeps it. Both together take up to twice the disk. "
		"Nobody else may have FILE open when it begins and when it ends, nor write to it "
		"in between: the exit code is 75 then, and FILE as it was. With NEW the store is written "
		"there, FILE stays, and others may use it meanwhile.",
		{{"After much has come and gone, or of an older coffer", "compact gateway.coffer"},
		 {"Where the disk has no room for both", "compact gateway.coffer /other/disk/compact.coffer"}},
		coffer_command_compact,
	},
	{
		COFFER_COMMAND_PRUNE,
		"prune",
		"FILE [NEW]",
		1,
		2,
		"remove old logs from a store, and give the disk back",
		"The rows of the logs that are from before --before go. Logs are the tables with a time "
		"column (the spend, error and audit logs). A row whose time is NULL stays; one of "
		"-infinity is older than any time. What refers to an old row by a foreign key has to go "
		"first: else nothing is written, and the exit code is 8.\n\n"
		"With --columns the old rows stay, and the named columns of them get their default, else "
		"NULL, as where prompts and responses are not kept as long as what they cost.\n\n"
		"TIME is a time or a date, in UTC where it names no zone. An age is a number of seconds, "
		"minutes, hours, days or weeks (30s, 10m, 12h, 90d, 8w), counted back from now, not from "
		"the newest row.\n\n"
		"What is removed is gone: FILE is written anew as by coffer compact, with up to twice the "
		"disk and nobody else at it, and no byte of what went is left in it. "
		"Where nothing is old nothing is written. With NEW the store is written there and FILE "
		"stays. How many rows of which table went coffer info tells; import --update does not "
		"bring them back, and reconcile does not miss them. Columns that were emptied "
		"differ from the source's: reconcile says so, and an import --update whose window "
		"reaches their rows fills them again.",
		{{"What would go", "prune gateway.coffer --before 2024-10-01 --dry-run"},
		 {"Every log that is older than 90 days", "prune gateway.coffer --before 90d"},
		 {"Prompts and responses after a week",
		  "prune gateway.coffer --before 7d --columns messages,response"},
		 {"Only the audit log", "prune gateway.coffer --before 2024-01-01 --table auditlog"},
		 {"The last month to carry, and the whole to keep",
		  "prune gateway.coffer month.coffer --before 30d"}},
		coffer_command_prune,
	},
	{
		COFFER_COMMAND_SCHEMA,
		"schema",
		"FILE",
		1,
		1,
		"print what a store describes",
		"The tables, columns, types, keys, indexes and relations of FILE, which is a store "
		"or, when "
		"its name ends in .prisma, a Prisma schema, or in .json, what --json wrote. That "
		"says all that a schema can say, which Prisma's language does not.",
		{{"For Prisma", "schema gateway.coffer"},
		 {"For psql", "schema gateway.coffer --sql | psql -d empty"},
		 {"Has the gateway changed?", "schema old.coffer --diff new.coffer"}},
		coffer_command_schema,
	},
	{
		COFFER_COMMAND_INFO,
		"info",
		"FILE",
		1,
		1,
		"print tables, rows, sizes and where they came from",
		"Two stores hold the same content exactly when their digests are equal, whatever "
		"the order "
		"of their rows.",
		{{"At a glance", "info gateway.coffer"},
		 {"With the digest of the content", "info gateway.coffer --digest"},
		 {"For a program", "info gateway.coffer --json"}},
		coffer_command_info,
	},
	{
		COFFER_COMMAND_VERIFY,
		"verify",
		"FILE",
		1,
		1,
		"read everything again and check it",
		"Every record, long value, pooled text, index entry, constraint and sequence of "
		"FILE is "
		"checked. Each finding is a line: the number of the invariant in SPEC.md, the "
		"place and what "
		"is wrong there. The exit code is 4 when there is one, 10 when there is nothing "
		"worse than a "
		"newer coffer's feature. Large tables are read by as many threads as there are processors "
		"that the command may use, up to 8.",
		{{"Is it whole?", "verify gateway.coffer"},
		 {"In a script", "verify --quiet gateway.coffer >/dev/null && echo whole"}},
		coffer_command_verify,
	},
	{
		COFFER_COMMAND_RECOVER,
		"recover",
		"DAMAGED NEW",
		2,
		2,
		"save what is whole of a damaged store",
		"Every row of DAMAGED whose record is intact goes into the new store NEW, its indexes made "
		"anew. No tree of DAMAGED is believed: each page in use is looked at, and what has a right "
		"checksum is taken. What is lost is named, by page and by row, the first twenty of it; the "
		"exit code is 3 when there was anything. DAMAGED is only read.\n\n"
		"Last come the rows of each table, the tables of which none was found, since a table that is "
		"gone whole is not known to be lost, and how many warnings were left out; with --json these "
		"are rows_by_table, an object with the rows of every table by its name, and "
		"warnings_left_out. Where not one row can be recovered, and DAMAGED is not known to have had "
		"none, the exit code is 4 and NEW stays as it was.\n\n"
		"Where its schema is lost, no row can be read but by the schema of another store that has the "
		"same tables, laid out alike: a backup, or what schema --json wrote of one. What is left of "
		"DAMAGED's own may prove that it is the same; else it is held against the names of DAMAGED's "
		"trees and refused where they differ, each row is held against its columns, and the exit code "
		"is 3.",
		{{"After a disk has failed", "recover gateway.coffer saved.coffer"},
		 {"With the schema of a backup", "recover gateway.coffer saved.coffer --schema backup.coffer"}},
		coffer_command_recover,
	},
	{
		COFFER_COMMAND_RECONCILE,
		"reconcile",
		"FILE SOURCE",
		2,
		2,
		"hold a store against its source, row by row",
		"Every table of FILE is compared with the one of that name in SOURCE, which has "
		"the forms of "
		"import's and is read in one snapshot: rows by primary key, column by column "
		"(those of a "
		"table without one as a whole, in any order), sums of the numbers and ranges of "
		"the times. "
		"Printed are a line for each table, its first differing rows by key and column, "
		"and last "
		"\"equal\" or \"different\"; the exit code is 6 when anything differs.\n\n"
		"Values are equal when they have the same bits. Sums are of the exact values, "
		"rounded once, "
		"whatever the order of the rows. Tables that FILE does not have are not compared, "
		"nor are "
		"logs from before the time that FILE was imported --since; both is said.",
		{{"Is it what the gateway has?", "reconcile gateway.coffer env:DATABASE_URL"},
		 {"The last month's logs",
		  "reconcile gateway.coffer env:DATABASE_URL --preset logs --since 2024-11-01"},
		 {"Has the office's database every row of the site's?",
		  "reconcile site.coffer env:DATABASE_URL --subset"},
		 {"Every difference, for a script",
		  "reconcile gateway.coffer env:DATABASE_URL --ndjson"}},
		coffer_command_reconcile,
	},
	{
		COFFER_COMMAND_DIFF,
		"diff",
		"A B",
		2,
		2,
		"compare two stores, by key and column",
		"A and B are stores, or sources as import takes them. What differs between their "
		"schemas "
		"is printed as schema --diff prints it; then a line for each table and its first "
		"differing "
		"rows: a column's value in A and in B, a row that only one of them has. The exit "
		"code is 6 "
		"when anything differs.",
		{{"What has changed since?", "diff january.coffer february.coffer"},
		 {"In one table, all of it",
		  "diff a.coffer b.coffer --table teamtable --limit 1000000"},
		 {"The keys that are gone",
		  "diff a.coffer b.coffer --table verificationtoken --ndjson | grep only_left"}},
		coffer_command_diff,
	},
	{
		COFFER_COMMAND_HELP,
		"help",
		"[COMMAND]",
		0,
		1,
		"print help",
		"Help on COMMAND, or the list of commands.",
		{{"On one command", "help scan"}},
		coffer_command_help,
	},
};

const struct coffer_command *
coffer_command_find(const char *name)
{
	for (size_t i = 0; i < COFFER_COMMAND_COUNT; i++)
		if (!strcmp(coffer_commands[i].name, name))
			return &coffer_commands[i];
	return NULL;
}

static int
refuse_command(int count, char **words)
{
	const struct coffer_arguments arguments = {.is_json = coffer_arguments_ask_json(count, words)};
	const char *name = words[0];
	struct coffer_suggestion suggestion = {.word = name};

	if (*name == '-')
		return coffer_report_usage(&arguments, "unknown option '%s'", name);
	for (size_t i = 0; i < COFFER_COMMAND_COUNT; i++)
		coffer_suggestion_offer(&suggestion, coffer_commands[i].name);
	if (suggestion.best)
		return coffer_report_usage(&arguments, "unknown command '%s', did you mean '%s'?",
					   name, suggestion.best);
	return coffer_report_usage(&arguments, "unknown command '%s'", name);
}

static int
print_version(void)
{
	printf("coffer " COFFER_VERSION ", format %d, %s Postgres\n", FORMAT_VERSION,
	       coffer_postgres_link ? "with" : "without");
	return fflush(stdout) ? COFFER_EXIT_FAILED : COFFER_EXIT_DONE;
}

/* The store that is made of another replaces it only when it is whole, but then the other one is gone. */
static int
check_operands(const struct coffer_arguments *arguments)
{
	char *const *files = arguments->operands;

	switch (arguments->command->id) {
	case COFFER_COMMAND_IMPORT:
	case COFFER_COMMAND_COPY:
	case COFFER_COMMAND_MIGRATE:
	case COFFER_COMMAND_COMPACT:
	case COFFER_COMMAND_PRUNE:
	case COFFER_COMMAND_RECOVER:
		if (arguments->operand_count == 2 && coffer_output_is_same(files[0], files[1]))
			return coffer_report_usage(
				arguments,
				"%s and %s are the same file: the new store needs a name of its own",
				files[0], files[1]);
		return COFFER_EXIT_DONE;
	default:
		return COFFER_EXIT_DONE;
	}
}

/* A store is verified before its first answer; where it was not, success says so. */
static int
run_trusted(struct coffer_arguments *arguments)
{
	const char *store = coffer_trust_store(arguments);
	int code;

	/* A source that is no file may hold a password. */
	if (store && !access(store, R_OK))
		coffer_interrupt_reads(store);
	if ((code = coffer_trust_check(arguments)))
		return code;
	code = arguments->command->run(arguments);
	coffer_trust_learn(arguments, code);
	return code == COFFER_EXIT_DONE && arguments->is_unverified ? COFFER_EXIT_WARNINGS : code;
}

static int
run(const struct coffer_command *command, int count, char **words)
{
	struct coffer_arguments arguments;
	int code = coffer_arguments_parse(&arguments, command, count, words);

	if (!code && coffer_option_is_given(&arguments, COFFER_OPTION_HELP))
		code = coffer_help_print(command);
	else if (!code && !(code = check_operands(&arguments)))
		code = run_trusted(&arguments);
	coffer_arguments_release(&arguments);
	return code;
}

/*
 * A standard stream that was closed is a number that the next file takes: a store, which an error message would be written
 * over. So its place is taken, by what can be read where it is written and the other way round, so that using it fails.
 */
static bool
fill_streams(void)
{
	for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
		if (fcntl(stream, F_GETFD) < 0 &&
		    open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream)
			return false;
	return true;
}

int
main(int count, char **words)
{
	const struct coffer_command *command;

	if (!fill_streams())
		return COFFER_EXIT_FAILED;
	coffer_interrupt_watch();
	if (count < 2) {
		const struct coffer_arguments none = {.command = NULL};

		return coffer_report_usage(&none, "which command?");
	}
	if (!strcmp(words[1], "--version") || !strcmp(words[1], "-V"))
		return print_version();
	if (!strcmp(words[1], "--help") || !strcmp(words[1], "-h"))
		return coffer_help_print(NULL);
	command = coffer_command_find(words[1]);
	return command ? run(command, count - 1, words + 1) : refuse_command(count - 1, words + 1);
}
