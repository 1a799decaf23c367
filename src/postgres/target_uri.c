/*
 * Prisma's address is libpq's URI with parameters that libpq refuses: the query part is taken
 * apart, Prisma's own parameters are dropped or turned into libpq's, and the rest is put together
 * again in its order. What stands before the '?' is kept to the byte, and refused where libpq
 * would take it apart otherwise than it was meant.
 */
#include "postgres/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The query part of a URI while it is read. */
struct uri {
	FILE *out;
	char *schema;
	char *root;     /* sslcert in Prisma's sense, or a client's certificate in libpq's */
	size_t kept;    /* parameters written so far */
	bool is_strict; /* sslaccept=strict */
	bool is_plain;  /* sslmode=disable */
	bool has_key;   /* sslkey or sslrootcert: sslcert is meant as libpq means it */
	char mode[16];
};

static int
hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

/*
 * Undo percent-encoding as libpq does: %00 and half an escape are faults. NULL then, or without
 * memory.
 */
static char *
decode(const char *text, size_t size)
{
	char *out = malloc(size + 1);
	size_t at, used = 0;

	for (at = 0; out && at < size; at++) {
		int value = (unsigned char)text[at];

		if (text[at] == '%') {
			int high = size - at > 2 ? hex_value(text[at + 1]) : -1;
			int low = high >= 0 ? hex_value(text[at + 2]) : -1;

			value = low >= 0 ? high * 16 + low : 0;
			at += 2;
		}
		if (value == 0) {
			free(out);
			return NULL;
		}
		out[used++] = (char)value;
	}
	if (out)
		out[used] = '\0';
	return out;
}

static void
keep(struct uri *uri, const char *name, const char *value)
{
	fprintf(uri->out, "%c%s=", uri->kept++ ? '&' : '?', name);
	for (; *value; value++) {
		if ((coffer_target_is_word(*value) && *value != '+') || strchr("-._~/", *value))
			putc(*value, uri->out);
		else
			fprintf(uri->out, "%%%02X", (unsigned)(unsigned char)*value);
	}
}

/* Parameters of Prisma's connection pool: they say nothing about where the data is. */
static bool
is_pool(const char *name)
{
	static const char *const names[] = {
		"connection_limit",
		"pool_timeout",
		"pgbouncer",
		"socket_timeout",
		"statement_cache_size",
		"max_connection_lifetime",
		"max_idle_connection_lifetime",
		"single_use_connections",
	};
	size_t at;

	for (at = 0; at < sizeof(names) / sizeof(names[0]); at++)
		if (strcmp(name, names[at]) == 0)
			return true;
	return false;
}

static coffer_status
take_accept(struct uri *uri, const char *value, coffer_error *error)
{
	if (strcmp(value, "strict") == 0)
		uri->is_strict = true;
	else if (strcmp(value, "accept_invalid_certs") != 0)
		return coffer_error_set(error, COFFER_INVALID,
					"sslaccept must be strict or accept_invalid_certs");
	return COFFER_OK;
}

static void
replace(char **field, char **value)
{
	free(*field);
	*field = *value;
	*value = NULL;
}

/* One parameter, decoded. What is stored of `value` is taken out of it. */
static coffer_status
take(struct uri *uri, const char *name, char **value, coffer_error *error)
{
	if (strcmp(name, "schema") == 0) {
		replace(&uri->schema, value);
	} else if (strcmp(name, "sslcert") == 0) {
		replace(&uri->root, value);
	} else if (strcmp(name, "sslaccept") == 0) {
		return take_accept(uri, *value, error);
	} else if (strcmp(name, "sslidentity") == 0) {
		return coffer_error_set(
			error, COFFER_INVALID,
			"sslidentity is a PKCS#12 file, which libpq cannot read: split it "
			"with openssl pkcs12 and give sslcert and sslkey");
	} else if (strcmp(name, "sslmode") == 0) {
		if (strlen(*value) >= sizeof(uri->mode))
			return coffer_error_set(error, COFFER_INVALID,
						"sslmode is none of libpq's");
		memcpy(uri->mode, *value, strlen(*value) + 1);
	} else if (strcmp(name, "ssl") == 0 || coffer_target_is_parameter(name, strlen(name))) {
		if (strcmp(name, "sslkey") == 0 || strcmp(name, "sslrootcert") == 0)
			uri->has_key = true;
		keep(uri, name, *value);
	} else if (!is_pool(name)) {
		return coffer_error_set(error, COFFER_INVALID,
					"the connection string has an unknown parameter \"%s\"",
					name);
	}
	return COFFER_OK;
}

/* One "name=value" of the query part, as it stands there. */
static coffer_status
take_pair(struct uri *uri, const char *pair, size_t size, coffer_error *error)
{
	const char *equals = memchr(pair, '=', size);
	size_t name_size = equals ? (size_t)(equals - pair) : size;
	char name[PARAMETER_SIZE_MAX + 1], *value;
	coffer_status status;
	size_t at;

	for (at = 0; at < name_size && coffer_target_is_word(pair[at]); at++)
		;
	if (!equals || name_size == 0 || name_size > PARAMETER_SIZE_MAX || at < name_size)
		return coffer_error_set(
			error, COFFER_INVALID,
			"after the ? of the connection string name=value was expected");
	memcpy(name, pair, name_size);
	name[name_size] = '\0';
	if (!(value = decode(equals + 1, size - name_size - 1)))
		return coffer_error_set(
			error, COFFER_INVALID,
			"the parameter \"%s\" has a %% without two hex digits behind it", name);
	status = take(uri, name, &value, error);
	free(value);
	return status;
}

static coffer_status
take_query(struct uri *uri, const char *query, coffer_error *error)
{
	coffer_status status = COFFER_OK;

	while (*query && !status) {
		size_t size = strcspn(query, "&");

		if (size)
			status = take_pair(uri, query, size, error);
		query += size + (query[size] == '&');
	}
	return status;
}

/*
 * Prisma's sslcert is the certificate of the authority, libpq's the client's own; it is released
 * once written. A client's is of no use without its key. sslaccept=strict asks for what libpq calls
 * verify-full; Prisma's other choice is what libpq does by itself, unless an authority is given:
 * then it is checked.
 */
static void
finish_ssl(struct uri *uri)
{
	char *root = uri->root;

	uri->root = NULL;
	if (root)
		keep(uri, uri->has_key ? "sslcert" : "sslrootcert", root);
	free(root);
	if (uri->is_strict && strcmp(uri->mode, "disable") != 0)
		snprintf(uri->mode, sizeof(uri->mode), "verify-full");
	if (uri->mode[0])
		keep(uri, "sslmode", uri->mode);
}

/*
 * Where the query part begins (or the end of the text), found as libpq finds it: user and password
 * end at the first @ unless a / comes before. A second @, or one behind the /, is a password that
 * was not encoded; libpq would take parts of it for a host or a port and say so aloud.
 */
static coffer_status
split(const char *source, const char **query_out, coffer_error *error)
{
	const char *authority = strstr(source, "://") + 3;
	const char *at = authority + strcspn(authority, "@/");
	const char *rest = *at == '@' ? at + 1 : authority, *query = rest + strcspn(rest, "?"),
		   *check;

	*query_out = query;
	if (memchr(rest, '@', (size_t)(query - rest)) || (rest == authority && strchr(query, '@')))
		return coffer_error_set(
			error, COFFER_INVALID,
			"user and password of the connection string must be percent-encoded: "
			"@ as %%40, / as %%2F");
	for (check = authority; check < query; check++)
		if (*check == '%' && (hex_value(check[1]) < 0 || hex_value(check[2]) < 0 ||
				      (check[1] == '0' && check[2] == '0')))
			return coffer_error_set(
				error, COFFER_INVALID,
				"the connection string has a %% without two hex digits behind it "
				"(a %% itself is %%25)");
	return COFFER_OK;
}

coffer_status
coffer_target_parse_uri(const char *source, struct coffer_target *target, coffer_error *error)
{
	struct uri uri = {.schema = NULL};
	const char *query;
	size_t size;
	coffer_status status = split(source, &query, error);

	if (status)
		return status;
	if (!(uri.out = open_memstream(&target->conninfo, &size)))
		return coffer_target_no_memory(error);
	fwrite(source, 1, (size_t)(query - source), uri.out);
	status = take_query(&uri, query + (*query == '?'), error);
	if (!status)
		finish_ssl(&uri);
	if (fclose(uri.out) != 0 && !status)
		status = coffer_target_no_memory(error);
	target->schema = uri.schema;
	free(uri.root);
	return status;
}
