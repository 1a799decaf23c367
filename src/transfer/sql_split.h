/*
 * Where a statement ends, found in bytes that come in pieces: a place in the middle of a quote,
 * comment or bracket is kept from piece to piece.
 */
#ifndef COFFER_TRANSFER_SQL_SPLIT_H
#define COFFER_TRANSFER_SQL_SPLIT_H

#include "coffer.h"

enum coffer_split_place {
	COFFER_SPLIT_CODE,
	COFFER_SPLIT_WORD,
	COFFER_SPLIT_DASH,  /* behind one '-' */
	COFFER_SPLIT_SLASH, /* behind one '/' */
	COFFER_SPLIT_LINE,  /* in a comment to the end of the line */
	COFFER_SPLIT_BLOCK, /* in a comment between slashes */
	COFFER_SPLIT_QUOTE,
	COFFER_SPLIT_QUOTED, /* behind a quote's end, which a doubled one is not */
	COFFER_SPLIT_TAG,    /* in the first "$tag$" */
	COFFER_SPLIT_DOLLAR, /* behind it */
};

/* Private. */
struct coffer_splitter {
	bool has_backslashes, is_row;
	enum coffer_split_place place;
	char quote, last; /* the quote that is open; the byte before this one */
	bool has_escapes, is_escaped;
	size_t brackets, comments, bodies; /* that are open */
	uint64_t rows; /* brackets that were opened outside of others: as many rows of VALUES */
	char tag[COFFER_NAME_SIZE_MAX + 3];
	size_t tag_size, tag_at;
	char word[12];
	size_t word_size, words;
	/* The first letters of the first words; 0 of others than "create or replace function". */
	char heads[4];
};

/*
 * Begin at the first byte of a statement, which ends with a semicolon, or with `is_row` at the
 * bracket that opens a row of VALUES, which ends with the bracket that closes it.
 */
void
coffer_split_begin(struct coffer_splitter *splitter, bool has_backslashes, bool is_row);

/* Step over bytes up to and with the end; returns how many. `is_done_out`: the end was there. */
size_t
coffer_split(struct coffer_splitter *splitter, const char *bytes, size_t size, bool *is_done_out);

/*
 * Is what was stepped over open, so that an end in sight does not count: "a quote", "a comment"?
 * NULL: no.
 */
const char *
coffer_split_open(const struct coffer_splitter *splitter);

#endif
