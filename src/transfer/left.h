/*
 * What a schema has and coffer does not carry: one set of kinds and of words for a server's
 * catalogue and for a dump's statements, in the order in which they are said.
 */
#ifndef COFFER_TRANSFER_LEFT_H
#define COFFER_TRANSFER_LEFT_H

#include "coffer.h"

enum coffer_left_kind {
	COFFER_LEFT_FUNCTION,
	COFFER_LEFT_PROCEDURE,
	COFFER_LEFT_AGGREGATE,
	COFFER_LEFT_TRIGGER,
	COFFER_LEFT_RULE,
	COFFER_LEFT_POLICY,
	COFFER_LEFT_ROW_SECURITY,
	COFFER_LEFT_INHERITANCE,
	COFFER_LEFT_FOREIGN_TABLE,
	COFFER_LEFT_TYPED_TABLE,
	COFFER_LEFT_COMPOSITE_TYPE,
	COFFER_LEFT_TYPE,
	COFFER_LEFT_TYPE_ELSEWHERE,
	COFFER_LEFT_COLLATION,
	COFFER_LEFT_OPERATOR,
	COFFER_LEFT_OPERATOR_CLASS,
	COFFER_LEFT_TEXT_SEARCH,
	COFFER_LEFT_STATISTICS,
	COFFER_LEFT_PUBLICATION,
	COFFER_LEFT_EXTENSION_TABLE,
	COFFER_LEFT_ACCESS_METHOD,
	COFFER_LEFT_VIEW_COLUMN_COMMENT,
	COFFER_LEFT_VIEW_COLUMN_DEFAULT,
	COFFER_LEFT_CONSTRAINT_INDEX_COMMENT,
	COFFER_LEFT_COLUMN_SETTINGS,
	COFFER_LEFT_NOT_NULL,
	COFFER_LEFT_EXTENSION,
	COFFER_LEFT_KINDS,
};

/*
 * Say that these members of a kind are not carried: few get a line each, many a single line. Names
 * are quoted where SQL would quote them.
 */
void
coffer_left_say(enum coffer_left_kind kind, const char *const *names, size_t count,
		void (*warn)(void *context, const char *message), void *warn_context);

#endif
