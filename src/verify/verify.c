/*
 * The whole check: every tree is read once, in this order, since rows need the pool and both need the catalogue.
 *
 *   pages --> catalogue --> trees --> dictionaries --> pool --> each table: rows and long values --> its indexes
 *
 * SPEC.md 9.
 */
#include "verify/verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void
check_all(struct coffer_verifier *verifier)
{
	coffer_verify_trees(verifier);
	if (verifier->features & COFFER_FEATURE_ROLLUPS)
		coffer_verify_rollup_secrets(verifier);
	if (!verifier->is_over)
		coffer_verify_dictionaries(verifier);
	if (!verifier->is_over)
		coffer_verify_catalogue(verifier);
	if (!verifier->is_over)
		coffer_verify_pool(verifier);
	for (uint32_t table = 0; !verifier->is_over && table < verifier->schema->table_count;
	     table++)
		if (verifier->schema->tables[table].id)
			coffer_verify_table(verifier, table);
}

/* With `origin` NULL the file at `path`. */
static coffer_status
open_disk(struct coffer_verifier *verifier, const char *path, const coffer_origin *origin,
	  coffer_error *error)
{
	coffer_status status;

	verifier->texts = calloc(COFFER_VERIFY_TEXTS, sizeof(*verifier->texts));
	if (!verifier->texts)
		return coffer_error_set(error, COFFER_NO_MEMORY, "no memory to verify");
	if (getrandom(verifier->secret, sizeof(verifier->secret), 0) !=
	    (ssize_t)sizeof(verifier->secret))
		return coffer_error_set(error, COFFER_IO, "no random bytes: %s", strerror(errno));
	status = origin ? coffer_disk_open_origin(origin, &verifier->disk, error)
			: coffer_disk_open(path, &verifier->disk, error);
	if (status)
		return status;
	return coffer_disk_snapshot(verifier->disk, &verifier->snapshot, error);
}

static void
release(struct coffer_verifier *verifier)
{
	coffer_snapshot_end(verifier->snapshot);
	coffer_disk_close(verifier->disk);
	coffer_verify_frames_release(verifier);
	coffer_schema_free(verifier->schema);
	free(verifier->damaged);
	free(verifier->codes);
	free(verifier->texts);
}

static coffer_status
verify(const char *path, const coffer_origin *origin, const coffer_verify_options *options,
       coffer_verify_summary *summary_out, coffer_error *error)
{
	static const coffer_verify_options none;
	coffer_verify_summary unused = {0};
	struct coffer_verifier verifier = {
		.options = options ? options : &none,
		.summary = summary_out ? summary_out : &unused,
		.error = error,
		.pool = COFFER_NO_TREE,
		.pool_hash = COFFER_NO_TREE,
		.dictionary = COFFER_NO_TREE,
	};

	*verifier.summary = (coffer_verify_summary){0};
	verifier.status = open_disk(&verifier, path, origin, error);
	if (!verifier.status)
		coffer_verify_structure(&verifier);
	if (!verifier.is_over && !verifier.status && coffer_verify_open_catalogue(&verifier))
		check_all(&verifier);
	release(&verifier);
	return verifier.status;
}

coffer_status
coffer_verify(const char *path, const coffer_verify_options *options,
	      coffer_verify_summary *summary_out, coffer_error *error)
{
	coffer_status status = verify(path, NULL, options, summary_out, error);

	if (status)
		coffer_error_at(error, "%s", path);
	return status;
}

coffer_status
coffer_verify_origin(const coffer_origin *origin, const coffer_verify_options *options,
		     coffer_verify_summary *summary_out, coffer_error *error)
{
	return verify(NULL, origin, options, summary_out, error);
}
