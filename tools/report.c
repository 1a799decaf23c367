/*
 * Errors, notes and warnings on standard error: a line each, put together whole before it is written so
 * that the lines of several processes do not mix.
 */
#include "report.h"

#include "follow.h"
#include "interrupt.h"
#include "json.h"
#include "progress.h"
#include "trust.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TEXT_SIZE = 1024,
	NOTE_SIZE = 6 * TEXT_SIZE, /* it may list names */
	LINE_SIZE = 2 * 6 * TEXT_SIZE + 256, /* a byte may become \u00xx */
};

/* A line that grows to its end and no further. */
struct line {
	char bytes[LINE_SIZE];
	size_t size;
};

static void
add(struct line *line, const char *text)
{
	size_t size = strlen(text), left = sizeof(line->bytes) - line->size;

	if (size > left)
		size = left;
	memcpy(line->bytes + line->size, text, size);
	line->size += size;
}

/* C0, DEL and, in UTF-8, C1: what a terminal may act on. */
static size_t
control_size(const unsigned char *text)
{
	if (text[0] == 0xc2 && text[1] >= 0x80 && text[1] < 0xa0)
		return 2;
	return text[0] < 0x20 || text[0] == 0x7f;
}

/* Put a star in the place of `size` bytes. */
static void
mask(char *text, size_t size)
{
	if (!size)
		return;
	*text = '*';
	memmove(text + 1, text + size, strlen(text + size) + 1);
}

/* The length of a conninfo string's value: to its closing quote, where it is quoted. */
static size_t
value_size(const char *text)
{
	size_t size = 1;

	if (*text != '\'')
		return strcspn(text, " \t\n&'\"");
	while (text[size] && text[size] != '\'')
		size += text[size] == '\\' && text[size + 1] ? 2 : 1;
	return size + (text[size] == '\'');
}

/* A word of the command line may be a connection string that stands in the wrong place: its user and
 * password are masked, wherever it came from. */
static void
redact(char *text)
{
	static const char word[] = "password";
	size_t size;
	char *at;

	for (at = text; (at = strstr(at, "://"));) {
		at += 3;
		for (size = strcspn(at, " \t\n"); size && at[size - 1] != '@'; size--)
			;
		mask(at, size ? size - 1 : 0);
	}
	for (at = text; (at = strcasestr(at, word));) {
		at += sizeof(word) - 1;
		size = strspn(at, " \t\n");
		if (at[size] != '=')
			continue;
		at += size + 1;
		at += strspn(at, " \t\n");
		mask(at, value_size(at));
	}
}

/* As JSON the line is UTF-8 whatever the text is, which may be a path or end within a character. */
static void
add_safe(struct line *line, const char *text, bool is_json)
{
	char piece[8] = "";

	for (size_t size; *text; text += size) {
		size_t control = control_size((const unsigned char *)text);

		size = is_json && !control ? coffer_json_utf8_size(text) : 1;
		if (control) {
			snprintf(piece, sizeof(piece), "\\u%04x", (unsigned char)text[control - 1]);
			size = control;
		} else if (!size) {
			snprintf(piece, sizeof(piece), "\\ufffd");
			size = 1;
		} else if (is_json && (*text == '"' || *text == '\\')) {
			snprintf(piece, sizeof(piece), "\\%c", *text);
		} else {
			memcpy(piece, text, size);
			piece[size] = '\0';
		}
		add(line, piece);
	}
}

static void
add_member(struct line *line, const char *name, const char *text)
{
	add(line, ",\"");
	add(line, name);
	add(line, "\":\"");
	add_safe(line, text, true);
	add(line, "\"");
}

static void
say(struct line *line)
{
	if (line->size == sizeof(line->bytes))
		line->size--;
	line->bytes[line->size++] = '\n';
	coffer_progress_clear();
	fwrite(line->bytes, 1, line->size, stderr);
	fflush(stderr);
}

static const char *
command_of(const struct coffer_arguments *arguments)
{
	return arguments->command ? arguments->command->name : "";
}

static int
tell(const struct coffer_arguments *arguments, const char *kind, int code, const char *said_place,
     const char *said_message)
{
	char place[TEXT_SIZE], message[TEXT_SIZE], number[16];
	struct line line = {.size = 0};

	snprintf(place, sizeof(place), "%s", said_place);
	snprintf(message, sizeof(message), "%s", said_message);
	redact(place);
	redact(message);
	if (arguments->is_json) {
		snprintf(number, sizeof(number), "%d", code);
		add(&line, "{\"schema\":\"coffer/error/1\",\"exit\":");
		add(&line, number);
		add_member(&line, "status", kind);
		add_member(&line, "place", place);
		add_member(&line, "message", message);
		add(&line, "}");
	} else {
		add(&line, "coffer: ");
		add_safe(&line, place, false);
		add(&line, *place ? ": " : "");
		add_safe(&line, message, false);
	}
	say(&line);
	return code;
}

int
coffer_exit_code(coffer_status status)
{
	switch (status) {
	case COFFER_OK:
		return COFFER_EXIT_DONE;
	case COFFER_NOT_FOUND:
		return COFFER_EXIT_NOT_FOUND;
	case COFFER_UNSUPPORTED:
		return COFFER_EXIT_NEWER;
	case COFFER_CORRUPT:
		return COFFER_EXIT_DAMAGED;
	case COFFER_BUSY:
		return COFFER_EXIT_BUSY;
	case COFFER_CONFLICT:
	case COFFER_EXISTS:
		return COFFER_EXIT_CONFLICT;
	case COFFER_INTERRUPTED:
		return coffer_interrupt_code();
	case COFFER_UNREACHABLE:
		return COFFER_EXIT_UNREACHABLE;
	case COFFER_NO_MEMORY:
	case COFFER_IO:
	case COFFER_INVALID:
	case COFFER_LIMIT:
	case COFFER_NOT_A_COFFER:
	case COFFER_FULL:
		break;
	}
	return COFFER_EXIT_FAILED;
}

static bool
takes_force(const struct coffer_arguments *arguments)
{
	for (size_t i = 0; arguments->command && i < coffer_option_count; i++)
		if (coffer_options[i].id == COFFER_OPTION_FORCE &&
		    coffer_options[i].commands & 1u << arguments->command->id)
			return true;
	return false;
}

static bool
may_be_forced(const struct coffer_arguments *arguments)
{
	return takes_force(arguments) && !coffer_option_is_given(arguments, COFFER_OPTION_FORCE);
}

/* A name of an open descriptor, /dev/stdout, is no place of a store. */
static bool
is_descriptor(const char *path)
{
	int descriptor;

	free(coffer_follow(path, &descriptor));
	return descriptor >= 0;
}

/* What helps, behind what is wrong. */
static const char *
remedy(const struct coffer_arguments *arguments, coffer_status status, const char *place)
{
	if (status == COFFER_EXISTS && may_be_forced(arguments) && !is_descriptor(place))
		return "; --force replaces it";
	if (status == COFFER_CORRUPT && !arguments->is_json && arguments->command &&
	    arguments->command->id != COFFER_COMMAND_RECOVER)
		return "; " COFFER_REPORT_RECOVER;
	return "";
}

/* Damage has a place in a store; whoever has several of them open has said in which. */
static coffer_error
name_store(const struct coffer_arguments *arguments, const coffer_error *error)
{
	const char *path = error->status == COFFER_CORRUPT ? coffer_trust_store(arguments) : NULL;
	coffer_error named = *error;

	if (path)
		(void)coffer_error_in(&named, path);
	return named;
}

int
coffer_report_error(const struct coffer_arguments *arguments, const coffer_error *said)
{
	const coffer_error named = name_store(arguments, said), *error = &named;
	const char *text = coffer_status_text(error->status);
	char message[sizeof(error->message) + 64];

	snprintf(message, sizeof(message), "%s%s", *error->message ? error->message : text,
		 remedy(arguments, error->status, error->place));
	return tell(arguments, text, coffer_exit_code(error->status),
		    *error->place ? error->place : command_of(arguments), message);
}

int
coffer_report_usage(const struct coffer_arguments *arguments, const char *format, ...)
{
	struct line hint = {.size = 0};
	char message[1024];
	va_list rest;

	va_start(rest, format);
	vsnprintf(message, sizeof(message), format, rest);
	va_end(rest);
	tell(arguments, "usage", COFFER_EXIT_USAGE, command_of(arguments), message);
	if (!arguments->is_json) {
		add(&hint, "Try 'coffer help");
		add(&hint, arguments->command ? " " : "");
		add(&hint, command_of(arguments));
		add(&hint, "'.");
		say(&hint);
	}
	return COFFER_EXIT_USAGE;
}

int
coffer_report_missing(const struct coffer_arguments *arguments, const char *place,
		      const char *format, ...)
{
	char message[1024];
	va_list rest;

	va_start(rest, format);
	vsnprintf(message, sizeof(message), format, rest);
	va_end(rest);
	return tell(arguments, coffer_status_text(COFFER_NOT_FOUND), COFFER_EXIT_NOT_FOUND, place,
		    message);
}

void
coffer_report_note(const struct coffer_arguments *arguments, const char *format, ...)
{
	struct line line = {.size = 0};
	char message[NOTE_SIZE];
	va_list rest;

	if (arguments->is_quiet || arguments->is_json)
		return;
	va_start(rest, format);
	vsnprintf(message, sizeof(message), format, rest);
	va_end(rest);
	add_safe(&line, message, false);
	say(&line);
}

void
coffer_report_remark(void *context, const char *message)
{
	coffer_report_note(context, "%s", message);
}

void
coffer_report_warning(void *context, const char *message)
{
	const struct coffer_arguments *arguments = context;
	struct line line = {.size = 0};

	if (arguments->is_json) {
		add(&line, "{\"schema\":\"coffer/warning/1\"");
		add_member(&line, "message", message);
		add(&line, "}");
	} else {
		add(&line, "coffer: warning: ");
		add_safe(&line, message, false);
	}
	say(&line);
}

const char *
coffer_number_print(uint64_t number, char out[COFFER_NUMBER_SIZE])
{
	char digits[COFFER_NUMBER_SIZE];
	int size = snprintf(digits, sizeof(digits), "%" PRIu64, number);
	char *end = out;

	for (int i = 0; i < size; i++) {
		if (i && (size - i) % 3 == 0)
			*end++ = ',';
		*end++ = digits[i];
	}
	*end = '\0';
	return out;
}

const char *
coffer_count_print(uint64_t count, const char *one, const char *many, char out[COFFER_COUNT_SIZE])
{
	char number[COFFER_NUMBER_SIZE];

	(void)snprintf(out, COFFER_COUNT_SIZE, "%s %s", coffer_number_print(count, number),
		       count == 1 ? one : many);
	return out;
}

const char *
coffer_size_print(uint64_t bytes, char out[COFFER_NUMBER_SIZE])
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	double size = (double)bytes;
	size_t unit = 0;

	for (; size >= 1023.95 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
		size /= 1024;
	snprintf(out, COFFER_NUMBER_SIZE, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
	return out;
}
