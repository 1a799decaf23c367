/*
 * Reading format/vectors/: lines of fields with " | " between, `-` for an empty one, and the words in which
 * columns and values are written there.
 */
#ifndef COFFER_TESTS_FORMAT_VECTOR_H
#define COFFER_TESTS_FORMAT_VECTOR_H

#include "coffer.h"
#include "format/record.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h> /* before cmocka.h, which needs it */

#include <cmocka.h>

enum { VECTOR_FIELDS_MAX = 8, VECTOR_BYTES_MAX = 4096 };

struct vector {
	const char *file;
	int line;
	char *fields[VECTOR_FIELDS_MAX]; /* the last says what it shows */
	int count;
};

struct vector_bytes {
	uint8_t data[VECTOR_BYTES_MAX];
	size_t size;
};

#define VECTOR_FAIL(vector, ...) \
	do { \
		print_error("%s:%d: ", (vector)->file, (vector)->line); \
		print_error(__VA_ARGS__); \
		print_error("\n"); \
		fail(); \
	} while (0)

static inline void
vector_split(struct vector *vector, char *line)
{
	line[strcspn(line, "\n")] = '\0';
	vector->count = 0;
	while (line) {
		char *next = strstr(line, " | ");

		assert_true(vector->count < VECTOR_FIELDS_MAX);
		if (next) {
			*next = '\0';
			next += 3;
		}
		vector->fields[vector->count++] = strcmp(line, "-") ? line : line + 1;
		line = next;
	}
}

/* Call `check` for each line of format/vectors/`name` that has `count` fields, as all must. */
static inline void
vector_each(const char *name, int count, void (*check)(const struct vector *vector))
{
	char path[128], line[8192];
	struct vector vector = {.file = path};
	FILE *file;
	int seen = 0;

	snprintf(path, sizeof(path), "format/vectors/%s.txt", name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s cannot be read", path);
	while (fgets(line, sizeof(line), file)) {
		vector.line++;
		if (*line == '#')
			continue;
		vector_split(&vector, line);
		if (vector.count != count)
			VECTOR_FAIL(&vector, "%d fields, expected %d", vector.count, count);
		check(&vector);
		seen++;
	}
	fclose(file);
	assert_true(seen > 0);
}

static inline int
vector_digit(char digit)
{
	return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

static inline struct vector_bytes
vector_hex(const char *text)
{
	struct vector_bytes bytes = {.size = 0};

	for (; isxdigit((unsigned char)text[0]) && isxdigit((unsigned char)text[1]); text += 2)
		bytes.data[bytes.size++] =
			(uint8_t)(vector_digit(text[0]) << 4 | vector_digit(text[1]));
	return bytes;
}

static inline void
vector_expect(const struct vector *vector, const void *bytes, size_t size, const char *hex)
{
	struct vector_bytes expected = vector_hex(hex);
	const uint8_t *data = bytes;

	if (size == expected.size && (!size || !memcmp(data, expected.data, size)))
		return;
	for (size_t i = 0; i < size; i++)
		print_error("%02x", data[i]);
	VECTOR_FAIL(vector, ", expected %s", hex);
}

/* Pass over `word` and the space behind it. */
static inline bool
vector_word(const char **at, const char *word)
{
	size_t size = strlen(word);

	if (strncmp(*at, word, size))
		return false;
	*at += size;
	*at += **at == ' ';
	return true;
}

/* "nullable text interned", "json compressed" */
static inline struct coffer_form
vector_column(const char **at, bool *is_nullable_out)
{
	static const struct {
		const char *word;
		struct coffer_form form;
	} words[] = {
		{"bool", {.kind = COFFER_BOOL}},    {"int2", {.kind = COFFER_INT, .width = 2}},
		{"int4", {.kind = COFFER_INT, .width = 4}},     {"int8", {.kind = COFFER_INT, .width = 8}},
		{"float4", {.kind = COFFER_FLOAT, .width = 4}}, {"float8", {.kind = COFFER_FLOAT, .width = 8}},
		{"time", {.kind = COFFER_TIME}},    {"text[]", {.kind = COFFER_TEXT_ARRAY}},
		{"text", {.kind = COFFER_TEXT}},    {"json", {.kind = COFFER_JSON}},
		{"bytes", {.kind = COFFER_BYTES}},  {"other", {.kind = COFFER_OTHER}},
	};
	struct coffer_form form = {.kind = COFFER_NULL};

	*is_nullable_out = vector_word(at, "nullable");
	for (size_t i = 0; i < sizeof(words) / sizeof(*words) && form.kind == COFFER_NULL; i++)
		if (vector_word(at, words[i].word))
			form = words[i].form;
	form.is_interned = vector_word(at, "interned");
	form.packs_ids = vector_word(at, "ids");
	form.is_compressed = vector_word(at, "compressed");
	return form;
}

/* A value in words; `text` borrows from `room`. */
struct vector_value {
	coffer_value value;
	uint32_t code;
	bool is_long;
	struct vector_bytes room;
};

/* 'text' or 'text'*N, appended to the room. */
static inline coffer_text
vector_text(const char **at, struct vector_bytes *room)
{
	const char *end = strchr(++*at, '\'');
	size_t size = (size_t)(end - *at), start = room->size;
	long times = 1;

	if (end[1] == '*')
		times = strtol(end + 2, NULL, 10);
	for (; times > 0; times--) {
		memcpy(room->data + room->size, *at, size);
		room->size += size;
	}
	*at = end + 1 + (end[1] == '*' ? 1 + strspn(end + 2, "0123456789") : 0);
	return (coffer_text){(const char *)room->data + start, room->size - start};
}

static inline void
vector_array(const char **at, struct vector_value *out)
{
	coffer_text elements[32];
	struct vector_bytes *texts = calloc(1, sizeof(*texts));
	size_t count = 0;

	assert_non_null(texts);
	for (++*at; **at != '}'; *at += **at == ',')
		if (vector_word(at, "nil"))
			elements[count++] = (coffer_text){NULL, 0};
		else
			elements[count++] = vector_text(at, texts);
	++*at;
	assert_true(coffer_array_size_max(elements, count) <= VECTOR_BYTES_MAX);
	out->room.size = coffer_array_pack(elements, count, out->room.data);
	out->value.kind = COFFER_TEXT_ARRAY;
	out->value.text = (coffer_text){(const char *)out->room.data, out->room.size};
	free(texts);
}

static inline void
vector_scalar(const char **at, coffer_kind kind, struct vector_value *out)
{
	char *end;

	out->value.kind = kind;
	if (vector_word(at, "true"))
		out->value.boolean = true;
	else if (vector_word(at, "false"))
		out->value.boolean = false;
	else if (vector_word(at, "bits")) {
		uint64_t bits = strtoull(*at, &end, 16);

		memcpy(&out->value.real, &bits, sizeof(bits));
		*at = end;
	} else {
		out->value.integer = strtoll(*at, &end, 10);
		*at = end;
	}
}

static inline void
vector_value(const char **at, coffer_kind kind, struct vector_value *out)
{
	memset(out, 0, sizeof(*out));
	if (vector_word(at, "nil"))
		return;
	if (vector_word(at, "long")) {
		out->is_long = true;
		return;
	}
	if (vector_word(at, "code")) {
		char *end;

		out->value.kind = kind;
		out->code = (uint32_t)strtoul(*at, &end, 10);
		*at = end;
	} else if (**at == '{') {
		vector_array(at, out);
	} else if (**at == 'x' && (*at)[1] == '\'') {
		out->room = vector_hex(*at + 2);
		*at = strchr(*at + 2, '\'') + 1;
		out->value.kind = kind;
		out->value.text = (coffer_text){(const char *)out->room.data, out->room.size};
	} else if (**at == '\'') {
		out->value.kind = kind == COFFER_TEXT_ARRAY ? COFFER_OTHER : kind;
		out->value.text = vector_text(at, &out->room);
	} else {
		vector_scalar(at, kind, out);
	}
}

#endif
