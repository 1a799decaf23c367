/*
 * A throw-away server for a C test: lib.sh in a child, which stops it when our end of the pipe
 * closes, however this process ends. PGHOST and PGUSER of this process then lead to it.
 */
#ifndef COFFER_TESTS_POSTGRES_SERVER_H
#define COFFER_TESTS_POSTGRES_SERVER_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct server {
	pid_t pid;
	int input; /* closing it stops the server */
	FILE *output;
};

/* There is no server because none is installed: one that does not start ends the test. */
static inline void
server_must_be_missing(struct server *server)
{
	int state = 0;

	close(server->input);
	waitpid(server->pid, &state, 0);
	if (WIFEXITED(state) && WEXITSTATUS(state) == 77)
		return;
	fprintf(stderr, "the server does not start\n");
	exit(1);
}

/*
 * Start a server and run `script` (sh, with lib.sh's functions). False when none is installed; one that does not
 * start ends the test.
 */
static inline bool
server_start(struct server *server, const char *script)
{
	static const char prologue[] = ". tests/postgres/lib.sh\npg_start || exit 77\n";
	char command[4096], line[256] = "";
	int to[2], from[2];

	snprintf(command, sizeof(command), "%s%s\necho \"$PG_FOLDER\"\ncat >/dev/null\n", prologue,
		 script);
	if (pipe(to) != 0 || pipe(from) != 0 || (server->pid = fork()) < 0)
		return false;
	if (server->pid == 0) {
		dup2(to[0], STDIN_FILENO);
		dup2(from[1], STDOUT_FILENO);
		close(to[1]);
		close(from[0]);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	server->input = to[1];
	server->output = fdopen(from[0], "r");
	if (!server->output || !fgets(line, sizeof(line), server->output)) {
		server_must_be_missing(server);
		return false;
	}
	line[strcspn(line, "\n")] = '\0';
	setenv("PGHOST", line, 1);
	setenv("PGPORT", "5432", 1);
	setenv("PGUSER", "coffer", 1);
	setenv("PGDATABASE", "postgres", 1);
	return true;
}

static inline void
server_stop(struct server *server)
{
	int state;

	close(server->input);
	waitpid(server->pid, &state, 0);
	fclose(server->output);
}

#endif
