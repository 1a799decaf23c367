/*
 * Connection strings. Never a fault; what is taken, libpq can read and says the same as before:
 * parsing the outcome again gives itself. What is refused is said in one line that tells nothing
 * of a password: "secret" stands for one where it occurs once, in front of the '?' of a URI or in
 * a string that begins with password=.
 */
#include "postgres/postgres.h"
#include "postgres/session.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect(bool is_true)
{
	if (!is_true)
		abort();
}

/* A URI stays as it is; a keyword=value string too. */
static void
check_again(const char *conninfo)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	struct coffer_target again;

	expect(options != NULL);
	PQconninfoFree(options);
	if (conninfo[0] == '\0')
		return;
	expect(coffer_target_parse(conninfo, &again, NULL) == COFFER_OK);
	expect(strcmp(conninfo, again.conninfo) == 0);
	expect(again.schema == NULL);
	coffer_target_release(&again);
}

/* Is the one "secret" of the source where a password is? */
static bool
is_password(const char *source)
{
	const char *secret = strstr(source, "secret");

	if (!secret || strstr(secret + 1, "secret"))
		return false;
	if (strncmp(source, "postgres://", 11) == 0 || strncmp(source, "postgresql://", 13) == 0)
		return !memchr(source, '?', (size_t)(secret - source));
	return strncmp(source, "password=", 9) == 0;
}

static void
check_message(const char *source, const coffer_error *error)
{
	expect(error->message[0] && !strchr(error->message, '\n'));
	expect(!is_password(source) || !strstr(error->message, "secret"));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *source = malloc(size + 1);
	struct coffer_target target;
	coffer_error error = {.status = COFFER_OK};

	if (!source)
		return 0;
	memcpy(source, data, size);
	source[size] = '\0';
	if (strncmp(source, "env:", 4) != 0) {
		(void)coffer_postgres_is_source(source);
		if (coffer_target_parse(source, &target, &error) == COFFER_OK)
			check_again(target.conninfo);
		else
			check_message(source, &error);
		coffer_target_release(&target);
	}
	free(source);
	return 0;
}
