/*
 * The questions of bench_read, asked of the server with prepared statements over its Unix socket.
 *
 *   bench_pg CONNINFO
 *
 * The tables have the gateway's own indexes. The processor's time is the client's and that of the one server process
 * that answers, hence no parallel workers. The figures of measure.h are printed.
 */
#include "tests/bench/measure.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct bench {
	PGconn *connection;
	int server; /* process id */
	volatile unsigned long sink;
};

/* Asked once for each of the first column's values that `keys` gives. */
static const struct question {
	const char *row, *unit, *query, *keys;
	bool is_by_row; /* counts rows and not questions */
} questions[] = {
	{"get-all", "/s", "SELECT * FROM \"LiteLLM_SpendLogs\" WHERE request_id = $1",
	 "SELECT request_id FROM \"LiteLLM_SpendLogs\" ORDER BY md5(request_id) LIMIT 10000",
	 false},
	{"newest-50", "/s",
	 "SELECT \"startTime\", spend, total_tokens, model, api_key FROM \"LiteLLM_SpendLogs\""
	 " WHERE end_user = $1 ORDER BY \"startTime\" DESC LIMIT 50",
	 "SELECT end_user FROM \"LiteLLM_SpendLogs\" WHERE end_user <> '' ORDER BY md5(request_id) "
	 "LIMIT 2000",
	 false},
	{"day", "/s",
	 "SELECT \"startTime\", spend, total_tokens, model, api_key FROM \"LiteLLM_SpendLogs\""
	 " WHERE \"startTime\" >= $1::timestamp AND \"startTime\" < $1::timestamp + interval '1 "
	 "day'",
	 "SELECT DISTINCT date(\"startTime\") FROM \"LiteLLM_SpendLogs\" ORDER BY 1 OFFSET 40 "
	 "LIMIT 20",
	 true},
	{"spend", "us",
	 "SELECT date(\"startTime\"), model, sum(spend), count(*) FROM \"LiteLLM_SpendLogs\" WHERE "
	 "$1 <> ''"
	 " GROUP BY 1, 2",
	 "SELECT 'all'", false},
};

static void
die(const struct bench *bench)
{
	fprintf(stderr, "bench_pg: %s\n", PQerrorMessage(bench->connection));
	exit(1);
}

static PGresult *
ask(const struct bench *bench, const char *query)
{
	PGresult *result = PQexec(bench->connection, query);

	if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
		die(bench);
	return result;
}

/* Seconds of a processor that the server's process has had: the 14th and 15th word of what the kernel says of it, or
 * the 11th and 12th behind its name and state. */
static double
server_time(const struct bench *bench)
{
	char path[64], line[1024] = "", *at;
	unsigned long ticks = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", bench->server);
	file = fopen(path, "r");
	if (!file || !fgets(line, sizeof(line), file))
		line[0] = '\0';
	if (file)
		fclose(file);
	at = strrchr(line, ')');
	if (!at)
		return 0;
	at += sizeof(") S") - 1;
	for (int word = 1; word <= 12; word++) {
		unsigned long number = strtoul(at, &at, 10);

		ticks += word >= 11 ? number : 0;
	}
	return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

static long
run_question(struct bench *bench, const struct question *question, const PGresult *keys)
{
	long rows = 0;

	for (int i = 0; i < PQntuples(keys); i++) {
		const char *values[1] = {PQgetvalue(keys, i, 0)};
		PGresult *result =
			PQexecPrepared(bench->connection, question->row, 1, values, NULL, NULL, 0);

		if (PQresultStatus(result) != PGRES_TUPLES_OK)
			die(bench);
		for (int row = 0; row < PQntuples(result); row++)
			for (int column = 0; column < PQnfields(result); column++)
				bench->sink += (unsigned long)PQgetlength(result, row, column);
		rows += PQntuples(result);
		PQclear(result);
	}
	return question->is_by_row ? rows : PQntuples(keys);
}

static void
contest(struct bench *bench, const struct question *question)
{
	struct measure rounds[MEASURE_ROUNDS_MAX], start;
	PGresult *keys = ask(bench, question->keys);
	size_t count = measure_rounds(3);
	double server, work = 0;
	PGresult *prepared = PQprepare(bench->connection, question->row, question->query, 0, NULL);

	if (PQresultStatus(prepared) != PGRES_COMMAND_OK)
		die(bench);
	PQclear(prepared);
	for (size_t round = 0; round < count; round++) {
		server = server_time(bench);
		start = measure_now();
		work = (double)run_question(bench, question, keys);
		rounds[round] = measure_since(start);
		rounds[round].cpu += server_time(bench) - server;
	}
	if (strcmp(question->unit, "us") == 0)
		measure_time(question->row, "postgres", question->unit, rounds, count, work);
	else
		measure_rate(question->row, "postgres", question->unit, rounds, count, work);
	PQclear(keys);
}

int
main(int count, char **arguments)
{
	struct bench bench = {.sink = 0};

	if (count != 2) {
		fprintf(stderr, "usage: bench_pg CONNINFO\n");
		return 2;
	}
	bench.connection = PQconnectdb(arguments[1]);
	if (PQstatus(bench.connection) != CONNECTION_OK)
		die(&bench);
	bench.server = PQbackendPID(bench.connection);
	PQclear(ask(&bench, "SET max_parallel_workers_per_gather = 0"));
	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++)
		contest(&bench, &questions[i]);
	PQfinish(bench.connection);
	return 0;
}
