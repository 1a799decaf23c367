/* What import and export share: rows that move between a store and what is elsewhere. */
#ifndef TOOLS_MOVING_H
#define TOOLS_MOVING_H

#include "counts.h"
#include "postgres_link.h"
#include "progress.h"
#include "transfer/source.h"

/* Refuse what is no source of any kind. Returns an exit code. */
int
coffer_moving_check(const struct coffer_arguments *arguments, const char *source);

/* What an export's TARGET is. */
enum coffer_target {
	COFFER_TARGET_NONE,
	COFFER_TARGET_SERVER,
	COFFER_TARGET_FOLDER,
	COFFER_TARGET_SQL, /* a file, or standard output */
};
enum coffer_target
coffer_moving_target(const struct coffer_arguments *arguments, const char *name);

/* Is --create, --append, --upsert or --replace given: what becomes of tables that a database has? */
bool
coffer_moving_has_mode(const struct coffer_arguments *arguments);

/* Say what forms a target may have; returns the exit code. */
int
coffer_moving_refuse_target(const struct coffer_arguments *arguments);

/* Is it a store, or a name of nothing, rather than a source of another kind? */
bool
coffer_moving_is_store(const char *name);

/* Is it a dump, which may have several schemas? */
bool
coffer_moving_is_dump(const char *name);

/* Open whatever SOURCE names. Close it with coffer_source_close. */
coffer_status
coffer_moving_open(const char *name, const coffer_transfer_options *options,
		   struct coffer_source **source_out, coffer_error *error);

/* Options that draw `line` and print warnings. */
coffer_transfer_options
coffer_moving_options(struct coffer_arguments *arguments, struct coffer_progress_line *line);

/* Read --connections, which is for servers. Returns an exit code. */
int
coffer_moving_connections(const struct coffer_arguments *arguments, const char *source,
			  unsigned *connections_out);

/* Of these options where the line shall tell the time left. */
void
coffer_moving_expect(void *line, uint64_t rows);

/* Say how it ended; `verb` is "imported", `counts` may be NULL. Returns the exit code. */
int
coffer_moving_end(const struct coffer_arguments *arguments, const char *path, const char *verb,
		  const struct coffer_progress_line *line, coffer_status status,
		  const coffer_transfer_summary *summary, const struct coffer_counts *counts,
		  coffer_error *error);

#endif
