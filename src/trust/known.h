/*
 * What is known of stores on this machine. Nothing in a stranger's file counts, so that it was verified is remembered
 * outside of it. A store is known while device, inode and time of birth are the same, and of a sealed one size and change
 * time too. What follows from that is up to who asks.
 */
#ifndef TRUST_KNOWN_H
#define TRUST_KNOWN_H

#include "coffer.h"

/* What tells one file from another, and one state of it from the next. */
struct coffer_known_file {
	uint64_t device, inode, size;
	int64_t born, changed; /* seconds since 1970; `born` is 0 where the file system does not tell */
	uint32_t born_nanoseconds, changed_nanoseconds;
};

enum coffer_standing {
	COFFER_STANDING_UNKNOWN,
	COFFER_STANDING_SEALED, /* verified, or made, here, and not changed since */
	COFFER_STANDING_LIVE,   /* the same, and written by coffer here since: size and time of change go on */
};

/* Look at a file, following links. False: there is none, or it is no regular file. */
bool
coffer_known_identify(const char *path, struct coffer_known_file *identity_out);

enum coffer_standing
coffer_known_look_up(const struct coffer_known_file *identity);

/* Remember that the store is whole; `is_live`: it is about to be written here. False: it could not be remembered. */
bool
coffer_known_remember(const struct coffer_known_file *identity, bool is_live);

/* Where it is remembered, for messages; to be freed. NULL: nowhere. */
char *
coffer_known_path(const struct coffer_known_file *identity);

/*
 * Verify a store of which nothing is known, up to the first finding. `progress` and `progress_context` are as in
 * coffer_verify_options and may be NULL.
 *
 * COFFER_CORRUPT  damaged: the error names the first finding
 * and what coffer_verify returns
 */
COFFER_CHECKED coffer_status
coffer_known_verify(const char *path, coffer_progress progress, void *progress_context,
		    coffer_error *error);

#endif
