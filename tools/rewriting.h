/* What compact and prune share: a store that is written anew, in its place or in another. */
#ifndef TOOLS_REWRITING_H
#define TOOLS_REWRITING_H

#include "progress.h"

struct coffer_rewriting {
	struct coffer_arguments *arguments;
	struct coffer_progress_line line;
	coffer_store *store;     /* NULL once it was given away */
	const char *path;        /* of what is written */
	uint64_t bytes_before;
	coffer_rewrite_options options;
	coffer_rewrite_summary summary;
};

/* Open FILE, and say where its folder, or NEW's, hardly has the room. The place of a failure is never empty. */
coffer_status
coffer_rewriting_open(struct coffer_rewriting *rewriting, struct coffer_arguments *arguments,
		      coffer_error *error);

/* Bytes of what was written. */
uint64_t
coffer_rewriting_bytes(const struct coffer_rewriting *rewriting);

/* Say where the provenance had no room for the step; returns the exit code of a rewriting that succeeded. */
int
coffer_rewriting_end(const struct coffer_rewriting *rewriting);

#endif
