/*
 * --param NAME[:TYPE]=VALUE: values for the parameters of statements, :NAME, @NAME and $NAME, or ?N by its number. What a
 * value is stands on the command line alone: it is a text unless TYPE says something else.
 */
#include "report.h"
#include "shell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static bool
take_integer(struct coffer_shell_parameter *parameter)
{
	char *end;

	errno = 0;
	parameter->integer = strtoll(parameter->text, &end, 10);
	return parameter->size && !*end && !errno;
}

static bool
take_real(struct coffer_shell_parameter *parameter)
{
	char *end;

	parameter->real = strtod(parameter->text, &end);
	return parameter->size && !*end && parameter->real == parameter->real;
}

static int
digit(char letter)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *found = letter ? strchr(digits, letter) : NULL;

	return found ? (int)(found - digits) % 16 : -1;
}

/* "\x0aff" or "0aff" */
static bool
take_blob(struct coffer_shell_parameter *parameter)
{
	const char *digits = parameter->text + (strncmp(parameter->text, "\\x", 2) ? 0 : 2);
	size_t size = strlen(digits);
	unsigned char *bytes;

	if (size % 2)
		return false;
	parameter->blob = bytes = malloc(size / 2 + 1);
	parameter->size = size / 2;
	for (size_t i = 0; bytes && i < size / 2; i++) {
		int high = digit(digits[2 * i]), low = digit(digits[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (unsigned char)(high << 4 | low);
	}
	return bytes;
}

static bool
take_value(struct coffer_shell_parameter *parameter, const char *type, size_t type_size)
{
	static const struct {
		const char *name;
		int type;
	} types[] = {
		{"text", SQLITE_TEXT}, {"int", SQLITE_INTEGER}, {"real", SQLITE_FLOAT},
		{"blob", SQLITE_BLOB}, {"null", SQLITE_NULL},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i].name) == type_size && !memcmp(types[i].name, type, type_size))
			parameter->type = types[i].type;
	switch (parameter->type) {
	case SQLITE_TEXT:
		return true;
	case SQLITE_INTEGER:
		return take_integer(parameter);
	case SQLITE_FLOAT:
		return take_real(parameter);
	case SQLITE_BLOB:
		return take_blob(parameter);
	case SQLITE_NULL:
		return !parameter->size;
	default:
		return false;
	}
}

static int
take(struct coffer_shell *shell, const char *word, struct coffer_shell_parameter *parameter)
{
	const char *value = strchr(word, '='), *type = value ? memchr(word, ':', (size_t)(value - word)) : NULL;
	size_t name_size = value ? (size_t)((type ? type : value) - word) : 0;

	if (!value || !name_size)
		return coffer_report_usage(shell->arguments,
					   "option '--param': '%s' is not NAME=VALUE or NAME:TYPE=VALUE", word);
	*parameter = (struct coffer_shell_parameter){
		.name = word,
		.name_size = name_size,
		.text = value + 1,
		.size = strlen(value + 1),
	};
	if (take_value(parameter, type ? type + 1 : "text", type ? (size_t)(value - type) - 1 : 4))
		return COFFER_EXIT_DONE;
	if (!parameter->type)
		return coffer_report_usage(
			shell->arguments,
			"option '--param': '%.*s' is none of the types text, int, real, blob, null",
			(int)(value - type) - 1, type + 1);
	return coffer_report_usage(shell->arguments, "option '--param': '%s' is no value of type %.*s",
				   value + 1, type ? (int)(value - type) - 1 : 4, type ? type + 1 : "text");
}

static bool
is_named(const struct coffer_shell_parameter *parameter, const char *name, size_t size)
{
	return size && parameter->name_size == size && !strncmp(parameter->name, name, size);
}

/* Of two values one would be lost. */
static int
check_new(const struct coffer_shell *shell, const struct coffer_shell_parameter *parameter)
{
	for (size_t i = 0; i < shell->parameter_count; i++)
		if (is_named(&shell->parameters[i], parameter->name, parameter->name_size))
			return coffer_report_usage(shell->arguments, "option '--param': '%.*s' is given twice",
						   (int)parameter->name_size, parameter->name);
	return COFFER_EXIT_DONE;
}

int
coffer_shell_read_parameters(struct coffer_shell *shell)
{
	size_t position = 0, count = shell->arguments->given_count;
	const char *word;
	int code = COFFER_EXIT_DONE;

	shell->parameters = calloc(count + 1, sizeof(*shell->parameters));
	if (!shell->parameters)
		return coffer_report_usage(shell->arguments, "no memory for the parameters");
	while (!code && (word = coffer_option_next(shell->arguments, COFFER_OPTION_PARAM, &position))) {
		if (!(code = take(shell, word, &shell->parameters[shell->parameter_count])))
			code = check_new(shell, &shell->parameters[shell->parameter_count]);
		shell->parameter_count++;
	}
	return code;
}

static struct coffer_shell_parameter *
find(struct coffer_shell *shell, const char *name)
{
	for (size_t i = 0; i < shell->parameter_count; i++) {
		struct coffer_shell_parameter *parameter = &shell->parameters[i];

		if (!is_named(parameter, name, strlen(name)))
			continue;
		parameter->is_used = true;
		return parameter;
	}
	return NULL;
}

static int
bind_value(sqlite3_stmt *statement, int number, const struct coffer_shell_parameter *parameter)
{
	switch (parameter->type) {
	case SQLITE_INTEGER:
		return sqlite3_bind_int64(statement, number, parameter->integer);
	case SQLITE_FLOAT:
		return sqlite3_bind_double(statement, number, parameter->real);
	case SQLITE_BLOB:
		return sqlite3_bind_blob64(statement, number, parameter->blob, parameter->size,
					   SQLITE_STATIC);
	case SQLITE_NULL:
		return sqlite3_bind_null(statement, number);
	default:
		return sqlite3_bind_text64(statement, number, parameter->text, parameter->size,
					   SQLITE_STATIC, SQLITE_UTF8);
	}
}

static coffer_status
bind_one(struct coffer_shell *shell, sqlite3_stmt *statement, int number, coffer_error *error)
{
	const char *name = sqlite3_bind_parameter_name(statement, number);
	const struct coffer_shell_parameter *parameter;
	char digits[16];
	int code;

	(void)snprintf(digits, sizeof(digits), "%d", number);
	parameter = find(shell, name && *name != '?' ? name + 1 : digits);
	if (!parameter && sqlite3_stmt_isexplain(statement))
		return COFFER_OK;
	if (!parameter)
		return coffer_error_set(error, COFFER_INVALID,
					"parameter %s has no value: give --param %s=VALUE",
					name ? name : "?", name && *name != '?' ? name + 1 : digits);
	code = bind_value(statement, number, parameter);
	return code ? coffer_shell_failure(shell, code, error) : COFFER_OK;
}

coffer_status
coffer_shell_bind(struct coffer_shell *shell, sqlite3_stmt *statement, bool is_last,
		  coffer_error *error)
{
	coffer_status status = COFFER_OK;

	for (int i = 1; !status && i <= sqlite3_bind_parameter_count(statement); i++)
		status = bind_one(shell, statement, i, error);
	return status || !is_last ? status : coffer_shell_check_parameters(shell, error);
}

coffer_status
coffer_shell_check_parameters(const struct coffer_shell *shell, coffer_error *error)
{
	for (size_t i = 0; i < shell->parameter_count; i++)
		if (!shell->parameters[i].is_used)
			return coffer_error_set(error, COFFER_INVALID, "--param %.*s: no statement has this parameter",
						(int)shell->parameters[i].name_size, shell->parameters[i].name);
	return COFFER_OK;
}
