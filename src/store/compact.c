/*
 * A store written anew with all of its rows, so that nothing of what was deleted or replaced is left in the file.
 */
#include "store/rewrite.h"

coffer_status
coffer_store_compact(coffer_store *store, const coffer_rewrite_options *options,
		     coffer_rewrite_summary *summary_out, coffer_error *error)
{
	struct coffer_rewrite rewrite = {
		.store = store,
		.options = options,
		.step = "compact",
		.summary = summary_out,
	};
	coffer_status status = coffer_rewrite_open(&rewrite, error);

	if (!status)
		status = coffer_rewrite_write(&rewrite, error);
	if (!status)
		status = coffer_rewrite_finish(&rewrite, error);
	coffer_rewrite_close(&rewrite);
	return status;
}
