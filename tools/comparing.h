/* What diff and reconcile share: two sides, a part of them, and where what was found goes. */
#ifndef TOOLS_COMPARING_H
#define TOOLS_COMPARING_H

#include "differences.h"
#include "moving.h"
#include "part.h"
#include "reading.h"

struct coffer_comparing {
	struct coffer_part part;
	struct coffer_progress_line line;
	coffer_transfer_options options; /* of the source */
	struct coffer_reading left;
	struct coffer_source *right;
	struct coffer_output output;
	bool is_output_open;
	struct coffer_differences differences;
};

/* Read the options. Returns an exit code, everything said. Release always. */
int
coffer_comparing_init(struct coffer_comparing *comparing, struct coffer_arguments *arguments);
void
coffer_comparing_release(struct coffer_comparing *comparing);

/* Open the left side's store, or whatever else it is by way of a temporary store that has no name any more. */
coffer_status
coffer_comparing_open_left(struct coffer_comparing *comparing, const char *name,
			   coffer_error *error);
/* Open the source, check that what is selected is on both sides, and open the output. */
coffer_status
coffer_comparing_open_right(struct coffer_comparing *comparing, const char *name,
			    const struct coffer_arguments *arguments, coffer_error *error);

/* Compare, the result printed but for its end. */
coffer_status
coffer_comparing_run(struct coffer_comparing *comparing, struct coffer_compare_summary *summary,
		     coffer_error *error);

/* Close the output or, where it was not open yet, say what failed; returns the exit code. */
int
coffer_comparing_end(struct coffer_comparing *comparing, const struct coffer_arguments *arguments,
		     coffer_status status, bool is_different, coffer_error *error);

#endif
