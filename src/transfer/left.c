/*
 * The words for what is not carried. A kind with few members gets a line a member, one with many a
 * single line that names the first.
 */
#include "transfer/left.h"

#include <stdio.h>
#include <string.h>

enum {
	ALONE_MAX = 3, /* so many of a kind have lines of their own */
	NAMED_MAX = 8, /* so many are named in the line of many */
};

static const struct {
	const char *one, *many; /* "trigger %s is" not carried */
} kinds[COFFER_LEFT_KINDS] = {
	[COFFER_LEFT_FUNCTION] = {"function %s is not carried", "%d functions are not carried: "},
	[COFFER_LEFT_PROCEDURE] = {"procedure %s is not carried",
				   "%d procedures are not carried: "},
	[COFFER_LEFT_AGGREGATE] = {"aggregate %s is not carried",
				   "%d aggregates are not carried: "},
	[COFFER_LEFT_TRIGGER] = {"trigger %s is not carried", "%d triggers are not carried: "},
	[COFFER_LEFT_RULE] = {"rule %s is not carried", "%d rules are not carried: "},
	[COFFER_LEFT_POLICY] = {"policy %s is not carried", "%d policies are not carried: "},
	[COFFER_LEFT_ROW_SECURITY] = {"row level security of table %s is not carried",
				      "row level security of %d tables is not carried: "},
	[COFFER_LEFT_INHERITANCE] = {"inheritance of table %s is not carried",
				     "inheritance of %d tables is not carried: "},
	[COFFER_LEFT_FOREIGN_TABLE] = {"foreign table %s is not carried",
				       "%d foreign tables are not carried: "},
	[COFFER_LEFT_TYPED_TABLE] =
		{"table %s of a composite type is carried as an ordinary one",
		 "%d tables of a composite type are carried as ordinary ones: "},
	[COFFER_LEFT_COMPOSITE_TYPE] = {"composite type %s is not carried",
					"%d composite types are not carried: "},
	[COFFER_LEFT_TYPE] = {"type %s is not carried", "%d types are not carried: "},
	[COFFER_LEFT_TYPE_ELSEWHERE] = {"type %s of another schema is used and not carried",
					"%d types of other schemas are used and not carried: "},
	[COFFER_LEFT_COLLATION] = {"collation %s is not carried",
				   "%d collations are not carried: "},
	[COFFER_LEFT_OPERATOR] = {"operator %s is not carried", "%d operators are not carried: "},
	[COFFER_LEFT_OPERATOR_CLASS] = {"operator class %s is not carried",
					"%d operator classes are not carried: "},
	[COFFER_LEFT_TEXT_SEARCH] = {"text search object %s is not carried",
				     "%d text search objects are not carried: "},
	[COFFER_LEFT_STATISTICS] = {"extended statistics %s are not carried",
				    "%d extended statistics are not carried: "},
	[COFFER_LEFT_PUBLICATION] = {"publication of table %s is not carried",
				     "publication of %d tables is not carried: "},
	[COFFER_LEFT_EXTENSION_TABLE] = {"table %s belongs to an extension and is not carried",
					 "%d tables belong to extensions and are not carried: "},
	[COFFER_LEFT_ACCESS_METHOD] =
		{"access method or tablespace of %s is not carried",
		 "access methods or tablespaces of %d relations are not carried: "},
	[COFFER_LEFT_VIEW_COLUMN_COMMENT] = {"comment of column %s of a view is not carried",
					     "comments of %d columns of views are not carried: "},
	[COFFER_LEFT_VIEW_COLUMN_DEFAULT] = {"default of column %s of a view is not carried",
					     "defaults of %d columns of views are not carried: "},
	[COFFER_LEFT_CONSTRAINT_INDEX_COMMENT] =
		{"comment of index %s of a constraint is not carried",
		 "comments of %d indexes of constraints are not carried: "},
	[COFFER_LEFT_COLUMN_SETTINGS] =
		{"storage or statistics settings of column %s are not carried",
		 "storage or statistics settings of %d columns are not carried: "},
	[COFFER_LEFT_NOT_NULL] = {"NOT NULL of column %s is not valid and not carried",
				  "NOT NULL of %d columns is not valid and not carried: "},
	[COFFER_LEFT_EXTENSION] =
		{"extension %s is used and not carried: the target needs it",
		 "%d extensions are used and not carried, the target needs them: "},
};

/* `pattern` with its one %s or %d replaced. The patterns are those of the table above alone. */
static void
fill(char *out, size_t capacity, const char *pattern, const char *word)
{
	const char *percent = strchr(pattern, '%');

	snprintf(out, capacity, "%.*s%s%s", (int)(percent - pattern), pattern, word, percent + 2);
}

static void
say_many(enum coffer_left_kind kind, const char *const *names, size_t count,
	 void (*warn)(void *context, const char *message), void *warn_context)
{
	char head[128], list[900] = "", line[1024], number[24];
	size_t used = 0, at;

	snprintf(number, sizeof(number), "%zu", count);
	fill(head, sizeof(head), kinds[kind].many, number);
	for (at = 0; at < count && at < NAMED_MAX && used < sizeof(list); at++)
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", at ? ", " : "",
					 names[at]);
	if (at < count)
		snprintf(line, sizeof(line), "%s%.700s and %zu more", head, list, count - at);
	else
		snprintf(line, sizeof(line), "%s%.700s", head, list);
	warn(warn_context, line);
}

void
coffer_left_say(enum coffer_left_kind kind, const char *const *names, size_t count,
		void (*warn)(void *context, const char *message), void *warn_context)
{
	char line[512];

	if (count > ALONE_MAX) {
		say_many(kind, names, count, warn, warn_context);
		return;
	}
	for (size_t at = 0; at < count; at++) {
		fill(line, sizeof(line), kinds[kind].one, names[at]);
		warn(warn_context, line);
	}
}
