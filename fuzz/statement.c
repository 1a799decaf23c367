/*
 * Property: where statements end is found alike however the text comes in pieces, and is where SQLite would say so: what stands up
 * to an end is complete, what stands in front of an earlier semicolon is not. SQLite waits for the END of a trigger, coffer
 * lets none in: texts with that word are only cut.
 *
 * Input: a byte that says how long pieces are, then the text.
 */
#include "fuzz/demand.h"

#include "tools/statement_end.h"

#include <sqlite3.h>
#include <string.h>
#include <strings.h>

enum { STATEMENTS_MAX = 64, SIZE_MAX_TRIED = 4096 };

struct found {
	size_t ends[STATEMENTS_MAX];
	size_t count;
	bool has_content; /* of what is left */
};

static void
find(const char *text, size_t size, size_t piece, struct found *found)
{
	struct coffer_statement_end end = {0};

	for (size_t at = 0; at < size;) {
		size_t left = size - at < piece ? size - at : piece;
		bool is_ended;
		size_t taken = coffer_statement_end_find(&end, text + at, left, &is_ended);

		demand(taken && taken <= left && (is_ended || taken == left));
		at += taken;
		demand(!is_ended || (text[at - 1] == ';' && !end.within && !end.has_content));
		if (is_ended && found->count < STATEMENTS_MAX)
			found->ends[found->count++] = at;
	}
	found->has_content = end.has_content;
}

static bool
has_trigger(const char *text)
{
	static const char word[] = "trigger";

	for (; *text; text++)
		if (!strncasecmp(text, word, sizeof(word) - 1))
			return true;
	return false;
}

/* Each semicolon of the statement makes it complete exactly when it is its last byte. */
static void
check_complete(char *statement, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		char behind = statement[i + 1];

		if (statement[i] != ';')
			continue;
		statement[i + 1] = '\0';
		demand((sqlite3_complete(statement) != 0) == (i + 1 == size));
		statement[i + 1] = behind;
	}
}

static void
check_all(const char *text, size_t size, const struct found *found)
{
	char statement[SIZE_MAX_TRIED + 2];
	size_t from = 0;

	if (size > SIZE_MAX_TRIED || memchr(text, '\0', size))
		return;
	for (size_t i = 0; i < found->count; i++) {
		size_t end = found->ends[i];

		memcpy(statement, text + from, end - from);
		statement[end - from] = statement[end - from + 1] = '\0';
		if (has_trigger(statement))
			return;
		check_complete(statement, end - from);
		from = end;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	struct found whole = {.count = 0}, pieces = {.count = 0};

	if (!size)
		return 0;
	find(text, size - 1, size, &whole);
	find(text, size - 1, 1 + data[0] % 16u, &pieces);
	demand(whole.count == pieces.count && whole.has_content == pieces.has_content &&
	       !memcmp(whole.ends, pieces.ends, sizeof(whole.ends)));
	check_all(text, size - 1, &whole);
	return 0;
}
