/*
 * Where a source or target is. Four forms come in (postgres.h); what goes out is a string that
 * libpq takes, and the schema. URIs are read in target_uri.c, the other forms here.
 *
 * Everything is checked before libpq sees it, because libpq's own messages quote what they
 * complain about and that may be a piece of a password: messages made here quote nothing but names
 * of parameters.
 */
#include "postgres/target.h"
#include "postgres/postgres.h"

#include <stdlib.h>
#include <string.h>

enum { SOURCE_SIZE_MAX = 1 << 20 };

static bool
starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
coffer_target_is_word(char letter)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
	       (letter >= '0' && letter <= '9') || letter == '_' || letter == '+';
}

/* Bytes of the scheme in front of "://", or 0. */
static size_t
scheme_size(const char *source)
{
	size_t size = 0;

	while (size < PARAMETER_SIZE_MAX && coffer_target_is_word(source[size]))
		size++;
	return starts(source + size, "://") ? size : 0;
}

/*
 * Is this one of libpq's parameters, or our own `schema`? Asked of libpq, so that none is
 * forgotten.
 */
bool
coffer_target_is_parameter(const char *name, size_t size)
{
	PQconninfoOption *options, *at;
	bool is_known = size == 6 && memcmp(name, "schema", 6) == 0;

	if (is_known || size == 0 || size > PARAMETER_SIZE_MAX ||
	    !(options = PQconninfoParse("", NULL)))
		return is_known;
	for (at = options; at->keyword && !is_known; at++)
		is_known = strlen(at->keyword) == size && memcmp(at->keyword, name, size) == 0;
	PQconninfoFree(options);
	return is_known;
}

static bool
is_space(char letter)
{
	return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r' ||
	       letter == '\f' || letter == '\v';
}

static const char *
skip_spaces(const char *at)
{
	while (is_space(*at))
		at++;
	return at;
}

/* The bytes of a keyword at `at`, if "=" follows it; else 0. */
static size_t
keyword_size(const char *at)
{
	size_t size = 0;

	while (coffer_target_is_word(at[size]))
		size++;
	return *skip_spaces(at + size) == '=' ? size : 0;
}

bool
coffer_postgres_is_source(const char *source)
{
	size_t scheme = scheme_size(source);
	const char *at = skip_spaces(source);

	if (scheme)
		return starts(source, "postgres") || starts(source, "prisma");
	if (starts(source, "env:") || strcmp(source, "postgres:") == 0)
		return true;
	return coffer_target_is_parameter(at, keyword_size(at));
}

coffer_status
coffer_target_no_memory(coffer_error *error)
{
	return coffer_error_set(error, COFFER_NO_MEMORY, "no memory for a connection string");
}

/*
 * The end of the value at `at`, or NULL when a quote is left open. With `out`, its text goes
 * there.
 */
static const char *
skip_value(const char *at, char *out)
{
	bool is_quoted = *at == '\'';

	for (at += is_quoted; *at && (is_quoted ? *at != '\'' : !is_space(*at)); at++) {
		if (*at == '\\' && at[1])
			at++;
		if (out)
			*out++ = *at;
	}
	if (out)
		*out = '\0';
	return is_quoted ? (*at ? at + 1 : NULL) : at;
}

/*
 * A name is told only while no password stands before it: it may be a part of one that has a
 * space.
 */
static coffer_status
refuse_word(const char *at, bool is_secret, coffer_error *error)
{
	size_t size = 0;

	while (coffer_target_is_word(at[size]))
		size++;
	if (is_secret || size == 0 || size > PARAMETER_SIZE_MAX)
		return coffer_error_set(
			error, COFFER_INVALID,
			"the connection string has something that is no keyword=value; "
			"a value with spaces stands in single quotes");
	return coffer_error_set(error, COFFER_INVALID,
				keyword_size(at)
					? "the connection string has an unknown parameter \"%.*s\""
					: "\"%.*s\" in the connection string has no = behind it",
				(int)size, at);
}

/* Both have room for all of the source, a blank in front of each pair and a NUL; they are zeroed. */
struct output {
	char *conninfo, *schema;
	size_t size; /* of conninfo so far */
};

/* Copy the pair at `*at` behind those before it, or its value to the schema; step behind it. */
static coffer_status
copy_pair(const char **at, struct output *output, coffer_error *error)
{
	const char *name = *at, *end;
	size_t size = keyword_size(name);
	bool is_schema = size == 6 && memcmp(name, "schema", 6) == 0;

	end = skip_value(skip_spaces(skip_spaces(name + size) + 1),
			 is_schema ? output->schema : NULL);
	if (!end)
		return coffer_error_set(
			error, COFFER_INVALID,
			"the connection string has a quote that is not closed, at \"%.*s\"",
			(int)size, name);
	if (!is_schema) {
		if (output->size)
			output->conninfo[output->size++] = ' ';
		memcpy(output->conninfo + output->size, name, (size_t)(end - name));
		output->size += (size_t)(end - name);
	}
	*at = skip_spaces(end);
	return COFFER_OK;
}

static coffer_status
copy_pairs(const char *source, struct output *output, coffer_error *error)
{
	const char *at = skip_spaces(source);
	bool is_secret = false;
	coffer_status status = COFFER_OK;

	while (*at && !status) {
		size_t size = keyword_size(at);

		if (!coffer_target_is_parameter(at, size))
			return refuse_word(at, is_secret, error);
		is_secret = is_secret || memmem(at, size, "password", 8);
		status = copy_pair(&at, output, error);
	}
	return status;
}

static coffer_status
parse_pairs(const char *source, struct coffer_target *target, coffer_error *error)
{
	/* A quoted value may have the next pair right behind it: a blank comes between. */
	size_t size = strlen(source);

	target->conninfo = calloc(2, size + 1);
	target->schema = calloc(1, size + 1);
	if (!target->conninfo || !target->schema)
		return coffer_target_no_memory(error);
	return copy_pairs(source, &(struct output){target->conninfo, target->schema, 0}, error);
}

/* A port that is no number would be quoted by libpq. */
static bool
is_port_list(const char *port)
{
	return !port || port[strspn(port, "0123456789,")] == '\0';
}

/* Let libpq read what it will be given, so that a fault shows before anything is tried. */
static coffer_status
check_libpq(const char *conninfo, coffer_error *error)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL), *at;
	bool is_good = options != NULL;

	for (at = options; is_good && at->keyword; at++)
		if (strcmp(at->keyword, "port") == 0)
			is_good = is_port_list(at->val);
	if (options)
		PQconninfoFree(options);
	if (is_good)
		return COFFER_OK;
	return coffer_error_set(
		error, COFFER_INVALID,
		"libpq cannot read the connection string: is the port a number, and are user and "
		"password percent-encoded?");
}

static coffer_status
parse_form(const char *source, struct coffer_target *target, coffer_error *error)
{
	if (starts(source, "postgresql://") || starts(source, "postgres://"))
		return coffer_target_parse_uri(source, target, error);
	if (starts(source, "prisma"))
		return coffer_error_set(error, COFFER_INVALID,
					"an address of Prisma's own service (prisma://, "
					"prisma+postgres://) is not a "
					"database's: give its postgresql:// address");
	if (scheme_size(source))
		return coffer_error_set(
			error, COFFER_INVALID,
			"the connection string must start with postgresql:// or postgres://");
	if (strcmp(source, "postgres:") == 0)
		return parse_pairs("", target, error);
	if (!coffer_postgres_is_source(source) || starts(source, "env:"))
		return coffer_error_set(error, COFFER_INVALID, "not a Postgres connection string");
	return parse_pairs(source, target, error);
}

coffer_status
coffer_target_parse(const char *source, struct coffer_target *target_out, coffer_error *error)
{
	const char *variable = starts(source, "env:") ? source + 4 : NULL;
	coffer_status status;

	*target_out = (struct coffer_target){.conninfo = NULL};
	if (variable && !(source = getenv(variable)))
		return coffer_error_set(error, COFFER_INVALID,
					"the environment variable %.64s is not set", variable);
	if (strnlen(source, SOURCE_SIZE_MAX) == SOURCE_SIZE_MAX)
		return coffer_error_set(error, COFFER_LIMIT,
					"the connection string is over a mebibyte long");
	status = parse_form(source, target_out, error);
	if (!status)
		status = check_libpq(target_out->conninfo, error);
	if (status && variable)
		(void)coffer_error_at(error, "env:%.64s", variable);
	if (status)
		coffer_target_release(target_out);
	if (!status && target_out->schema && !target_out->schema[0]) {
		free(target_out->schema);
		target_out->schema = NULL;
	}
	return status;
}

void
coffer_target_release(struct coffer_target *target)
{
	free(target->conninfo);
	free(target->schema);
	*target = (struct coffer_target){.conninfo = NULL};
}
