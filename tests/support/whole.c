/*
 * A store at rest, opened for each question.
 */
#include "tests/support/whole.h"

#include "tests/support/must.h"

void
must_be_whole_at(const char *path)
{
	const coffer_verify_options options = {0};
	coffer_verify_summary summary;
	coffer_error error = {0};

	must(coffer_verify(path, &options, &summary, &error), &error);
	assert_int_equal(summary.findings, 0);
}

void
must_digest(const char *path, uint8_t digest[COFFER_DIGEST_SIZE])
{
	coffer_store *store;
	coffer_txn *txn;
	coffer_error error = {0};

	must(coffer_store_open(path, &store, &error), &error);
	must(coffer_txn_begin(store, &txn, &error), &error);
	must(coffer_store_digest(txn, digest, &error), &error);
	coffer_txn_end(txn);
	coffer_store_close(store);
}
