/*
 * The part of a recipe that damages pages: fields of pages, nodes and metas set to other numbers. See tests/files/README.
 */
#ifndef COFFER_TESTS_RECIPE_PAGE_H
#define COFFER_TESTS_RECIPE_PAGE_H

/* page TREE PATH FIELD VALUE, in the file at `file`; `place` is the recipe's line. Fails the test at what it does not
 * understand. */
void
recipe_page(const char *file, const char *place, char **words);

/* meta newer|older FIELD VALUE */
void
recipe_meta(const char *file, const char *place, char **words);

#endif
