/*
 * Inside the reading of a tree: one look at the next token, one step over it.
 */
#ifndef COFFER_SCHEMA_PRISMA_TREE_H
#define COFFER_SCHEMA_PRISMA_TREE_H

#include "schema/prisma.h"

void
coffer_prisma_skip_lines(struct coffer_prisma *prisma);
bool
coffer_prisma_is_mark(const struct coffer_prisma *prisma, char mark);
/* Step over `mark` if it is next. */
bool
coffer_prisma_take_mark(struct coffer_prisma *prisma, char mark);
/* Step over a word and return it; else fail ("`what` expected") and return "". */
const char *
coffer_prisma_take_word(struct coffer_prisma *prisma, const char *what);

/* An attribute behind its '@'; NULL after a failure. */
struct coffer_prisma_attribute *
coffer_prisma_read_attribute(struct coffer_prisma *prisma);

#endif
